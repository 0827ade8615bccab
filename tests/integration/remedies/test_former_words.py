"""Decisions of an installation in use say the same under the words of today."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import Settings

from jewelrymodel.payments.models import Refund
from jewelrymodel.policy.decision import digest, from_json
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.statuses import RemedyState
from tests.support.decisions import about
from tests.support.former_schema import migrate_back
from tests.support.shop import Sandbox, charge_again, now, register, register_terms, settle, start

_PAYMENTS, _REMEDIES = "0018_suspensions_end_by_reinstatement", "0009_second_approver"


@pytest.mark.usefixtures("committing_db")
def test_what_awaited_a_second_approval_is_found_and_approved(
    sandbox: Sandbox, settings: Settings
) -> None:
    settings.MACHINE_LIMIT_MINOR, settings.SECOND_APPROVAL_LIMIT_MINOR = 1000, 3000
    register_terms()
    checkout = start(register())
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    found = operations.assess(request=about(order, "duplicate"), now=now())
    decision = operations.decide_by_person(
        request=found.request,
        signature=found.signature,
        remedies=None,
        reason="",
        user_id=7,
        now=now(),
    )
    migrate_back("remedies", _REMEDIES)
    migrate_back("payments", _PAYMENTS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT r.state, d.takes_lot FROM remedies_remedy r, remedies_decision d")
        assert cursor.fetchall() == [("awaiting_second", decision.revokes_credits)]
    call_command("migrate", verbosity=0)
    assert RemedyRow.objects.get().state == RemedyState.PENDING_APPROVAL
    stored = DecisionRecord.objects.get()
    assert digest(from_json(stored.body)) == stored.sha256
    with pytest.raises(IntegrityError, match="known_state"), transaction.atomic():
        RemedyRow.objects.update(state="awaiting_second")
    operations.give_second_approval(
        decision_id=decision.pk, user_id=8, reason="Checked", now=now() + timedelta(hours=1)
    )
    operations.carry_out(decision_id=decision.pk, now=now())
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Refund.objects.update(revokes_credits=not decision.revokes_credits)
