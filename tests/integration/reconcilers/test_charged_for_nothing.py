"""Money that is taken again for an order whose own money went back pays for nothing: a case."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from tests.support.held_orders import held, refund
from tests.support.refunds import dispute, follow, intend
from tests.support.shop import Sandbox, charge_again, now, settle, start

pytestmark = pytest.mark.django_db


def bought(sandbox: Sandbox, seller: Membership) -> Order:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def cases() -> list[str]:
    reconcilers.run(now=now())
    return list(Case.objects.values_list("check_name", flat=True))


def test_after_its_refund(sandbox: Sandbox, seller: Membership) -> None:
    order = bought(sandbox, seller)
    follow(intend(Charge.objects.get()))
    charge_again(sandbox, order)
    assert cases() == ["charged_twice"]


def test_after_a_refund_of_the_second_that_revoked_what_the_first_bought(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = bought(sandbox, seller)
    charge_again(sandbox, order)
    follow(intend(Charge.objects.latest("charged_at", "id")))
    assert cases() == ["charged_twice"]


def test_after_a_lost_dispute(sandbox: Sandbox, seller: Membership) -> None:
    order = bought(sandbox, seller)
    lost = dispute(sandbox, Charge.objects.get())
    sandbox.panel(f"disputes/{lost.processor_dispute_id}/decide", outcome="lost")
    operations.mirror_dispute(processor_dispute_id=lost.processor_dispute_id, now=now())
    charge_again(sandbox, order)
    assert cases() == ["charged_twice"]


def test_after_a_held_order_was_closed(sandbox: Sandbox, seller: Membership) -> None:
    order = held(sandbox, seller)
    refund(order)
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED
    charge_again(sandbox, order)
    assert "charged_twice" in cases()


def test_a_duplicate_of_which_the_first_charge_was_refunded_pays_for_the_credits(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = bought(sandbox, seller)
    charge_again(sandbox, order)
    first = Charge.objects.earliest("charged_at", "id")
    follow(intend(first, lot=False))
    assert cases() == []


@pytest.mark.parametrize("days", [31, 400])
@pytest.mark.clause("6.1")
def test_however_late_the_news_of_a_second_charge_comes(
    sandbox: Sandbox, seller: Membership, days: int
) -> None:
    """A message that was set aside is tried again, a service was away: it is a charge too many."""
    order = bought(sandbox, seller)
    charge_again(sandbox, order)
    found = reconcilers.run(now=now() + timedelta(days=days))
    assert found["charged_twice"] == 1


@pytest.mark.clause("6.1")
def test_a_second_charge_long_after_the_first(sandbox: Sandbox, seller: Membership) -> None:
    order, later = bought(sandbox, seller), timedelta(days=40)
    sandbox.panel("clock", offset_s=round(later.total_seconds()))
    charge_again(sandbox, order)
    first, second = Charge.objects.order_by("charged_at")
    assert second.charged_at - first.charged_at > later - timedelta(hours=1)
    assert reconcilers.run(now=now() + later)["charged_twice"] == 1


def test_what_was_closed_and_is_charged_again_is_found_however_late(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    refund(order)
    charge_again(sandbox, order)
    assert reconcilers.run(now=now() + timedelta(days=400))["charged_twice"] == 1
