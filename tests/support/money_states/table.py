"""What a table is made of: states, each with how it comes about, and events, each with who acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.support.money_states.world import World

Act = Callable[[World], None]


class Who(StrEnum):
    """Who moves."""

    OURS = "we"
    CUSTOMER = "the customer"
    PROCESSOR = "the processor"
    DASHBOARD = "somebody at the processor’s dashboard"
    BANK = "the customer’s bank"
    DESK = "the desk"
    TIME = "time"


@dataclass(frozen=True)
class Event:
    """Something that happens to a thing, whatever its state."""

    who: Who
    what: str
    act: Act

    @property
    def name(self) -> str:
        return f"{self.who}: {self.what}"


@dataclass(frozen=True)
class Thing:
    """One kind of thing, in each of its states, with what can happen to it.

    In those that are *fleeting* nothing that follows from them has followed yet: one look more, and
    they are over.
    """

    name: str
    title: str
    about: str
    states: Mapping[str, Act]
    events: tuple[Event, ...]
    state: Callable[[World], str]
    fleeting: frozenset[str] = frozenset()
