"""Who is asked next for one image: the same provider, the next one, nobody yet, or nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jewelrymodel.generation.rules.attempt_outcomes import CONSEQUENCES
from jewelrymodel.generation.rules.provider_circuit import WAITS, Closed
from jewelrymodel.generation.statuses import AttemptState, Reason

MOST_PAID = 4
"""Requests for one image that may have cost something: beyond, its price can't carry them."""


@dataclass(frozen=True)
class Past:
    """One earlier request for the image, and why it brought none."""

    provider: str
    state: AttemptState
    reason: Reason


@dataclass(frozen=True)
class Ask:
    """Ask this provider."""

    provider: str


@dataclass(frozen=True)
class Wait:
    """Nobody can be asked now, and somebody can soon."""


@dataclass(frozen=True)
class GiveUp:
    """The image will not come, for this reason."""

    reason: Reason


def next_step(
    past: Sequence[Past], order: Sequence[str], closed: Mapping[str, Closed]
) -> Ask | Wait | GiveUp:
    """Return what to do for an image without an open request, by its earlier ones, oldest first,
    and the providers in the operator's *order*, of which some are *closed*.
    """
    if past and not CONSEQUENCES[past[-1].state].goes_on:
        return GiveUp(past[-1].reason)
    paid = sum(one.state is not AttemptState.NOT_NOW for one in past)
    left = [name for name in order if paid < MOST_PAID and _may_be_asked(name, past)]
    for name in left:
        if name not in closed:
            return Ask(name)
    if any(closed[name].why in WAITS for name in left):
        return Wait()
    return GiveUp(_told(past))


def _may_be_asked(name: str, past: Sequence[Past]) -> bool:
    states = [one.state for one in past if one.provider == name]
    return all(states.count(state) < CONSEQUENCES[state].most for state in states)


def _told(past: Sequence[Past]) -> Reason:
    """The reason that says most: what was wrong with an image, not that nobody was asked."""
    reasons = [one.reason for one in past if not CONSEQUENCES[one.state].alarms]
    return reasons[-1] if reasons else Reason.GENERATOR_CLOSED
