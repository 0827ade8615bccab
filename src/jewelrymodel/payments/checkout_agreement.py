"""What a buyer reads and agrees to at checkout, and who they are."""

from dataclasses import dataclass

from django.db.models import TextChoices


class ConsentKind(TextChoices):
    """What a consumer agrees to at checkout, because a right depends on it."""

    EXPRESS_CONSENT_TO_START = "express_consent_to_start"
    ACKNOWLEDGEMENT_OF_LOSS = "ack_of_loss"


@dataclass(frozen=True)
class Statement:
    """Words shown at checkout: under which id they are recorded (a clause or a consent).

    *terms*: what they add to the refund policy, in the catalog's word; empty where they say nothing
    of that.
    """

    id: str
    text: str
    terms: str = ""


@dataclass(frozen=True)
class Buyer:
    """Who buys, from where, and over which connection; what evidence needs later.

    *origin* is where their browser knows us (scheme and host), so that paying leads back to it.
    """

    user_id: int
    email: str
    country: str
    capacity: str
    ip: str | None
    user_agent: str
    device_id: str
    origin: str
