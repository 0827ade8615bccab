"""Disputes at the desk: due first, what is suspended and why, and what our records say."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.disputes import queries, rules, weighing
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.disputes.weighing import Point, Stance
from jewelrymodel.infra import clock
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import ChargeDispute
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.values import RequestFacts, Subject, SubjectKind
from jewelrymodel.web.decisions import Shown
from jewelrymodel.web.desk.door import StaffRequest, for_staff


@require_safe
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """List every dispute, those that are open first."""
    found = payments.all_disputes()
    rows = [(one, _work(one.pk), _plain(one.reason), _plain(one.status)) for one in found]
    return render(request, "desk/disputes.html", {"rows": rows})


@require_safe
@for_staff()
def dispute(request: StaffRequest, dispute_id: str) -> HttpResponse:
    """Show one dispute with what our own records say of its charge."""
    try:
        found = payments.dispute(dispute_id=dispute_id)
    except ChargeDispute.DoesNotExist:
        raise Http404 from None
    points = weighing.points(found, now=clock.now())
    shown, advice = _advice(found, points)
    context = {
        "dispute": found,
        "reason": _plain(found.reason),
        "state": _plain(found.status),
        "work": _work(dispute_id),
        "scopes": queries.scopes(found),
        "shown": shown,
        "advice": advice,
        "points": points,
    }
    return render(request, "desk/dispute.html", context)


def _plain(word: str) -> str:
    """A word of the processor's, for reading."""
    return word.replace("_", " ")


def _work(dispute_id: str) -> DisputeWork | None:
    try:
        return queries.work(dispute_id=dispute_id)
    except DisputeWork.DoesNotExist:
        return None


def _advice(found: ChargeDispute, points: list[Point]) -> tuple[Shown | None, str]:
    """The engine that decides refunds says whether to contest: it is the same question.

    One fact that speaks for the customer settles it, whatever else speaks for us.
    """
    facts = RequestFacts(
        account_id=found.account_id,
        ground=rules.ground_of(found.reason),
        subject=Subject(SubjectKind.ORDER, found.charge.order_id),
        requested_at=found.opened_at,
        identity_level=3,
    )
    try:
        shown = Shown(remedies.assess(request=facts, now=clock.now()).decision)
    except (ProcessorDown, ProcessorRefused):
        return None, _("The payment service can't be reached; look again in a while.")
    if not found.is_open:
        return shown, _("The bank has decided; there is nothing to answer.")
    if shown.remedies or any(one.stance is Stance.ACCEPT for one in points):
        return shown, _("Accept: our own records say that the customer is right.")
    if shown.leans_to_no or (points and not shown.asks):
        return shown, _("Contest: delivered, and no ground of the policy holds.")
    return shown, _("A person weighs it: our records alone don't settle it.")
