"""The words of this room, and what passes between the rules, the gateway and the operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices


class OrderState(TextChoices):
    """Where an order stands. Paid and delivered happen in one transaction (clause 2.2).

    A held one waits for a person, who delivers it, refunds it or closes it; refunded it is closed.
    """

    DRAFT = "draft"
    AWAITING_PAYMENT = "awaiting_payment"
    DELIVERED = "delivered"
    CANCELED = "canceled"
    EXPIRED = "expired"
    HELD = "held_for_review"
    IN_ERROR = "charged_in_error"
    CLOSED = "closed"


UNPAID_STATES = (OrderState.DRAFT, OrderState.AWAITING_PAYMENT)


class SubscriptionState(TextChoices):
    """Where a subscription stands. A canceled one stays active until its paid period is over."""

    ACTIVE = "active"
    PAST_DUE = "past_due"
    ENDED = "ended"


class RefundState(TextChoices):
    """How far money is on its way back; "refunded" is said only at succeeded (edge 15)."""

    INTENDED = "intended"
    SUBMITTED = "submitted"
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class BlockReason(TextChoices):
    """Why the processor refuses us, whatever is asked: a person has to mend it."""

    KEY = "key_not_accepted"
    RIGHT = "permission_missing"
    CHANGED = "idempotency_error"


OPEN_REFUNDS = (
    RefundState.INTENDED,
    RefundState.SUBMITTED,
    RefundState.PENDING,
    RefundState.REQUIRES_ACTION,
)


class DisputeStatus(TextChoices):
    """The processor's ten words for a dispute, and one for any that we don't know (edge 16)."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    APPEAL_NEEDS_RESPONSE = "appeal_needs_response"
    APPEAL_UNDER_REVIEW = "appeal_under_review"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"
    UNKNOWN = "unknown"

    @classmethod
    def closed(cls) -> frozenset["DisputeStatus"]:
        """Those after which nothing is expected; a bank may still change its mind."""
        return frozenset({cls.WARNING_CLOSED, cls.WON, cls.LOST, cls.PREVENTED})


class Series(TextChoices):
    """What has gapless numbers."""

    ORDER = "order"
    RECEIPT = "receipt"


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


class SessionStatus(StrEnum):
    """How far the processor's payment page got; anything we don't know is unknown (edge 16)."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class PaymentStatus(StrEnum):
    """Whether the processor says that money moved."""

    UNPAID = "unpaid"
    PAID = "paid"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CheckoutRequest:
    """What the processor is asked to collect. Built from the order alone, so repeats are equal."""

    order_id: str
    order_label: str
    product_name: str
    amount_minor: int
    currency: str
    buyer_email: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    renews_monthly: bool


@dataclass(frozen=True)
class OpenedCheckout:
    """The processor's payment page: its id and where the payer goes."""

    session_id: str
    url: str


@dataclass(frozen=True)
class SeenCharge:
    """A charge as the processor shows it now.

    *method* is the processor's word for how it was paid (``card``, ``link``, ``sepa_debit`` …);
    of a card only brand and last four digits are known, of another method what names it.
    """

    id: str
    intent_id: str
    succeeded: bool
    captured_minor: int
    refunded_minor: int
    disputed: bool
    currency: str
    method: str
    method_details: Mapping[str, str]
    card_brand: str
    card_last4: str
    charged_at: datetime


@dataclass(frozen=True)
class ListedCharge:
    """Money that the processor lists as taken; *order_id* and *customer_id* as far as it says."""

    id: str
    customer_id: str
    order_id: str
    paid_minor: int
    refunded_minor: int
    currency: str
    charged_at: datetime


@dataclass(frozen=True)
class SeenInvoice:
    """One period of a subscription as the processor bills it now."""

    id: str
    paid: bool
    is_first: bool
    period_starts_at: datetime
    period_ends_at: datetime
    amount_minor: int
    currency: str
    created_at: datetime
    charge: SeenCharge | None
    tax_minor: int = 0


@dataclass(frozen=True)
class SeenCheckout:
    """The processor's present answer about one order. *decline* is the last refusal, in words."""

    session_id: str
    order_id: str
    status: SessionStatus
    payment: PaymentStatus
    amount_minor: int | None
    currency: str
    charge: SeenCharge | None
    decline: str
    subscription_id: str = ""
    customer_id: str = ""
    invoice: SeenInvoice | None = None
    tax_minor: int = 0


class Standing(StrEnum):
    """What the processor says of a subscription; any other word of its is unknown (edge 16)."""

    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SeenSubscription:
    """A subscription as the processor shows it now, with its invoices, oldest first.

    *canceled_at* is when its cancellation was asked for there, by whomever; none while it renews.
    *uncollected* is whether it ended because nobody paid, None where that isn't said.
    """

    id: str
    customer_id: str
    order_id: str
    standing: Standing
    renews: bool
    ended_at: datetime | None
    invoices: tuple[SeenInvoice, ...]
    canceled_at: datetime | None = None
    uncollected: bool | None = None


@dataclass(frozen=True)
class ListedSubscription:
    """A subscription that the processor lists as alive; *order_id* as far as it names one."""

    id: str
    customer_id: str
    order_id: str
    standing: Standing
    renews: bool


@dataclass(frozen=True)
class RenewalState:
    """Whether a plan renews here and at the processor, and what is known of who changed it last.

    *renews* is our word, *known_renews* what the processor was last told or said, *seen_renews*
    what it says now. *resumed_at* is when the customer last took a cancellation back here,
    *seen_canceled_at* when a cancellation was last asked for there.
    """

    renews: bool
    known_renews: bool
    seen_renews: bool
    resumed_at: datetime | None
    seen_canceled_at: datetime | None


class RenewalStep(StrEnum):
    """What follows where a plan renews here and not there, or the other way round."""

    NONE = "none"
    TELL = "tell"
    TAKE_CANCEL = "take_cancel"
    TAKE_RESUME = "take_resume"


@dataclass(frozen=True)
class SeenRefund:
    """A refund as the processor shows it now; *refund_id* is ours, empty where it isn't."""

    id: str
    refund_id: str
    state: RefundState
    amount_minor: int
    failure: str


@dataclass(frozen=True)
class ListedRefund:
    """A refund that the processor lists, of which charge; *refund_id* only where it is ours."""

    id: str
    refund_id: str
    processor_charge_id: str


@dataclass(frozen=True)
class SeenDispute:
    """A dispute as the processor shows it now."""

    id: str
    processor_charge_id: str
    status: DisputeStatus
    is_inquiry: bool
    reason: str
    amount_minor: int
    currency: str
    charge_refundable: bool
    due_by_at: datetime | None
    opened_at: datetime


@dataclass(frozen=True)
class LookedAtCharge:
    """What the processor says of a charge now; *dispute* in the policy's words, *sha256* of it."""

    paid_minor: int
    refunded_minor: int
    refundable_minor: int
    dispute: str
    fetched_at: datetime
    sha256: str


class Outcome(StrEnum):
    """What is to be done with an order after a look at the processor."""

    DELIVER = "deliver"
    WAIT = "wait"
    EXPIRE = "expire"
    HOLD = "hold"


@dataclass(frozen=True)
class Verdict:
    """The outcome, and for a hold what a person has to look at."""

    outcome: Outcome
    reason: str = ""
