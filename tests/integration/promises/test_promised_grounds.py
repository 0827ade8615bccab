"""Several grounds decided at once: what one order's money makes good is no promise of another's."""

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.operations import GroundAct, GroundChoice
from tests.support.decisions import about
from tests.support.shop import Sandbox, charge_again, now, settle, start

pytestmark = pytest.mark.django_db


def bought_twice(sandbox: Sandbox, seller: Membership, sku: str) -> Order:
    checkout = start(seller, sku=sku, key=f"the {sku}")
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    return order


def choice(order: Order, act: GroundAct, ground: str = "duplicate") -> GroundChoice:
    request = about(order, ground)
    return GroundChoice(request, operations.assess(request=request, now=now()).signature, act)


def decide(*choices: GroundChoice) -> list[DecisionRecord]:
    return operations.decide_grounds(choices=choices, reason="As we see it.", user_id=7, now=now())


def test_what_another_order_gets_keeps_no_promise(sandbox: Sandbox, seller: Membership) -> None:
    """The larger order's refund would pay for both; the smaller one's was promised all the same."""
    small, large = (bought_twice(sandbox, seller, sku) for sku in ("tray", "case"))
    assert small.total_minor < large.total_minor
    with pytest.raises(operations.LessThanPromised) as refused:
        decide(choice(small, GroundAct.DECLINE), choice(large, GroundAct.APPROVE))
    assert refused.value.code == operations.Short.MONEY
    assert not DecisionRecord.objects.exists()
    decide(choice(small, GroundAct.APPROVE), choice(large, GroundAct.APPROVE))
    given = RemedyRow.objects.order_by("amount_minor").values_list("amount_minor", flat=True)
    assert list(given) == [small.total_minor, large.total_minor]


def test_what_the_same_order_gets_keeps_its_promise(sandbox: Sandbox, seller: Membership) -> None:
    """Two grounds of one charge are paid once, and neither counts as less than was promised."""
    order = bought_twice(sandbox, seller, "case")
    one, same = decide(choice(order, GroundAct.APPROVE, "unused"), choice(order, GroundAct.APPROVE))
    assert one.pk == same.pk
    assert RemedyRow.objects.get().amount_minor == order.total_minor
