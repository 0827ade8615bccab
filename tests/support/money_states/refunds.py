"""Refunds: money on its way back."""

from tests.support.money_states import acts
from tests.support.money_states.orders import delivered
from tests.support.money_states.sight import refund_states
from tests.support.money_states.table import Act, Thing
from tests.support.money_states.world import DAY, World

LATE_S = 10 * 86_400


def _refunded(*, settled: bool = True, **faults: str | int) -> Act:
    """All of it is refunded by a decision at the desk, while something is wrong."""

    def state(world: World) -> None:
        delivered(world)
        world.settle()
        world.faults(**faults)
        acts.desk_refunds()(world)
        if settled:
            world.settle()
            world.faults(refuse_refunds="")

    return state


def _stuck(word: str) -> Act:
    """The processor doesn't go on with it."""

    def state(world: World) -> None:
        _refunded(pending_refunds=1, refund_delay_s=99 * 86_400)(world)
        acts.says("refunds", word)(world)

    return state


def _came_back(world: World) -> None:
    _refunded(fail_refunds=1, refund_delay_s=LATE_S)(world)
    world.go(11 * DAY)


def _by_transfer(world: World) -> None:
    """It came back, and its colleague decides on another way."""
    _came_back(world)
    world.settle()
    acts.desk_chooses_transfer(world)
    acts.desk_refunds()(world)
    world.settle()


def _disputed_transfer(world: World) -> None:
    _by_transfer(world)
    acts.DISPUTE.act(world)
    world.settle()


def _transferred(world: World) -> None:
    _by_transfer(world)
    acts.desk_records_transfer(world)
    world.settle()


def _adopted(amount_minor: int = 0) -> Act:
    def state(world: World) -> None:
        delivered(world)
        world.settle()
        acts.refunds_there(amount_minor)(world)

    return state


REFUNDS = Thing(
    "refunds",
    "Refunds",
    "A refund of a credit pack ($39.00, 100 credits, none used) that a person decided at the desk, "
    "or that somebody made at the processor’s dashboard.",
    {
        "intended": _refunded(settled=False),
        "waiting: the processor says not now": _refunded(refuse_refunds="balance_insufficient"),
        "pending": _refunded(pending_refunds=1, refund_delay_s=LATE_S),
        "waiting for the customer’s bank details": _stuck("requires_action"),
        "of a status that we don’t know": _stuck("sideways"),
        "succeeded": _refunded(),
        "succeeded, and its bank will send it back": _refunded(
            fail_refunds=1, refund_delay_s=LATE_S
        ),
        "failed after it succeeded": _came_back,
        "waiting for a bank transfer": _by_transfer,
        "waiting for a bank transfer, and disputed": _disputed_transfer,
        "sent by bank transfer": _transferred,
        "made at the dashboard": _adopted(),
        "a part, made at the dashboard": _adopted(500),
    },
    (
        acts.LOOKS,
        acts.AWAY,
        acts.KEY,
        acts.ELEVEN_DAYS,
        acts.REFUND_THERE,
        acts.PART_THERE,
        acts.NO_CUSTOMER,
        acts.INQUIRY,
        acts.DISPUTE,
        acts.LOST,
        acts.WON,
        acts.DESK_PART,
        acts.DESK_REFUND,
        acts.DESK_RECORDS,
        acts.DESK_SENT,
        acts.DESK_CANCELS,
        acts.DESK_RETURNS,
    ),
    refund_states,
    fleeting=frozenset({"intended"}),
)
