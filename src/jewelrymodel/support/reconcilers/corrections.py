"""Running the checks: each finding is mended as the policy says, or waits for a person."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.operations import Difference
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import RequestFacts
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import operations
from jewelrymodel.support.models import Case, ReconcilerRun
from jewelrymodel.support.operations.order_review import CHECK
from jewelrymodel.support.reconcilers.checks import BOOKS, CHECKS, differing
from jewelrymodel.support.reconcilers.findings import Check, Finding
from jewelrymodel.support.statuses import Channel

ACTOR = Actor.system("reconcilers")
LATE_AFTER = timedelta(minutes=10)

log = logging.getLogger(__name__)


def run(*, now: datetime) -> dict[str, int]:
    """Run every check that is due; return how many findings each had that were not known before.

    A check that fails is logged and left out: the other promises are watched all the same.
    """
    new = {}
    for check in CHECKS:
        try:
            if _is_due(check, now):
                new[check.name] = _run(check, now)
        except (ProcessorDown, ProcessorRefused) as problem:
            log.warning("check %s has to wait: %s", check.name, problem)
        except Exception:
            log.exception("check %s failed", check.name)
    return new


def report(difference: Difference, *, now: datetime) -> bool:
    """Open the case of a difference between the books, or mend it; return whether it is new."""
    finding = differing(difference)
    for check in (one for one in CHECKS if one.name == BOOKS):
        key = _key_of_new(check, finding)
        if key:
            _try_to_mend(check, finding, key, now)
            return True
    return False


def is_late(check: Check, last: ReconcilerRun | None, *, now: datetime) -> bool:
    """Return whether a check has not run for so long that nobody should rely on its counts."""
    return last is None or now - last.ran_at > check.every + LATE_AFTER


def _is_due(check: Check, now: datetime) -> bool:
    last = ReconcilerRun.objects.filter(pk=check.name).first()
    return last is None or not now - check.every < last.ran_at <= now


def _run(check: Check, now: datetime) -> int:
    findings = list(check.find(now))
    new = 0
    for finding in findings:
        key = _key_of_new(check, finding)
        if key:
            new += 1
            _try_to_mend(check, finding, key, now)
    _note(check, looked_at=len(findings), now=now)
    return new


def _key_of_new(check: Check, finding: Finding) -> str:
    """The key of the case that a finding needs; empty where it has one.

    What is found again although we mended it ourselves is a further loss, with a case of its own.
    """
    cases = list(_cases_of(check, finding.key).order_by("number"))
    if not cases:
        return finding.key
    return f"{finding.key}#{len(cases) + 1}" if _is_mended(cases[-1]) else ""


def _is_mended(case: Case) -> bool:
    ours = DecisionRecord.objects.filter(pk=case.decision_id, decided_by=str(ACTOR))
    undone = RemedyRow.objects.filter(decision_id=case.decision_id).exclude(state=RemedyState.DONE)
    return not case.is_open and ours.exists() and not undone.exists()


def _try_to_mend(check: Check, finding: Finding, key: str, now: datetime) -> None:
    """What goes wrong with one finding is no reason to leave the others; the next run retries."""
    try:
        _mend(check, finding, key, now)
    except Exception:
        log.exception("check %s could not mend %s", check.name, finding.key)


def _mend(check: Check, finding: Finding, key: str, now: datetime) -> None:
    """Decide and carry out what the policy promises; what it doesn't settle waits for a person."""
    opening = operations.Opening(
        account_id=finding.account_id,
        email=finding.email,
        identity_level=3,
        channel=Channel.MACHINE,
        category=finding.category,
        subject=finding.subject,
        explanation=finding.words,
        check=(check.name, key),
    )
    request = RequestFacts(
        account_id=finding.account_id,
        category=finding.category,
        subject=finding.subject,
        requested_at=now,
        identity_level=3,
    )
    try:
        case = operations.settle_at_once(opening=opening, request=request, actor=ACTOR, now=now)
    except deciding.AlreadyRemedied:
        pass  # decided elsewhere and on its way; a decision that gets stuck has checks of its own
    except (deciding.NotForAMachine, remedies.UnknownSubject, deciding.TermsNotAtHand):
        _leave_to_a_person(opening, now, asks=check.asks, note=finding.note)
    except (ProcessorDown, ProcessorRefused) as problem:  # else the next run finds it again
        if isinstance(problem, ProcessorRefused) and problem.is_missing:
            _leave_to_a_person(opening, now, asks=check.asks, note=finding.note)
    else:
        deciding.carry_out(decision_id=case.decision_id, now=now)


def _leave_to_a_person(
    opening: operations.Opening, now: datetime, *, asks: bool, note: str
) -> None:
    name, key = opening.check
    try:
        if name == CHECK:
            operations.open_review(opening=opening, now=now)
        elif asks or note:
            operations.open_question(opening=opening, asks=asks, note=note, now=now)
        else:
            operations.open_case(opening=opening, now=now)
    except IntegrityError:  # else than by another runner, who was quicker, it isn't to be hidden
        if not Case.objects.filter(check_name=name, check_subject=key).exists():
            raise


def _cases_of(check: Check, key: str) -> QuerySet[Case]:
    return _cases(check).filter(Q(check_subject=key) | Q(check_subject__startswith=f"{key}#"))


def _cases(check: Check) -> QuerySet[Case]:
    return Case.objects.filter(check_name=check.name)


@transaction.atomic
def _note(check: Check, *, looked_at: int, now: datetime) -> None:
    """Count from the cases themselves, under the row's lock: whoever notes last has seen all."""
    row, _ = ReconcilerRun.objects.select_for_update().get_or_create(
        check_name=check.name, defaults={"ran_at": now, "looked_at": looked_at}
    )
    ours = DecisionRecord.objects.filter(decided_by=str(ACTOR)).values("pk")
    row.ran_at, row.looked_at = now, looked_at
    row.found_ever = _cases(check).count()
    row.mended_ever = _cases(check).filter(decision_id__in=ours).count()
    row.open_now = _cases(check).filter(decision_id="", closed_at__isnull=True).count()
    row.save()
