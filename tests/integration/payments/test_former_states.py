"""What an installation in use has under the former words is found under the new ones."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.statuses import OrderState, SubscriptionState
from tests.support.former_schema import migrate_back
from tests.support.plans import Plan
from tests.support.shop import Sandbox, register, register_terms

_BEFORE = "0015_receipts_named_by_their_prefix"


@pytest.mark.usefixtures("committing_db")
def test_rows_are_converted_and_the_former_words_refused(sandbox: Sandbox) -> None:
    register_terms()
    plan = Plan(sandbox, register())
    ended_at = plan.row.period_ends_at
    Subscription.objects.update(state=SubscriptionState.CANCELED, ended_at=ended_at)
    Subscription.objects.update(cancel_requested_at=ended_at)
    states = sorted(Order.objects.values_list("state", flat=True))
    migrate_back("payments", _BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, cancel_asked_at FROM payments_subscription")
        assert cursor.fetchone() == ("ended", ended_at)
    call_command("migrate", verbosity=0)
    row = Subscription.objects.get()
    assert (row.state, row.cancel_requested_at) == (SubscriptionState.CANCELED, ended_at)
    assert sorted(Order.objects.values_list("state", flat=True)) == states
    assert OrderState.REQUIRES_REVIEW not in states
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.update(state="ended")
