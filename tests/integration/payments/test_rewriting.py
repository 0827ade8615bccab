"""What SQL may not do with money, whoever sends it: nothing rises, moves or vanishes unseen."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from jewelrymodel.payments.models import Charge, ChargeDispute, Refund, Subscription
from jewelrymodel.payments.statuses import RefundState
from tests.support.refunds import dispute, follow, intend
from tests.support.shop import Sandbox, now, register, settle, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(sandbox: Sandbox) -> Subscription:
    checkout = start(register("plan@rings.example"), sku="bench", key="page-of-a-plan")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    return Subscription.objects.get()


def refused(change: Callable[[], object]) -> None:
    """Refused at once, or at the commit: the deferred checks are asked for."""
    with pytest.raises(IntegrityError):
        _commit(change)


@transaction.atomic
def _commit(change: Callable[[], object]) -> None:
    change()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_charge_keeps_what_it_paid_whose_it_is_and_when_it_was(
    charge: Charge, plan: Subscription
) -> None:
    mine = Charge.objects.filter(pk=charge.pk)
    other = Charge.objects.exclude(pk=charge.pk).get()
    for columns in (
        {"paid_minor": 9900, "kept_minor": 9900},
        {"account_id": other.account_id},
        {"order_id": other.order_id},
        {"processor_charge_id": "ch_another"},
        {"currency": "EUR"},
        {"charged_at": now()},
    ):
        refused(lambda columns=columns: mine.update(**columns))


def test_what_a_charge_says_was_refunded_or_lost_has_rows(sandbox: Sandbox, charge: Charge) -> None:
    mine = Charge.objects.filter(pk=charge.pk)
    refused(lambda: mine.update(kept_minor=3000, refunded_minor=900))
    refused(lambda: mine.update(kept_minor=3000, lost_minor=900))
    refund = follow(intend(charge, 900, lot=False))
    refused(lambda: mine.update(kept_minor=3900, refunded_minor=0))
    refused(lambda: Refund.objects.filter(pk=refund.pk).update(state=RefundState.FAILED))
    found = dispute(sandbox, charge)
    refused(lambda: mine.update(kept_minor=0, lost_minor=3000))
    refused(lambda: ChargeDispute.objects.filter(pk=found.pk).update(processor_dispute_id="du_2"))


def test_a_plan_stays_its_accounts_and_what_was_bought(charge: Charge, plan: Subscription) -> None:
    version = charge.order.product_version_id
    for columns in (
        {"account_id": charge.account_id},
        {"product_version_id": version},
        {"processor_subscription_id": "sub_another"},
        {"started_at": now()},
    ):
        refused(lambda columns=columns: Subscription.objects.update(**columns))
    refused(Subscription.objects.all().delete)
