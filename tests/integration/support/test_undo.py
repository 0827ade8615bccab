"""Ten seconds to undo: until then nothing is decided, paid or mailed; after it, exactly once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import User
from jewelrymodel.accounts.rights import Act
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra.clock import real_now
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry, ConfirmedDecision
from jewelrymodel.support.operations import decision_confirmation
from jewelrymodel.support.statuses import UNDO_TIME, CaseState, ConfirmationState
from jewelrymodel.support.tasks import carry_out_confirmed, sweep_confirmed
from tests.support.desk import join, read, shown, wait_until_decided
from tests.support.shop import Sandbox, at_the_desk, charge_again, now

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
COLLEAGUE = 4_000_000
SET = "UPDATE support_confirmed_decision SET "


def confirm(client: Client, case: Case, act: str = "approve-remedy", **sent: str) -> int:
    page = read(client, f"/desk/cases/{case.pk}")
    said = {"sure": "on", "reason": "A first purchase.", **shown(page), **sent}
    return client.post(f"/desk/cases/{case.pk}/{act}", said).status_code


def vera_id() -> int:
    return User.objects.get(first_name="Vera").pk


def confirmed() -> ConfirmedDecision:
    return ConfirmedDecision.objects.latest("pk")


def carried_out(row: ConfirmedDecision, *, after: timedelta = UNDO_TIME) -> ConfirmedDecision:
    at = row.confirmed_at + after
    return operations.carry_out_confirmed(confirmed_id=row.pk, now=at)


def nothing_happened(case: Case) -> bool:
    case.refresh_from_db()
    letters = CaseEntry.objects.filter(case=case, kind="message_out", author__startswith="user:")
    return (
        case.state == CaseState.OPEN
        and not DecisionRecord.objects.exists()
        and not RemedyRow.objects.exists()
        and not Refund.objects.exists()
        and not letters.exists()
    )


def test_for_ten_seconds_nothing_is_decided_paid_or_mailed_and_then_once(
    vera: Client, case: Case
) -> None:
    assert confirm(vera, case, kind="partial_refund", amount="2") == 302
    assert nothing_happened(case)
    page = read(vera, f"/desk/cases/{case.pk}")
    assert "Confirmed: Partial refund (8.4): $2.00" in page
    assert f"/desk/cases/{case.pk}/undo" in page
    assert "/approve-remedy" not in page
    row = confirmed()
    (job,) = ProcrastinateJob.objects.filter(task_name="support.carry_out_confirmed")
    assert job.scheduled_at is not None
    assert abs(job.scheduled_at - row.due_at) < SECOND
    assert carried_out(row, after=UNDO_TIME - SECOND).state == ConfirmationState.PENDING
    assert nothing_happened(case)
    assert carried_out(row).state == ConfirmationState.CARRIED_OUT
    assert carried_out(row).decision_id == DecisionRecord.objects.get().pk
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED
    assert RemedyRow.objects.get().amount_minor == 200
    assert "/undo" not in read(vera, f"/desk/cases/{case.pk}")


def test_what_is_undone_never_happens_and_its_words_are_kept(vera: Client, case: Case) -> None:
    assert confirm(vera, case, "decline", reason="It was all used on Monday.") == 302
    row, address = confirmed(), f"/desk/cases/{case.pk}"
    assert vera.post(f"{address}/undo").status_code == 302
    assert carried_out(row).state == ConfirmationState.UNDONE
    assert nothing_happened(case)
    assert AuditEntry.objects.get(action="case.decision_undone").actor == row.confirmed_by
    page = read(vera, address)
    assert "It was all used on Monday.</textarea>" in page
    assert re.search(r"<details open> <summary>Decline", page)
    assert confirm(vera, case, "decline", reason="It was all used on Tuesday.") == 302
    assert carried_out(confirmed()).state == ConfirmationState.CARRIED_OUT
    assert DecisionRecord.objects.get().reason == "It was all used on Tuesday."


def test_what_the_processor_takes_is_none_of_the_ten_seconds(
    vera: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks, decide = [0], decision_confirmation.decide_case

    def slow(**given: Any) -> DecisionRecord:
        ticks[0] += 8
        return decide(**given)

    monkeypatch.setattr(decision_confirmation, "decide_case", slow)
    machine, at = real_now(), now()
    seen = shown(read(vera, f"/desk/cases/{case.pk}"))
    row = operations.confirm_decision(
        case_id=case.pk,
        signature=seen["signature"],
        read_up_to=int(seen["read_up_to"]),
        remedies_chosen=[],
        reason="It was all used on Monday.",
        user_id=vera_id(),
        now=at,
        machine_clock=lambda: machine + ticks[0] * SECOND,
    )
    assert (row.confirmed_at, row.due_at) == (at + 8 * SECOND, at + 8 * SECOND + UNDO_TIME)
    (job,) = ProcrastinateJob.objects.filter(task_name="support.carry_out_confirmed")
    assert job.scheduled_at == machine + 8 * SECOND + UNDO_TIME


def test_the_page_with_the_undo_asks_the_processor_nothing(
    vera: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(vera, case, kind="partial_refund", amount="2")
    monkeypatch.setattr("jewelrymodel.remedies.operations.assess", lambda **_: 1 / 0)
    page = read(vera, f"/desk/cases/{case.pk}")
    assert f"/desk/cases/{case.pk}/undo" in page
    assert "The facts are loaded again" in page


@pytest.mark.parametrize("is_ended", [True, False])
def test_what_an_ended_colleague_confirmed_decides_nothing(
    vera: Client, case: Case, monkeypatch: pytest.MonkeyPatch, is_ended: bool
) -> None:
    """Nor what somebody confirmed who may not decide any more."""
    confirm(vera, case, kind="partial_refund", amount="2")
    row = confirmed()
    if is_ended:
        ended = {"actor": Actor.system("test"), "now": row.confirmed_at, "even_the_last": True}
        accounts.end_staff(user_id=vera_id(), **ended)
    else:
        monkeypatch.setattr(decision_confirmation, "may", lambda _role, act: act != Act.DECIDE)
    assert carried_out(row).state == ConfirmationState.REFUSED
    assert confirmed().failure == "may_not_decide"
    assert nothing_happened(case)
    monkeypatch.undo()
    page = read(at_the_desk("Arun Example"), f"/desk/cases/{case.pk}")
    assert "no longer works at the desk" in page
    assert "A first purchase.</textarea>" in page


def test_what_is_over_cannot_be_undone(vera: Client, case: Case) -> None:
    confirm(vera, case, kind="partial_refund", amount="2")
    wait_until_decided()
    told = vera.post(f"/desk/cases/{case.pk}/undo", follow=True).content.decode()
    assert "There is nothing to undo" in told
    assert DecisionRecord.objects.count() == 1


def test_a_colleague_may_undo_and_confirms_nothing_over_it(vera: Client, case: Case) -> None:
    arun, address = at_the_desk("Arun Example"), f"/desk/cases/{case.pk}"
    before = shown(read(arun, address))
    confirm(vera, case, kind="full_refund")
    said = {"sure": "on", "reason": "No.", **before}
    assert arun.post(f"{address}/decline", said).status_code == 409
    assert "Vera Example" in read(arun, address)
    assert arun.post(f"{address}/undo").status_code == 302
    assert nothing_happened(case)
    assert arun.post(f"{address}/decline", said).status_code == 302


def test_nobody_undoes_what_is_about_an_account_of_theirs(vera: Client, case: Case) -> None:
    confirm(vera, case, "decline", reason="It was used.")
    arun = at_the_desk("Arun Example")
    join(case, "Arun")
    assert arun.post(f"/desk/cases/{case.pk}/undo").status_code == 302
    assert confirmed().state == ConfirmationState.PENDING


def test_facts_that_move_meanwhile_decide_nothing_and_the_words_are_kept(
    vera: Client, case: Case, order: Order, sandbox: Sandbox
) -> None:
    confirm(vera, case, kind="partial_refund", amount="2", reason="Her first month.")
    charge_again(sandbox, order)
    assert carried_out(confirmed()).state == ConfirmationState.REFUSED
    assert nothing_happened(case)
    page = read(vera, f"/desk/cases/{case.pk}")
    assert "Nothing was decided." in page
    assert "The facts have changed" in page
    assert "Her first month.</textarea>" in page


def test_a_case_that_is_closed_meanwhile_is_not_decided(vera: Client, case: Case) -> None:
    confirm(vera, case, kind="partial_refund", amount="2")
    operations.close(case_id=case.pk, reason="Spam.", user_id=COLLEAGUE, now=now(), tell=False)
    row = carried_out(confirmed())
    assert (row.state, row.failure) == (ConfirmationState.REFUSED, "case_over")
    assert not DecisionRecord.objects.exists()


def test_while_the_processor_is_down_it_waits_and_can_be_undone(
    vera: Client, case: Case, sandbox: Sandbox
) -> None:
    confirm(vera, case, kind="partial_refund", amount="2")
    row = confirmed()
    sandbox.panel("faults", down=True)
    with pytest.raises(ProcessorDown):
        carried_out(row)
    sandbox.panel("faults", down=False)
    row.refresh_from_db()
    assert row.state == ConfirmationState.PENDING
    assert nothing_happened(case)
    assert vera.post(f"/desk/cases/{case.pk}/undo").status_code == 302
    assert carried_out(row).state == ConfirmationState.UNDONE


def test_a_worker_that_dies_in_between_leaves_it_to_the_next(
    vera: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it had written is gone with its transaction; the sweeper nudges again."""
    confirm(vera, case, kind="partial_refund", amount="2")
    row = confirmed()
    with monkeypatch.context() as patched:
        patched.setattr(ConfirmedDecision, "save", lambda _row: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carried_out(row)
    assert nothing_happened(case)
    ProcrastinateJob.objects.all().delete()
    assert queries.due_decisions(before=row.due_at) == [row.pk]
    monkeypatch.setattr("jewelrymodel.infra.clock.now", lambda: row.due_at)
    for _again in range(2):
        sweep_confirmed(timestamp=0)
    (job,) = ProcrastinateJob.objects.filter(task_name="support.carry_out_confirmed")
    for _again in range(2):
        carry_out_confirmed(**job.args)
    assert DecisionRecord.objects.count() == RemedyRow.objects.count() == 1
    assert queries.due_decisions(before=row.due_at) == []


@pytest.mark.parametrize(
    "change",
    [
        "state = 'carried_out', ended_at = due_at",
        "state = 'carried_out', ended_at = confirmed_at, decision_id = 'dec_1'",
        "state = 'undone', ended_at = now()",
        "state = 'refused', ended_at = now()",
        "due_at = confirmed_at",
        "reason = 'Another.'",
        "confirmed_by = 'system:machine'",
    ],
)
def test_the_database_refuses_what_must_never_be(vera: Client, case: Case, change: str) -> None:
    confirm(vera, case, kind="partial_refund", amount="2")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET + change)


def test_the_database_refuses_a_second_one_and_a_second_end(vera: Client, case: Case) -> None:
    confirm(vera, case, kind="partial_refund", amount="2")
    row = confirmed()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConfirmedDecision.objects.create(
            case=case,
            act=row.act,
            details=row.details,
            confirmed_by=row.confirmed_by,
            confirmed_at=row.confirmed_at,
            due_at=row.due_at,
        )
    operations.undo_confirmed(case_id=case.pk, user_id=COLLEAGUE, now=now())
    for statement in (f"{SET}ended_at = now()", "DELETE FROM support_confirmed_decision"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
