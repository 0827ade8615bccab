"""The processor's objects in our words: what it is asked for, and what it shows now."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jewelrymodel.payments.statuses import DisputeStatus, RefundState
from jewelrymodel.payments.tax_lines import ProcessorTax


class SessionStatus(StrEnum):
    """How far the processor's payment page got; anything we don't know is unknown (edge 16)."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class PaymentStatus(StrEnum):
    """Whether the processor says that money moved; it may say that none was needed (a discount of
    everything, a trial), which nothing of ours offers: a person looks at such an order.
    """

    UNPAID = "unpaid"
    PAID = "paid"
    NO_PAYMENT_REQUIRED = "no_payment_required"
    UNKNOWN = "unknown"


class IntentStatus(StrEnum):
    """How far the processor's attempts to take the money got; any other word is unknown."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    CANCELED = "canceled"
    SUCCEEDED = "succeeded"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CheckoutRequest:
    """What the processor is asked to collect. Built from the order alone, so repeats are equal.

    *customer_id* is the processor's own for the account; empty where it has none yet. With a
    *tax_behavior* the processor asks for address and tax ids, and taxes it.
    """

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
    customer_id: str = ""
    tax_behavior: str = ""


@dataclass(frozen=True)
class PaymentPage:
    """The processor's payment page: its id and where the payer goes."""

    session_id: str
    url: str


@dataclass(frozen=True)
class ProcessorCharge:
    """A charge as the processor shows it now.

    *method* is the processor's word for how it was paid (``card``, ``link``, ``sepa_debit`` …);
    of a card only brand and last four digits are known, of another method what names it.
    *refunds* are those that were made of it by now, oldest first; *tax* is what its page or invoice
    says of the tax in it, None where it says nothing.
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
    refunds: "tuple[ProcessorRefund, ...]" = ()
    tax: ProcessorTax | None = None


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


class InvoiceStatus(StrEnum):
    """What the processor says of an invoice; any other word of its is unknown (edge 16)."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ProcessorInvoice:
    """One period of a subscription as the processor bills it now.

    *is_advancing* is whether the processor goes on to collect it by itself, *intent* how far its
    payment got while it is open, and *decline* the last refusal then, in the processor's words.
    *is_change* where it bills the difference to another plan, from the start of its period on;
    *product* is the processor's name of the plan that it bills.
    """

    id: str
    status: InvoiceStatus
    is_advancing: bool
    is_first: bool
    period_starts_at: datetime
    period_ends_at: datetime
    amount_minor: int
    currency: str
    created_at: datetime
    charge: ProcessorCharge | None
    tax_minor: int = 0
    intent: IntentStatus | None = None
    decline: str = ""
    is_change: bool = False
    product: str = ""

    @property
    def paid(self) -> bool:
        """Whether its money was taken."""
        return self.status is InvoiceStatus.PAID

    @property
    def charged_at(self) -> datetime:
        """When its money was taken; when it was made, where none is known to be."""
        return self.charge.charged_at if self.charge else self.created_at


@dataclass(frozen=True)
class ProcessorCheckout:
    """The processor's present answer about one order. *decline* is the last refusal, in words.

    *intent* is how far the payment got that its page began; None where that isn't known.
    """

    session_id: str
    order_id: str
    status: SessionStatus
    payment: PaymentStatus
    amount_minor: int | None
    currency: str
    charge: ProcessorCharge | None
    decline: str
    subscription_id: str = ""
    customer_id: str = ""
    invoice: ProcessorInvoice | None = None
    tax_minor: int = 0
    intent: IntentStatus | None = None


class SubscriptionStatus(StrEnum):
    """What the processor says of a subscription; any other word of its is unknown (edge 16)."""

    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELED = "canceled"
    UNPAID = "unpaid"
    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    PAUSED = "paused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ProcessorSubscription:
    """A subscription as the processor shows it now, with its invoices, oldest first.

    *canceled_at* is when its cancellation was asked for there, by whomever; none while it renews.
    *uncollected* is whether it ended because nobody paid, None where that isn't said.
    """

    id: str
    customer_id: str
    order_id: str
    status: SubscriptionStatus
    renews: bool
    ended_at: datetime | None
    invoices: tuple[ProcessorInvoice, ...]
    canceled_at: datetime | None = None
    uncollected: bool | None = None


@dataclass(frozen=True)
class PlanPrice:
    """What a plan of ours costs a month, for the processor; *id* is its version's. Where it taxes
    the plan, *tax_behavior* says whether the tax is in the price.
    """

    id: str
    name: str
    amount_minor: int
    currency: str
    tax_behavior: str = ""


@dataclass(frozen=True)
class ChangePreview:
    """What another plan costs from an instant on, as the processor says, in our minor units.

    *unused_minor* is credited for the time that was paid for before, *remaining_minor* charged for
    the same time of the new plan; *total_minor* is the difference with its *tax_minor*, of which
    *added_tax_minor* wasn't in the plans' prices; *due_minor* is what of it is charged at once,
    which a balance at the processor changes. *renewal_minor* is what
    the next renewal then costs. Nothing else is billed with it unless it *has_more*.
    """

    unused_minor: int
    remaining_minor: int
    tax_minor: int
    added_tax_minor: int
    total_minor: int
    due_minor: int
    renewal_minor: int
    currency: str
    has_more: bool


@dataclass(frozen=True)
class RenewalCard:
    """The card that a renewal is charged to: its brand, last four digits, and its last month."""

    brand: str
    last4: str
    expires_year: int
    expires_month: int

    @property
    def last_day(self) -> date:
        """The last day on which it is valid."""
        days = monthrange(self.expires_year, self.expires_month)[1]
        return date(self.expires_year, self.expires_month, days)


@dataclass(frozen=True)
class ListedSubscription:
    """A subscription that the processor lists as alive; *order_id* as far as it names one.

    *collects* is false where somebody there paused the collection of its invoices.
    """

    id: str
    customer_id: str
    order_id: str
    status: SubscriptionStatus
    renews: bool
    made_at: datetime
    collects: bool = True


@dataclass(frozen=True)
class ListedCustomer:
    """A customer that the processor lists: one that wasn't deleted there."""

    id: str
    email: str


@dataclass(frozen=True)
class ProcessorRefund:
    """A refund as the processor shows it now; *refund_id* is ours, empty where it isn't.

    *obstacle* is why it is not going on, in the processor's word: that its customer has to act, or
    a status that we don't know (edge 16). Empty where nothing is in its way.
    """

    id: str
    refund_id: str
    state: RefundState
    amount_minor: int
    failure: str
    processor_charge_id: str = ""
    made_at: datetime | None = None
    obstacle: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether its status is a word that we don't know, so that *state* is a guess."""
        return bool(self.obstacle) and self.state is not RefundState.REQUIRES_ACTION


@dataclass(frozen=True)
class FraudWarning:
    """A card's bank suspects a charge; a refund can still prevent the dispute. *kind*: its word."""

    id: str
    processor_charge_id: str
    kind: str


@dataclass(frozen=True)
class ListedRefund:
    """A refund that the processor lists, of which charge; *refund_id* only where it is ours."""

    id: str
    refund_id: str
    processor_charge_id: str


@dataclass(frozen=True)
class ProcessorDispute:
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
class ChargeStatus:
    """What the processor says of a charge now; *dispute* in the policy's words, *sha256* of it."""

    paid_minor: int
    refunded_minor: int
    refundable_minor: int
    dispute: str
    fetched_at: datetime
    sha256: str
