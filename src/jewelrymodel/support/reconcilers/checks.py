"""What we promise, and how what breaks it is found.

A check opens nothing; the processor's books are compared after what only lacked its news is booked.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q, Sum
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation import queries as generation
from jewelrymodel.infra import formats
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import OrderState, RefundState
from jewelrymodel.policy.amounts import Loss
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.policy.explanation import REMEDY_NAMES
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.remedies.models import RemedyRow
from jewelrymodel.remedies.rules import owed_credits
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.reconcilers import purchase_checks
from jewelrymodel.support.reconcilers.findings import WATCHED, Check, Finding, of_order

BOOKS = "processor_and_ledger_disagree"
PATIENCE = timedelta(minutes=5)
log = logging.getLogger(__name__)
_OWED = (RemedyState.PENDING_APPROVAL, RemedyState.PLANNED, RemedyState.STARTED)


def _paid_not_granted(now: datetime) -> Iterable[Finding]:
    """Also what a person has to look at before anything is added: always a case, whoever asks."""
    for order in payments.paid_not_granted(before=now - PATIENCE):
        if order.state == OrderState.REQUIRES_REVIEW:
            yield of_order(order, Category.UNDELIVERED, _held_words(order))
        elif _is_paid(order, now):
            words = format_lazy(
                _("{order} was paid, but its credits were not added."), order=order.label
            )
            yield of_order(order, Category.UNDELIVERED, words)


def _held_words(order: Order) -> Promise:
    charges = payments.charges_of_order(order_id=order.pk)
    if not charges:
        words = _("{order} couldn’t be completed; our team is reviewing its payment.")
        return format_lazy(words, order=order.label)
    return format_lazy(
        _("{order} was charged ({amounts}); our team is reviewing it before it is added."),
        order=order.label,
        amounts=_amounts(charges),
    )


def _amounts_now(charges: Iterable[Charge]) -> str:
    return ", ".join(formats.money(one.paid_minor, one.currency) for one in charges)


def _remedies_now(kinds: Iterable[str]) -> str:
    return ", ".join(gettext(REMEDY_NAMES[RemedyKind(one)]) for one in kinds)


def _amount_now(refund: Refund) -> str:
    return formats.money(refund.amount_minor, refund.currency)


_amounts, _remedies = lazy(_amounts_now, str), lazy(_remedies_now, str)


_amount = lazy(_amount_now, str)
_day = lazy(formats.day, str)
"""As the reader of a case writes them, who is known when it is opened."""


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
    ended = generation.ended_owing(since=now - WATCHED, before=now - PATIENCE)
    words = _("Generation {task} ended and used credits for images that it didn’t deliver.")
    return _owing(ended, Category.FAILED_TASK, lambda task: format_lazy(words, task=task))


def _damaged_not_restored(now: datetime) -> Iterable[Finding]:
    damaged = generation.damaged_owing(since=now - WATCHED, before=now - PATIENCE)
    words = _(
        "Our team confirmed a visibly damaged image of generation {task}, and its credits were not "
        "returned."
    )
    return _owing(damaged, Category.VISIBLY_BROKEN, lambda task: format_lazy(words, task=task))


def _owing(
    ended: list[generation.Ended], category: Category, words: Callable[[str], Promise]
) -> Iterable[Finding]:
    """A month of tasks takes as many queries as one task; what was given back before counts."""
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
            category,
            Subject(SubjectKind.TASK, task.task_id),
            words(task.task_id),
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
        words = format_lazy(
            _("{order} was charged after the subscription was canceled."), order=order.label
        )
        yield of_order(order, Category.CHARGED_AFTER_CANCEL, words)


def _decided_not_paid(now: datetime) -> Iterable[Finding]:
    refused = payments.refunds_refused(before=now - timedelta(days=1))
    for decision in remedies.decisions_not_carried_out(before=now - timedelta(days=1)):
        stuck = Q(refund_id="") | Q(refund_id__in=refused)
        owed = decision.remedies.filter(stuck, state__in=_OWED).order_by("kind")
        if owed:
            kinds = [row.kind for row in owed]
            yield Finding(
                decision.account_id,
                _owner(decision.account_id),
                Category.OTHER,
                Subject(SubjectKind.ACCOUNT, decision.pk),
                format_lazy(
                    _("What was decided on {day} is not carried out yet: {remedies}."),
                    day=_day(decision.decided_at.date()),
                    remedies=_remedies(kinds),
                ),
            )
    failed = remedies.decisions_failed()
    at_the_desk = queries.open_decisions([decision.pk for decision in failed])
    for decision in (one for one in failed if one.pk not in at_the_desk):
        yield Finding(
            decision.account_id,
            _owner(decision.account_id),
            Category.OTHER,
            Subject(SubjectKind.ACCOUNT, decision.pk),
            format_lazy(
                _("What was decided on {day} could not be carried out."),
                day=_day(decision.decided_at.date()),
            ),
        )
    yield from _failed_elsewhere(now)


def _failed_elsewhere(now: datetime) -> Iterable[Finding]:
    """Refunds that somebody made at the processor and that came back, were canceled, or don't go
    on: no decision follows them.
    """
    failed = _(
        "The refund of {amount} for {order} failed; our team is looking for another way to pay it."
    )
    canceled = _("The refund of {amount} for {order} was canceled; our team is looking into it.")
    stuck = _("The refund of {amount} for {order} is delayed; our team is looking into it.")
    for refund in payments.foreign_refunds_failed(since=now - WATCHED):
        words = canceled if refund.state == RefundState.CANCELED else failed
        yield _of_refund(refund, partial(format_lazy, words), refund.state)
    for refund in payments.foreign_refunds_stuck(before=now - timedelta(days=1)):
        yield _of_refund(refund, partial(format_lazy, stuck), "stuck")


def _of_refund(refund: Refund, words: Callable[..., Promise], stage: str) -> Finding:
    order = refund.charge.order
    return Finding(
        refund.account_id,
        order.buyer_email,
        Category.OTHER,
        Subject(SubjectKind.ACCOUNT, refund.pk),
        words(amount=_amount(refund), order=order.label),
        stage=stage,
    )


def _disagrees(now: datetime) -> Iterable[Finding]:
    window = {"since": now - WATCHED, "before": now - PATIENCE}
    keys = set[str]()
    for difference in (
        *paying.reconcile_charges(**window, now=now),
        *paying.reconcile_refunds(since=now - WATCHED, now=now),
        *paying.payments_back_beyond(),
    ):
        finding = differing(difference)
        if finding.key not in keys:
            keys.add(finding.key)
            yield finding


def _billed_unknown(now: datetime) -> Iterable[Finding]:
    differences = {one.processor_id: one for one in paying.overdue_renewals(now=now)}
    differences |= {one.processor_id: one for one in paying.reconcile_subscriptions(now=now)}
    return [differing(one) for one in differences.values()]


def differing(difference: paying.Difference) -> Finding:
    """Return what is found where our books and the processor's differ."""
    finding = of_order(difference.order, Category.ACCOUNT_ERROR, difference.words)
    finding = replace(finding, note=difference.note)
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
        gettext_noop("Every paid order is delivered."),
        _paid_not_granted,
    ),
    Check(
        "failed_not_restored",
        "5.3",
        gettext_noop("No generation costs credits for images it didn’t deliver."),
        _failed_not_restored,
    ),
    Check(
        "damaged_not_restored",
        "5.3",
        gettext_noop("No image that our team confirmed as damaged costs credits."),
        _damaged_not_restored,
    ),
    Check(
        "charged_after_cancel",
        "3.2",
        gettext_noop("No subscription is charged after cancellation."),
        _charged_after_cancel,
    ),
    Check(
        "charged_twice",
        "6.1",
        gettext_noop("No order is charged twice."),
        purchase_checks.charged_twice,
    ),
    Check(
        "two_plans_renew",
        "6.1",
        gettext_noop("No account pays for two subscriptions without having been asked."),
        purchase_checks.two_plans,
        asks=True,
    ),
    Check(
        "decided_not_paid", "8.0", gettext_noop("Every decision is carried out."), _decided_not_paid
    ),
    Check(
        "suspected_fraud",
        "9.1",
        gettext_noop("A charge that a bank suspects is looked at before it is disputed."),
        purchase_checks.suspected_fraud,
    ),
    Check(
        "billed_unknown",
        "3.2",
        gettext_noop("Every billed subscription can be seen and canceled here."),
        _billed_unknown,
        every=timedelta(hours=1),  # it lists every plan at the processor
    ),
    Check(
        BOOKS,
        "6.4",
        gettext_noop("Our records match the payment processor’s."),
        _disagrees,
        every=timedelta(hours=1),  # it lists a month of the processor's charges
    ),
)
