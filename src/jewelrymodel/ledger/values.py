"""The words of this room, as the database keeps them, and what its doors hand out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices


class LotSource(TextChoices):
    """Where a lot's credits came from."""

    SUBSCRIPTION_PERIOD = "subscription_period"
    PACKAGE_ORDER = "package_order"
    REPLACEMENT = "replacement"
    RESTORATION = "restoration"
    PROMOTION = "promotion"


class Side(TextChoices):
    """One side of a transfer, always of one lot: the lot itself or a house account."""

    LOT = "lot"
    ISSUED = "issued"
    CONSUMED = "consumed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DEBT = "debt"


class HoldState(TextChoices):
    """A hold is resolved exactly once: captured (in full or in part) or released."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


class Operation(TextChoices):
    """What a movement did."""

    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    EXPIRE = "expire"
    FREEZE = "freeze"
    THAW = "thaw"
    REVOKE = "revoke"
    DEBT = "debt"
    GRANT_PERIOD = "grant_period"


class CauseKind(TextChoices):
    """What a movement is about; with its id, a link for the statement."""

    ORDER = "order"
    DECISION = "decision"
    PROMOTION = "promotion"
    TASK = "task"
    LOT = "lot"
    REFUND = "refund"
    DISPUTE = "dispute"


class LedgerRefusal(Exception):
    """The ledger refused. Nothing was changed."""

    def __str__(self) -> str:
        return super().__str__() or (self.__doc__ or "").strip()


@dataclass(frozen=True)
class Cause:
    """Why something moved: the kind of thing and its id."""

    kind: CauseKind
    id: str


@dataclass(frozen=True)
class Standing:
    """An account's credits at one moment: spendable, reserved for tasks, suspended."""

    available: int
    held: int
    frozen: int

    @property
    def total(self) -> int:
        """Every credit that is neither spent, expired nor taken back."""
        return self.available + self.held + self.frozen


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

    ``worth_minor`` is the share of the price that what is available and held was bought with.
    """

    lot_id: str
    source: LotSource
    source_ref: str
    quantity: int
    available: int
    held: int
    frozen: bool
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
    frozen: int
    lots: tuple[LotBalance, ...]


@dataclass(frozen=True)
class Entry:
    """One line of a statement.

    *credits_in* joined the account; *credits_out* left it (spent, expired or taken back);
    *credits_held* were reserved; *credits_returned* came back from a reservation; *credits_frozen*
    were suspended (below zero: became usable again, or left while suspended).
    """

    happened_at: datetime
    operation: Operation
    words: str
    link: Cause
    credits_in: int
    credits_out: int
    credits_held: int
    credits_returned: int
    credits_frozen: int
    after: Standing


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
