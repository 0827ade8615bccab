"""Charges: money that the processor took, and what became of it."""

from tests.support.bank import Bank
from tests.support.money_states import acts
from tests.support.money_states.orders import delivered
from tests.support.money_states.sight import charge_state
from tests.support.money_states.table import Act, Event, Thing, Who
from tests.support.money_states.world import World


def _after(*acts_before: Act) -> Act:
    """Bought and delivered, and then this, each with all that followed from it."""

    def state(world: World) -> None:
        delivered(world)
        for act in acts_before:
            world.settle()
            act(world)

    return state


def uses(quantity: int) -> Act:
    return lambda world: _use(world, quantity)


def _use(world: World, quantity: int) -> None:
    Bank(world.sandbox, world.seller).spend(quantity)


CHARGES = Thing(
    "charges",
    "Charges",
    "The charge of a credit pack ($39.00, 100 credits). Its state is how its money is split.",
    {
        "kept": _after(),
        "kept, and 30 credits used": _after(uses(30)),
        "suspected by its bank": _after(acts.warns),
        "partly refunded": _after(acts.desk_refunds(500)),
        "refunded": _after(acts.desk_refunds()),
        "taken twice, the second refunded": _after(acts.charges_again),
        "asked about (an inquiry)": _after(acts.disputes(inquiry=True)),
        "disputed": _after(acts.disputes()),
        "lost": _after(acts.loses),
        "won": _after(acts.disputes(), acts.decides("won")),
    },
    (
        acts.LOOKS,
        acts.AWAY,
        acts.KEY,
        Event(Who.CUSTOMER, "uses 30 credits", uses(30)),
        acts.REFUND_THERE,
        acts.PART_THERE,
        acts.NO_CUSTOMER,
        acts.AGAIN,
        acts.WARNING,
        acts.INQUIRY,
        acts.DISPUTE,
        acts.LOST,
        acts.WON,
        acts.DESK_PART,
        acts.DESK_REFUND,
        acts.ELEVEN_DAYS,
    ),
    lambda world: charge_state(world.charge),
)
