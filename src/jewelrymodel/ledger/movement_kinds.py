"""What moves credits, where they come from and go to, as the database keeps it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LotSource(TextChoices):
    """Where a lot's credits came from."""

    SUBSCRIPTION_PERIOD = "subscription_period"
    PACKAGE_ORDER = "package_order"
    REPLACEMENT = "replacement"
    RESTORATION = "restoration"
    PROMOTION = "promotion"
    WELCOME = "welcome"


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


class GiftState(TextChoices):
    """What became of credits that an operator gives; the second and the last end it."""

    PENDING_APPROVAL = "pending_approval", _("pending second approval")
    REJECTED = "rejected", _("refused")
    GIVEN = "given", _("given")
    UNDONE = "undone", _("taken back")


class Operation(TextChoices):
    """What a movement did."""

    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    EXPIRE = "expire"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
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
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class Cause:
    """Why something moved: the kind of thing and its id."""

    kind: CauseKind
    id: str


_GRANT_CAUSES = {
    LotSource.SUBSCRIPTION_PERIOD: CauseKind.ORDER,
    LotSource.PACKAGE_ORDER: CauseKind.ORDER,
    LotSource.REPLACEMENT: CauseKind.DECISION,
    LotSource.RESTORATION: CauseKind.DECISION,
    LotSource.PROMOTION: CauseKind.PROMOTION,
    LotSource.WELCOME: CauseKind.PROMOTION,
}


def grant_cause(source: LotSource) -> CauseKind:
    """Return which kind of thing a lot's ``source_ref`` names."""
    return _GRANT_CAUSES[source]
