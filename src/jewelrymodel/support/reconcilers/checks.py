"""What we promise, and how what breaks it is found.

A check opens nothing; the processor's books are compared after what only lacked its news is booked.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from jewelrymodel.generation import queries as generation
from jewelrymodel.infra import formats
from jewelrymodel.kernel.money import in_words
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.policy.amounts import Loss
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.rules import owed_credits
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category

PATIENCE = timedelta(minutes=5)
WATCHED = timedelta(days=30)
log = logging.getLogger(__name__)
_OWED = (RemedyState.PENDING_APPROVAL, RemedyState.PLANNED, RemedyState.STARTED)


@dataclass(frozen=True)
class Finding:
    """One broken promise: whose, about what, and what we write into its case."""

    account_id: str
    email: str
    category: Category
    subject: Subject
    words: str

    @property
    def key(self) -> str:
        """What the finding is about."""
        return f"{self.subject.kind}:{self.subject.id}"


@dataclass(frozen=True)
class Check:
    """A promise that is watched: its clause, in words, and how what breaks it is found."""

    name: str
    clause: str
    promise: str
    find: Callable[[datetime], Iterable[Finding]]
    every: timedelta = timedelta()


def _of_order(order: Order, category: Category, words: str) -> Finding:
    subject = Subject(SubjectKind.ORDER, order.pk)
    return Finding(order.account_id, order.buyer_email, category, subject, words)


def _paid_not_granted(now: datetime) -> Iterable[Finding]:
    """Also what a person has to look at before anything is added: always a case, whoever asks."""
    for order in payments.paid_not_granted(before=now - PATIENCE):
        if order.state == OrderState.REQUIRES_REVIEW:
            yield _of_order(order, Category.UNDELIVERED, _held_words(order))
        elif _is_paid(order, now):
            words = f"{order.label} was paid, but its credits were not added."
            yield _of_order(order, Category.UNDELIVERED, words)


def _held_words(order: Order) -> str:
    charges = payments.charges_of_order(order_id=order.pk)
    if not charges:
        return f"{order.label} couldn’t be completed; our team is reviewing its payment."
    amounts = ", ".join(in_words(one.paid_minor, one.currency) for one in charges)
    return f"{order.label} was charged ({amounts}); our team is reviewing it before it is added."


def _is_paid(order: Order, now: datetime) -> bool:
    """One order that can't be looked at keeps no other from it."""
    try:
        return paying.look_up_payment(
            account_id=order.account_id, order_id=order.pk, now=now
        ).is_paid
    except (ProcessorDown, ProcessorRefused):
        return False
    except Exception:
        log.exception("the payment of order %s could not be looked at", order.pk)
        return False


def _failed_not_restored(now: datetime) -> Iterable[Finding]:
    """A month of tasks takes as many queries as one task; what was given back before counts."""
    ended = generation.ended_with_prices(since=now - WATCHED, before=now - PATIENCE)
    holds = ledger.kept_by_holds([task.hold_id for task in ended])
    suspects = [
        task for task in ended if task.hold_id in holds and _owes(task, holds[task.hold_id])
    ]
    given = _given_back([task.task_id for task in suspects])
    owing = [
        task for task in suspects if _owes(task, holds[task.hold_id], given.get(task.task_id, 0))
    ]
    emails = generation.emails_of({task.account_id for task in owing})
    for task in owing:
        yield Finding(
            task.account_id,
            emails.get(task.account_id, ""),
            Category.FAILED_TASK,
            Subject(SubjectKind.TASK, task.task_id),
            f"Generation {task.task_id} ended and used credits for images that it didn’t deliver.",
        )


def _owes(task: generation.Ended, hold: ledger.Kept, given: int = 0) -> bool:
    """Whether a decision would say so too: the same rule."""
    owed = owed_credits.owed_credits(
        ended=True,
        held=task.held,
        is_open=hold.is_open,
        captured=hold.captured,
        delivered=task.delivered,
        given=given,
    )
    return owed > 0


def _given_back(task_ids: Collection[str]) -> dict[str, int]:
    """The credits that earlier decisions gave for these tasks, whatever they called it.

    What made an outage good is the purchase's and no part of it, as ``remedies`` counts.
    """
    given = RemedyRow.objects.filter(
        decision__subject_kind=SubjectKind.TASK,
        decision__subject_id__in=task_ids,
        state=RemedyState.DONE,
    ).exclude(once_key__startswith=f"{Loss.OUTAGE}:")
    tasks = given.values("decision__subject_id").annotate(sum=Sum("credits"))
    return dict(tasks.values_list("decision__subject_id", "sum"))


def _charged_after_cancel(now: datetime) -> Iterable[Finding]:
    for order in payments.charged_after_cancel():
        yield _of_order(
            order,
            Category.CHARGED_AFTER_CANCEL,
            f"{order.label} was charged after the plan was canceled.",
        )


def _charged_twice(now: datetime) -> Iterable[Finding]:
    for order in payments.charged_more_than_once(since=now - WATCHED):
        yield _of_order(order, Category.DUPLICATE, f"{order.label} was charged more than once.")
    for earlier, later in payments.same_purchases(since=now - WATCHED):
        words = f"{later.label} was placed minutes after {earlier.label} for the same product."
        yield _of_order(later, Category.DUPLICATE, words)


def _decided_not_paid(now: datetime) -> Iterable[Finding]:
    refused = payments.refunds_refused(before=now - timedelta(days=1))
    for decision in remedies.decisions_not_carried_out(before=now - timedelta(days=1)):
        stuck = Q(refund_id="") | Q(refund_id__in=refused)
        owed = decision.remedies.filter(stuck, state__in=_OWED).order_by("kind")
        if owed:
            what = ", ".join(row.kind.replace("_", " ") for row in owed)
            yield Finding(
                decision.account_id,
                _owner(decision.account_id),
                Category.OTHER,
                Subject(SubjectKind.ACCOUNT, decision.pk),
                f"{_decided_on(decision)} is not carried out yet: {what}.",
            )
    failed = remedies.decisions_failed()
    at_the_desk = queries.open_decisions([decision.pk for decision in failed])
    for decision in (one for one in failed if one.pk not in at_the_desk):
        yield Finding(
            decision.account_id,
            _owner(decision.account_id),
            Category.OTHER,
            Subject(SubjectKind.ACCOUNT, decision.pk),
            f"{_decided_on(decision)} could not be carried out.",
        )


def _decided_on(decision: DecisionRecord) -> str:
    return f"What was decided on {formats.day(decision.decided_at.date())}"


def _disagrees(now: datetime) -> Iterable[Finding]:
    window = {"since": now - WATCHED, "before": now - PATIENCE}
    keys = set[str]()
    for difference in (
        *paying.reconcile_charges(**window, now=now),
        *paying.reconcile_refunds(since=now - WATCHED, now=now),
    ):
        finding = _differing(difference)
        if finding.key not in keys:
            keys.add(finding.key)
            yield finding


def _billed_unknown(now: datetime) -> Iterable[Finding]:
    return [_differing(difference) for difference in paying.reconcile_subscriptions(now=now)]


def _differing(difference: paying.Difference) -> Finding:
    finding = _of_order(difference.order, Category.ACCOUNT_ERROR, difference.words)
    if not difference.processor_id:
        return finding
    subject = Subject(SubjectKind.ACCOUNT, difference.processor_id)  # each is a loss of its own
    return replace(finding, subject=subject)


def _owner(account_id: str) -> str:
    order = Order.objects.filter(account_id=account_id).order_by("created_at").first()
    return order.buyer_email if order else ""


CHECKS = (
    Check(
        "paid_not_granted",
        "4.5",
        "Every paid order is delivered.",
        _paid_not_granted,
    ),
    Check(
        "failed_not_restored",
        "5.3",
        "No generation costs credits for images it didn’t deliver.",
        _failed_not_restored,
    ),
    Check(
        "charged_after_cancel",
        "3.2",
        "No subscription is charged after cancellation.",
        _charged_after_cancel,
    ),
    Check("charged_twice", "6.1", "No order is charged twice.", _charged_twice),
    Check("decided_not_paid", "8.0", "Every decision is carried out.", _decided_not_paid),
    Check(
        "billed_unknown",
        "3.2",
        "Every billed subscription can be seen and canceled here.",
        _billed_unknown,
        every=timedelta(hours=1),  # it lists every plan at the processor
    ),
    Check(
        "processor_and_ledger_disagree",
        "6.4",
        "Our records match the payment processor’s.",
        _disagrees,
        every=timedelta(hours=1),  # it lists a month of the processor's charges
    ),
)
