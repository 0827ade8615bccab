"""An order that is held although it was paid, and its refund."""

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.statuses import OrderState
from tests.support.shop import Sandbox, now, settle, start


def held(sandbox: Sandbox, seller: Membership, sku: str = "case", **faults: int) -> Order:
    """An order that was paid with tax or a discount on its price, and is held for it."""
    sandbox.panel("faults", **(faults or {"tax_percent": 20}))
    checkout = start(seller, sku=sku)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    assert order.state == OrderState.REQUIRES_REVIEW
    return order


def refund(order: Order, why: str = "dec_1") -> None:
    charge = Charge.objects.get(order=order)
    made = operations.intend_refund(
        account_id=order.account_id,
        charge_id=charge.pk,
        amount_minor=charge.kept_minor,
        decision_id=why,
        reason="4.5",
        revokes_credits=False,
        now=now(),
    )
    operations.follow_refund(refund_id=made.pk, now=now())
