"""An account's credits in figures: totals, lots, and lines of a statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jewelrymodel.ledger.movement_kinds import Cause, LotSource, Operation


@dataclass(frozen=True)
class CreditTotals:
    """An account's credits at one moment: spendable, reserved for tasks, suspended."""

    available: int
    held: int
    suspended: int

    @property
    def total(self) -> int:
        """Every credit that is neither spent, expired nor taken back."""
        return self.available + self.held + self.suspended


@dataclass(frozen=True)
class Spendable:
    """What a hold needs to know of a lot."""

    lot_id: str
    available: int
    expires_at: datetime | None


@dataclass(frozen=True)
class Portion:
    """A part of a hold that one lot carries; without *remaining_life* its credits never expire."""

    lot_id: str
    quantity: int
    remaining_life: timedelta | None


@dataclass(frozen=True)
class LotBalance:
    """One lot in a balance: how many credits are left in it, and until when.

    ``worth_minor`` is the share of the price that what is available and held was bought with,
    ``suspended_because`` what keeps it from new tasks, in words; empty where nothing does.
    """

    lot_id: str
    source: LotSource
    source_ref: str
    quantity: int
    available: int
    held: int
    suspended: bool
    suspended_because: str
    expires_at: datetime | None
    created_at: datetime
    words: str
    worth_minor: int
    currency: str


@dataclass(frozen=True)
class Balance:
    """An account's credits at one instant, with the lots in the order in which they burn."""

    available: int
    held: int
    suspended: int
    lots: tuple[LotBalance, ...]


@dataclass(frozen=True)
class Entry:
    """One line of a statement.

    *credits_in* joined the account; *credits_out* left it (spent, expired or taken back);
    *credits_held* were reserved; *credits_returned* came back from a reservation;
    *credits_suspended* were suspended (below zero: reinstated, or left while suspended).
    """

    happened_at: datetime
    operation: Operation
    words: str
    link: Cause
    credits_in: int
    credits_out: int
    credits_held: int
    credits_returned: int
    credits_suspended: int
    after: CreditTotals


@dataclass(frozen=True)
class Disagreement:
    """Something in the books that doesn't follow from the transfers and hold lines."""

    account_id: str
    subject: str
    what: str
    recorded: str
    computed: str

    def __str__(self) -> str:
        return (
            f"{self.account_id} {self.subject}: {self.what} is {self.recorded}, "
            f"but the transfers say {self.computed}"
        )
