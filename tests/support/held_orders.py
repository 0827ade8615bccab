"""An order that is held although it was paid, and its refund."""

from datetime import timedelta

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations as support
from jewelrymodel.support import queries
from jewelrymodel.support.statuses import ReviewAct
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


def decided_to_deliver(order: Order, reason: str) -> DecisionRecord:
    """A colleague's decision that nobody has begun to carry out."""
    colleague = accounts.hire(
        email="otto@desk.example",
        password=None,
        name="Otto Example",
        role=StaffRole.AGENT,
        actor=Actor.system("test"),
        now=now() - timedelta(days=1),
    )
    request = queries.order_request(order, now=now())
    confirmed = support.confirm_order(
        order_id=order.pk,
        act=ReviewAct.DELIVER,
        signature=deciding.assess(request=request, now=now()).signature,
        reason=reason,
        user_id=colleague.user_id,
        now=now(),
        machine_clock=now,
    )
    support.carry_out_confirmed(confirmed_id=confirmed.pk, now=confirmed.due_at)
    return DecisionRecord.objects.get()
