"""Looking for our own broken promises, mending them, and opening the case ourselves.

Each check names the promise that it keeps. It runs again and again, on several hosts at once: a
finding has one case for ever, and every mend is an operation that repeats nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from jewelrymodel.generation import queries as generation
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.values import RequestFacts, Subject, SubjectKind
from jewelrymodel.support import operations
from jewelrymodel.support.models import Case, ReconcilerRun
from jewelrymodel.support.values import Channel, Ground

PATIENCE = timedelta(minutes=5)
WATCHED = timedelta(days=30)
ACTOR = "system:reconcilers"


@dataclass(frozen=True)
class Finding:
    """One broken promise: whose, about what, and what we write into its case."""

    account_id: str
    email: str
    ground: Ground
    subject: Subject
    words: str

    @property
    def key(self) -> str:
        """What the finding is about, once for ever."""
        return f"{self.subject.kind}:{self.subject.id}"


@dataclass(frozen=True)
class Check:
    """A promise that is watched: its clause, in words, and how what breaks it is found."""

    name: str
    clause: str
    promise: str
    find: Callable[[datetime], Iterable[Finding]]
    every: timedelta = timedelta()


def run(*, now: datetime) -> dict[str, int]:
    """Run every check and return how many findings each had that were not known before."""
    return {check.name: _run(check, now) for check in CHECKS}


def _run(check: Check, now: datetime) -> int:
    last = ReconcilerRun.objects.filter(pk=check.name).first()
    if last is not None and now - check.every < last.ran_at <= now:
        return 0
    findings = list(check.find(now))
    new = mended = 0
    for finding in findings:
        known = Case.objects.filter(check_name=check.name, check_subject=finding.key).exists()
        if not known:
            new += 1
            mended += _mend(check, finding, now)
    waiting = Case.objects.filter(check_name=check.name, decision_id="", closed_at__isnull=True)
    with transaction.atomic():
        row, _ = ReconcilerRun.objects.get_or_create(
            check_name=check.name, defaults={"ran_at": now, "looked_at": 0}
        )
        ReconcilerRun.objects.filter(pk=row.pk).update(
            ran_at=now,
            looked_at=len(findings),
            found_ever=F("found_ever") + new,
            mended_ever=F("mended_ever") + mended,
            open_now=waiting.count(),
        )
    return new


def _mend(check: Check, finding: Finding, now: datetime) -> int:
    """Decide and carry out what the policy promises; what it doesn't settle waits for a person."""
    opening = operations.Opening(
        account_id=finding.account_id,
        email=finding.email,
        identity_level=3,
        channel=Channel.MACHINE,
        ground=finding.ground,
        subject=finding.subject,
        explanation=finding.words,
        check=(check.name, finding.key),
    )
    request = RequestFacts(
        account_id=finding.account_id,
        ground=finding.ground,
        subject=finding.subject,
        requested_at=now,
        identity_level=3,
    )
    try:
        case = operations.settle_at_once(opening=opening, request=request, actor=ACTOR, now=now)
    except (deciding.NotForAMachine, deciding.AlreadyRemedied, remedies.UnknownSubject):
        operations.open_case(opening=opening, now=now)
        return 0
    except (ProcessorDown, ProcessorRefused):
        return 0  # nothing was opened: the next run finds it again
    deciding.carry_out(decision_id=case.decision_id, now=now)
    return 1


def _of_order(order: Order, ground: Ground, words: str) -> Finding:
    subject = Subject(SubjectKind.ORDER, order.pk)
    return Finding(order.account_id, order.buyer_email, ground, subject, words)


def _paid_not_granted(now: datetime) -> Iterable[Finding]:
    for order in payments.paid_not_granted(before=now - PATIENCE):
        try:
            paid = paying.is_paid(account_id=order.account_id, order_id=order.pk)
        except (ProcessorDown, ProcessorRefused):
            continue
        if paid:
            yield _of_order(
                order, Ground.UNDELIVERED, f"{order.label} was paid and nothing was added for it."
            )


def _failed_not_restored(now: datetime) -> Iterable[Finding]:
    for task in generation.ended_tasks(since=now - WATCHED, before=now - PATIENCE):
        fate = ledger.hold_fate(task.account_id, task.hold_id)
        delivered = generation.delivered_credits(task)
        if fate.is_open or fate.captured > delivered:
            yield Finding(
                task.account_id,
                generation.email_of(task),
                Ground.FAILED_TASK,
                Subject(SubjectKind.TASK, task.pk),
                f"Job {task.pk} ended, and kept credits for what it did not deliver.",
            )


def _charged_after_cancel(now: datetime) -> Iterable[Finding]:
    for order in payments.charged_after_cancel():
        yield _of_order(
            order,
            Ground.CHARGED_AFTER_CANCEL,
            f"{order.label} was charged although the plan had been canceled.",
        )


def _charged_twice(now: datetime) -> Iterable[Finding]:
    for order in payments.charged_more_than_once(since=now - WATCHED):
        yield _of_order(order, Ground.DUPLICATE, f"{order.label} was charged more than once.")
    for earlier, later in payments.same_purchases(since=now - WATCHED):
        words = f"{later.label} repeats {earlier.label} within minutes; both were delivered."
        yield _of_order(later, Ground.DUPLICATE, words)


def _decided_not_paid(now: datetime) -> Iterable[Finding]:
    for decision in remedies.decisions_not_carried_out(before=now - timedelta(days=1)):
        for row in decision.remedies.filter(refund_id=""):
            yield Finding(
                decision.account_id,
                _owner(decision.account_id),
                Ground.OTHER,
                Subject(SubjectKind.ACCOUNT, decision.pk),
                f"Decision {decision.pk} owes {row.kind} since {decision.decided_at:%-d %B}.",
            )
    for decision in remedies.decisions_failed():
        yield Finding(
            decision.account_id,
            _owner(decision.account_id),
            Ground.OTHER,
            Subject(SubjectKind.ACCOUNT, decision.pk),
            f"What decision {decision.pk} owes could not be carried out.",
        )


def _disagrees(now: datetime) -> Iterable[Finding]:
    for charge in Charge.objects.filter(charged_at__gte=now - WATCHED).select_related("order"):
        try:
            seen = paying.look_at_charge(account_id=charge.account_id, charge_id=charge.pk, now=now)
        except (ProcessorDown, ProcessorRefused):
            continue
        if (seen.paid_minor, seen.refunded_minor) != (charge.paid_minor, charge.refunded_minor):
            words = f"The processor and our books disagree about charge {charge.pk}."
            yield _of_order(charge.order, Ground.ACCOUNT_ERROR, words)


def _owner(account_id: str) -> str:
    order = Order.objects.filter(account_id=account_id).order_by("created_at").first()
    return order.buyer_email if order else ""


CHECKS = (
    Check(
        "paid_not_granted",
        "4.5",
        "What was paid is in the account.",
        _paid_not_granted,
    ),
    Check(
        "failed_not_restored",
        "5.3",
        "A job keeps no credits for what it did not deliver.",
        _failed_not_restored,
    ),
    Check(
        "charged_after_cancel", "3.2", "Nothing is charged after canceling.", _charged_after_cancel
    ),
    Check("charged_twice", "6.1", "Nothing is charged twice.", _charged_twice),
    Check("decided_not_paid", "8.0", "What was decided is carried out.", _decided_not_paid),
    Check(
        "processor_and_ledger_disagree",
        "6.4",
        "The processor and our books say the same.",
        _disagrees,
        every=timedelta(hours=1),  # it asks the processor about every charge
    ),
)
