"""Money that is taken again for an order whose own money went back pays for nothing: a case."""

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
