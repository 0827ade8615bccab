"""What is large waits for a second person, who approves or rejects it."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import User
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.payments.models import Charge
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from jewelrymodel.support.tasks import notify_remedy
from tests.support.desk import decide, join, read
from tests.support.shop import at_the_desk, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def arun() -> Client:
    """Arun, who has not looked at it yet."""
    return at_the_desk("Arun Example")


@pytest.fixture
def decision(vera: Client, case: Case, settings: Settings) -> DecisionRecord:
    """Vera has approved all of the money, which is more than one person may."""
    settings.SECOND_APPROVAL_LIMIT_MINOR = 3000
    assert decide(vera, case, kind="full_refund") == 302
    return DecisionRecord.objects.get()


def signed_in(case: Case) -> Client:
    """Whoever sent the request."""
    client = Client()
    client.force_login(User.objects.get(email=case.email))
    return client


def say(client: Client, decision: DecisionRecord, act: str, reason: str = "I looked.") -> int:
    return client.post(f"/desk/decisions/{decision.pk}/{act}", {"reason": reason}).status_code


def state(decision: DecisionRecord) -> str:
    return decision.remedies.get().state


@pytest.mark.clause("8.5")
def test_a_second_person_approves_it_once_and_says_why(
    vera: Client, arun: Client, decision: DecisionRecord
) -> None:
    assert "Pending second approval" in read(arun, "/desk")
    page = read(vera, f"/desk/decisions/{decision.pk}")
    assert "You made this decision, so a colleague must approve it." in page
    assert ">Approve<" not in page
    assert say(vera, decision, "approve") == 409
    assert say(arun, decision, "approve", reason=" ") == 422
    assert state(decision) == RemedyState.PENDING_APPROVAL
    assert say(arun, decision, "approve") == 302
    assert state(decision) == RemedyState.STARTED
    assert say(arun, decision, "approve") == 409, "a second click finds nothing that waits"
    assert AuditEntry.objects.get(action="decision.approved").reason == "I looked."
    assert "second approval: Arun Example" in read(vera, f"/desk/decisions/{decision.pk}")


def test_what_a_second_person_rejects_is_not_paid_and_is_decided_again(
    vera: Client, arun: Client, case: Case, decision: DecisionRecord
) -> None:
    customer = signed_in(case)
    told = read(customer, f"/requests/{case.pk}")
    assert "Pending second approval" in told
    assert "still needs a second approval" in told
    assert "$39.00: pending second approval." in told
    assert say(arun, decision, "reject", "Half of it was used.") == 302
    notify_remedy(subject_id=decision.pk)
    assert state(decision) == RemedyState.REJECTED
    assert say(arun, decision, "approve") == 409
    assert (Charge.objects.get().refunded_minor, case.entries.filter(mail_due=True).count()) == (
        0,
        3,  # the receipt of the request, the decision, and that it could not be sent back
    )
    told = read(customer, f"/requests/{case.pk}")
    assert "$39.00: not approved. Your request is open again." in told
    assert "Under review again" in told
    assert "Half of it was used." in read(vera, f"/desk/cases/{case.pk}")
    assert decide(vera, case, kind="partial_refund", amount="19.50") == 302
    assert decision.remedies.get().refund_id == ""
    case.refresh_from_db()
    assert (case.state, case.decision_id == decision.pk) == (CaseState.DECIDED, False)


def test_who_decided_may_take_it_back(vera: Client, decision: DecisionRecord) -> None:
    assert say(vera, decision, "reject", "The wrong order.") == 302
    assert state(decision) == RemedyState.REJECTED


def test_alone_one_waits_and_is_told_how_long(
    vera: Client, decision: DecisionRecord, settings: Settings
) -> None:
    settings.SINGLE_OPERATOR = True
    begins = decision.decided_at + timedelta(hours=settings.SECOND_APPROVAL_WAIT_HOURS)
    assert f"{begins:%H:%M} UTC" in read(vera, f"/desk/decisions/{decision.pk}")
    assert say(vera, decision, "approve") == 409
    settings.SECOND_APPROVAL_WAIT_HOURS = -1  # the undo time lies in it, too
    assert say(vera, decision, "approve") == 302
    assert state(decision) == RemedyState.STARTED


@pytest.mark.clause("8.0")
def test_what_nobody_approves_for_a_day_is_found(case: Case, decision: DecisionRecord) -> None:
    found = reconcilers.run(now=now() + timedelta(hours=23))
    assert found["decided_not_paid"] == 0
    assert reconcilers.run(now=now() + timedelta(hours=25))["decided_not_paid"] == 1
    assert Case.objects.exclude(pk=case.pk).get().check_name == "decided_not_paid"


def test_what_was_rejected_has_one_case_and_not_a_second(
    arun: Client, case: Case, decision: DecisionRecord
) -> None:
    say(arun, decision, "reject")
    notify_remedy(subject_id=decision.pk)
    assert reconcilers.run(now=now() + timedelta(hours=25))["decided_not_paid"] == 0
    assert Case.objects.get() == case


@pytest.mark.clause("8.2")
def test_many_credits_wait_for_a_second_approval_too(
    vera: Client, arun: Client, case: Case, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 20
    assert decide(vera, case, kind="replacement_credits", amount="21") == 302
    decision = DecisionRecord.objects.get()
    assert state(decision) == RemedyState.PENDING_APPROVAL
    assert "21 credits" in read(arun, "/desk")
    assert say(arun, decision, "approve") == 302
    assert state(decision) == RemedyState.DONE


def test_nobody_decides_or_approves_about_an_account_of_theirs(
    vera: Client, arun: Client, case: Case, decision: DecisionRecord
) -> None:
    for name, colleague in (("Vera Example", vera), ("Arun Example", arun)):
        join(case, name.partition(" ")[0])
        assert say(colleague, decision, "approve") == 409
        assert say(colleague, decision, "reject") == 409
    assert state(decision) == RemedyState.PENDING_APPROVAL
    assert say(at_the_desk("Olga Example"), decision, "approve") == 302
