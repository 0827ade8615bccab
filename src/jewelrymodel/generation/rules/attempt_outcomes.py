"""What follows from the way a request to a provider ended: for the image, the books, the operator.

The customer never pays for any of them: an image that doesn't come costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from jewelrymodel.generation.statuses import AttemptState, Reason


class Booking(Enum):
    """What a request that ended so costs us, where the provider doesn't say it."""

    NOTHING = "nothing"
    PRICE = "price"
    MAYBE = "maybe"  # the price, until an invoice says otherwise


@dataclass(frozen=True)
class Consequence:
    """`reason` is the customer's where nothing else comes of the image. `most` is how often one
    provider may be asked for one image when its requests end so (1: never again), and `goes_on`
    whether another provider is asked. `alarms`: a person has to act before it works again.
    """

    reason: Reason
    booking: Booking
    most: int = 1
    goes_on: bool = True
    alarms: bool = False


CONSEQUENCES: Mapping[AttemptState, Consequence] = {
    AttemptState.REFUSED: Consequence(Reason.CONTENT_BLOCKED, Booking.NOTHING, goes_on=False),
    AttemptState.WITHHELD: Consequence(Reason.CONTENT_BLOCKED, Booking.MAYBE),
    AttemptState.INVALID: Consequence(Reason.GENERATOR_REFUSED, Booking.NOTHING, alarms=True),
    AttemptState.RETIRED: Consequence(Reason.GENERATOR_CLOSED, Booking.NOTHING, alarms=True),
    AttemptState.LOCKED_OUT: Consequence(Reason.GENERATOR_CLOSED, Booking.NOTHING, alarms=True),
    AttemptState.NOT_NOW: Consequence(Reason.GENERATOR_FAILED, Booking.NOTHING, most=6),
    AttemptState.UNKNOWN: Consequence(Reason.OUTCOME_UNKNOWN, Booking.MAYBE, goes_on=False),
    AttemptState.EMPTY: Consequence(Reason.NOT_DELIVERED, Booking.MAYBE),
    AttemptState.UNFIT: Consequence(Reason.NOT_FAITHFUL, Booking.PRICE, most=2),
    AttemptState.STOPPED: Consequence(Reason.CANCELED, Booking.MAYBE, goes_on=False),
    AttemptState.MADE: Consequence(Reason.NOT_DELIVERED, Booking.PRICE, goes_on=False),
}
"""Of every final state. An unknown outcome ends the image: to ask anybody again would pay twice
for it without the seller's word, and theirs is one more press of the button.
"""


@dataclass(frozen=True)
class Cost:
    """Millionths of a US dollar; `is_sure` is False where only an invoice can tell."""

    micros: int
    is_sure: bool


def cost_of(
    state: AttemptState, price_micros: int, told_micros: int | None, *, had_worked: bool = False
) -> Cost:
    """Return what a request that ended as *state* costs: as the provider told, else as the list
    price has it. *had_worked*: it ended so after somebody may have worked on it, so what usually
    costs nothing may have cost the price.
    """
    booking = CONSEQUENCES[state].booking
    if had_worked and booking is Booking.NOTHING:
        booking = Booking.MAYBE
    if told_micros is not None:
        return Cost(told_micros, is_sure=True)
    if booking is Booking.NOTHING:
        return Cost(0, is_sure=True)
    return Cost(price_micros, is_sure=booking is Booking.PRICE)
