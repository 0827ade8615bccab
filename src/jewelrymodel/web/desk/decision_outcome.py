"""Carrying out a decision at once, and what its agent reads about how far that got."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jewelrymodel.infra import clock
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord


def carry_out(request: HttpRequest, decision: DecisionRecord) -> None:
    """Carry out a decision that was made, as far as that goes now, and say how far it went.

    While the processor can't be asked, the decision stands and is carried out later.
    """
    try:
        deciding.carry_out(decision_id=decision.pk, now=clock.now())
    except (ProcessorDown, ProcessorRefused):
        sentence = _("Decided. The payment processor can’t be reached; we’ll retry automatically.")
        messages.info(request, sentence)
        return
    if remedies.awaits_second_approval(decision):
        messages.info(request, _("Sent for second approval: above your limit."))
    else:
        messages.success(request, _("Decided. The customer is emailed about each step."))
