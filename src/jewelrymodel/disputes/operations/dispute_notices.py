"""Emails to the customer when a dispute suspends, reinstates or is lost: one for each turn."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.disputes import queries
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.infra import languages, mail
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.payments.models import Order


def notify_customer(*, dispute_id: str, now: datetime) -> bool:
    """Mail the customer the last turn: which charge, what is suspended, what ends it.

    Return whether a mail was sent. Sent before it is noted, so a crash repeats it; two at once
    send one.
    """
    with locked_in_transaction(f"disputes.tell:{dispute_id}"):
        work = queries.work(dispute_id=dispute_id)
        if work.notified_turn >= work.turns:
            return False
        _send_turn(work)
        DisputeWork.objects.filter(pk=dispute_id, notified_turn__lt=work.turns).update(
            notified_turn=work.turns
        )
    return True


def _send_turn(work: DisputeWork) -> None:
    with languages.speaking(accounts.language_of(account_id=work.dispute.account_id)):
        _compose_turn(work).send()


def _compose_turn(work: DisputeWork) -> EmailMessage:
    dispute, order = work.dispute, work.dispute.charge.order
    subject = _("Order %(label)s is available again")
    if work.suspended:
        subject = _("Order %(label)s is suspended during the dispute at your bank")
    if work.lost:
        subject = _("Your bank decided the dispute about order %(label)s")
    return mail.compose(
        to=order.buyer_email,
        subject=subject % {"label": order.label},
        text=render_to_string(
            "disputes/turn.txt",
            {"work": work, "dispute": dispute, "order": order, "url": _address(order)},
        ),
        reference=f"dispute-{work.pk}-{work.turns}",
    )


def _address(order: Order) -> str:
    return f"{settings.PUBLIC_URL}/billing/orders/{order.pk}/dispute"
