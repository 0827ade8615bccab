"""Reads: what is suspended, for its customer and for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.disputes.rules import suspension_criteria
from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.models import LotSuspension, Transfer
from jewelrymodel.ledger.movement_kinds import CauseKind, Side
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import ChargeDispute, SubscriptionSuspension
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.support import queries as support
from jewelrymodel.support.models import Case

_JOBS_END_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Scope:
    """One thing that is suspended, or was, because of a dispute."""

    words: str
    since_at: datetime
    until_at: datetime | None


def suspensions(*, account_id: str) -> list[DisputeWork]:
    """Return what suspends something in the account now, oldest first."""
    rows = DisputeWork.objects.filter(suspended=True, dispute__account_id=account_id)
    return list(rows.select_related("dispute__charge__order").order_by("dispute__opened_at"))


def work(*, dispute_id: str, account_id: str | None = None) -> DisputeWork:
    """Return the work on one dispute, of *account_id* where one is given.

    Raises DisputeWork.DoesNotExist.
    """
    rows = DisputeWork.objects.select_related("dispute__charge__order", "dispute__account")
    if account_id is not None:
        rows = rows.filter(dispute__account_id=account_id)
    return rows.get(pk=dispute_id)


def works_of_order(*, account_id: str, order_id: str) -> list[DisputeWork]:
    """Return the work on the disputes of one of the account's orders, newest first."""
    rows = DisputeWork.objects.select_related("dispute__charge__order")
    rows = rows.filter(dispute__account_id=account_id, dispute__charge__order_id=order_id)
    return list(rows.order_by("-dispute__opened_at"))


def scopes(dispute: ChargeDispute) -> list[Scope]:
    """Return what a dispute suspended, each from its row in the ledger or the subscriptions.

    Downloads have no row of their own: they follow the credits that their images were made with.
    """
    credit_rows = LotSuspension.objects.filter(cause_kind=CauseKind.DISPUTE, cause_id=dispute.pk)
    plan_rows = SubscriptionSuspension.objects.filter(cause_id=dispute.pk)
    credits_words = _("Credits from this order, and downloads of images made with them")
    plan_words = _("The subscription, for the billing period this charge paid for")
    return [
        *_spans(credits_words, credit_rows.values_list("created_at", "reinstated_at")),
        *_spans(plan_words, plan_rows.values_list("created_at", "reinstated_at")),
    ]


def _spans(words: str, times: Iterable[tuple[datetime, datetime | None]]) -> list[Scope]:
    return [Scope(words, *span) for span in sorted(set(times), key=lambda span: span[0])]


def unnotified() -> list[str]:
    """Return the ids of disputes whose customer doesn't know the last turn yet."""
    return list(
        DisputeWork.objects.filter(notified_turn__lt=F("turns")).values_list(
            "dispute_id", flat=True
        )
    )


def uncomputed() -> list[str]:
    """Return the ids of disputes that were looked at since their work was last computed."""
    stale = Q(work__isnull=True) | Q(work__updated_at__lt=F("seen_at"))
    return list(ChargeDispute.objects.filter(stale).values_list("id", flat=True))


def owing_more(*, now: datetime) -> list[str]:
    """Return the ids of lost disputes of which more is spent than was recorded as debt.

    A task that held credits when the bank decided may capture them afterwards.
    """
    rows = DisputeWork.objects.filter(lost=True, updated_at__gte=now - _JOBS_END_WITHIN)
    ids = []
    for one in rows.select_related("dispute__charge"):
        bought = ledger.purchase(one.dispute.account_id, one.dispute.charge.order_id, now)
        if bought.used > one.debt_credits:
            ids.append(one.pk)
    return ids


def contacted_before(dispute: ChargeDispute) -> bool:
    """Return whether the customer had written to us before the bank was asked.

    A mail from the buyer's address counts although nobody has proven yet who sent it: it only ever
    speaks for the customer.
    """
    at, email = dispute.opened_at, dispute.charge.order.buyer_email
    if support.contacted_before(account_id=dispute.account_id, at=at):
        return True
    unproven = Case.objects.filter(account__isnull=True, email__iexact=email, check_name="")
    return unproven.filter(opened_at__lt=at).exists()


def law_right(dispute: ChargeDispute) -> bool:
    """Return whether the buyer could still withdraw by law when the dispute was opened."""
    order = dispute.charge.order
    return suspension_criteria.has_law_right(
        ends_at=withdrawals.ends_at(order, paid_at=dispute.charge.charged_at),
        legal_class=order.product_version.legal_class,
        consents=[one["id"] for one in order.consents],
        opened_at=dispute.opened_at,
    )


def bought_something(dispute: ChargeDispute) -> bool:
    """Return whether the disputed charge brought anything: only an order's first one does."""
    order = dispute.charge.order
    first = payments.charges_of_order(order_id=order.pk)[0]
    return order.delivered_at is not None and first.pk == dispute.charge_id


def tasks_paid_with(dispute: ChargeDispute, *, before: datetime) -> list[tuple[Task, bool]]:
    """Return the tasks that ended by then and took credits of the disputed order, oldest first.

    Each with whether it took, or still holds, credits for what it did not deliver (5.3).
    """
    order, tasks = dispute.charge.order, []
    ended = generation.ended_tasks(since=order.created_at, before=before)
    for task in ended.filter(account_id=dispute.account_id):
        fate = ledger.hold_fate(task.account_id, task.hold_id)
        if order.pk in fate.order_ids:
            owes = fate.is_open or fate.captured > generation.delivered_credits(task)
            tasks.append((task, owes))
    return tasks


def owes(dispute: ChargeDispute) -> bool:
    """Return whether a task had credits of the disputed order for nothing when it was opened."""
    return any(owed for _, owed in tasks_paid_with(dispute, before=dispute.opened_at))


def owed(lot_ids: tuple[str, ...]) -> int:
    """Return how many spent credits of these lots are recorded as debt already."""
    debts = Transfer.objects.filter(to_lot_id__in=lot_ids, to_kind=Side.DEBT)
    return sum(debts.values_list("quantity", flat=True))
