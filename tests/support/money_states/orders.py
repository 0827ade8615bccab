"""Orders in each of their states."""

import contextlib
from datetime import timedelta
from unittest.mock import patch

from jewelrymodel.payments import operations
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.statuses import OrderState
from tests.support.money_states import acts
from tests.support.money_states.sight import order_state
from tests.support.money_states.table import Event, Thing, Who
from tests.support.money_states.world import AGENT, DAY, HOUR, World
from tests.support.shop import start

PAYS, RETURNS = "us_bank_account", "us_bank_account_fails"


def _draft(world: World) -> None:
    world.faults(down=True)
    with contextlib.suppress(ProcessorDown):
        start(world.seller)
    world.faults(down=False)


def _awaiting(world: World) -> None:
    start(world.seller)


def _settled(world: World) -> None:
    operations.settle_order(order_id=world.order.pk, now=world.at)


def _pending(world: World) -> None:
    world.buy(method=PAYS)
    _settled(world)


def _pending_bad(world: World) -> None:
    world.buy(method=RETURNS)
    _settled(world)


def _failed(world: World) -> None:
    _pending_bad(world)
    world.go(6 * DAY)
    _settled(world)


def delivered(world: World) -> None:
    world.buy()
    _settled(world)


def _canceled(world: World) -> None:
    start(world.seller)
    acts.cancels_order(world)


def _expired(world: World) -> None:
    start(world.seller)
    world.go(timedelta(hours=3))
    _settled(world)


def _held(world: World) -> None:
    world.faults(tax_percent=20)
    delivered(world)
    world.faults(tax_percent=0)


def _closed(world: World) -> None:
    _held(world)
    acts.desk_refunds()(world)
    world.settle()
    assert world.order.state == OrderState.CLOSED


def _refund_due(world: World) -> None:
    """Canceled here; the processor bills the renewal before it is told."""
    world.buy("bench")
    _settled(world)
    plan = world.plan
    world.go(plan.period_ends_at - world.at - HOUR)
    operations.cancel_subscription(
        account_id=world.account_id, subscription_id=plan.pk, actor=AGENT, now=world.at
    )
    world.go(3 * HOUR)
    with patch.object(operations, "tell_processor"):
        operations.settle_subscription(
            processor_subscription_id=plan.processor_subscription_id, now=world.at
        )


def _state(world: World) -> str:
    return order_state(world.order)


ORDERS = Thing(
    "orders",
    "Orders",
    "An order of a credit pack ($39.00, 100 credits); one whose refund is due is a plan’s renewal "
    "($19.00, 60 credits).",
    {
        "draft": _draft,
        "awaiting payment": _awaiting,
        "payment pending": _pending,
        "payment pending, and its bank will return it": _pending_bad,
        "payment failed": _failed,
        "delivered": delivered,
        "canceled": _canceled,
        "expired": _expired,
        "requires review": _held,
        "refund due": _refund_due,
        "closed": _closed,
    },
    (
        acts.LOOKS,
        acts.AWAY,
        acts.KEY,
        acts.CARD,
        acts.BAD_CARD,
        Event(Who.CUSTOMER, "pays by bank debit", acts.pays(method=PAYS)),
        Event(Who.CUSTOMER, "goes on to pay from Billing", acts.continues),
        Event(Who.CUSTOMER, "cancels it", acts.cancels_order),
        Event(Who.TIME, "three hours pass", acts.passes(timedelta(hours=3))),
        acts.ELEVEN_DAYS,
        acts.REFUND_THERE,
        acts.PART_THERE,
        acts.NO_CUSTOMER,
        acts.AGAIN,
        acts.DISPUTE,
        Event(Who.DESK, "delivers it", acts.delivers),
        Event(Who.DESK, "closes it", acts.closes),
        acts.DESK_REFUND,
    ),
    _state,
    fleeting=frozenset({"draft", "refund due"}),
)
