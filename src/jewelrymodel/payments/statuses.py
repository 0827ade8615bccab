"""The states of orders, subscriptions, refunds and disputes, as the database keeps them."""

from django.db.models import TextChoices


class OrderState(TextChoices):
    """Where an order stands. Paid and delivered happen in one transaction (clause 2.2).

    One that requires review waits for a person, who delivers it, refunds it or closes it; once
    refunded it is closed. A refund is due where a renewal was billed after the cancellation. Its
    payment is pending while a bank debit is on its way, for days, and has failed once the bank
    returned it.
    """

    DRAFT = "draft"
    AWAITING_PAYMENT = "awaiting_payment"
    PAYMENT_PENDING = "payment_pending"
    PAYMENT_FAILED = "payment_failed"
    DELIVERED = "delivered"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REQUIRES_REVIEW = "requires_review"
    REFUND_DUE = "refund_due"
    CLOSED = "closed"


class HoldReason(TextChoices):
    """Why an order waits for a person; staff read a sentence with its parameters."""

    OTHERS_PAGE = "others_page"
    UNKNOWN_STATUS = "unknown_status"
    PAGE_AMOUNT = "page_amount"
    INVOICE_AMOUNT = "invoice_amount"
    CHARGE_AMOUNT = "charge_amount"
    PAGE_WITHOUT_CHARGE = "page_without_charge"
    INVOICE_WITHOUT_CHARGE = "invoice_without_charge"
    CHARGE_WITHOUT_PAGE = "charge_without_page"
    CHARGE_FAILED = "charge_failed"
    CHARGE_RETURNED = "charge_returned"
    OTHERS_CHARGE = "others_charge"
    REFUND_FAILED = "refund_failed"
    TAX_LINES = "tax_lines"
    FORMER = "former"


UNPAID_STATES = (OrderState.DRAFT, OrderState.AWAITING_PAYMENT)
"""Nothing was paid, and its buyer can still pay or cancel."""

UNSETTLED_STATES = (*UNPAID_STATES, OrderState.PAYMENT_PENDING)
"""The processor says how its payment ends."""


class TaxBehavior(TextChoices):
    """How the tax that the processor is asked for relates to an order's price: it is in it, or is
    added to it. None is asked for where there is no word.
    """

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class SubscriptionState(TextChoices):
    """Where a subscription stands. It stays active until its paid period is over, also where its
    cancellation was requested before."""

    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELED = "canceled"


class ChangeTiming(TextChoices):
    """When another plan counts: now, for the difference, or with the next renewal."""

    NOW = "now"
    RENEWAL = "renewal"


class PlanChangeState(TextChoices):
    """How far a change of plan got.

    One that counts now is requested, and made once it is paid; its payment is due where the bank
    declined it or wants it confirmed, and it fails where nobody paid. One with the next renewal is
    scheduled until that renewal, unless it is undone before or lapses with the subscription.
    """

    REQUESTED = "requested"
    PAYMENT_DUE = "payment_due"
    SCHEDULED = "scheduled"
    MADE = "made"
    FAILED = "failed"
    UNDONE = "undone"
    LAPSED = "lapsed"


OPEN_CHANGES = (
    PlanChangeState.REQUESTED,
    PlanChangeState.PAYMENT_DUE,
    PlanChangeState.SCHEDULED,
)
"""A subscription has one of these at most."""


class OpenInvoiceStatus(TextChoices):
    """A renewal's invoice that the processor goes on to collect by itself: a draft at first.

    It is processing while a bank debit for it is on its way, and requires action where the bank
    wants the customer to confirm it. One that is uncollected is open too, but only its customer can
    still pay it: the processor tries no more.
    """

    DRAFT = "draft"
    OPEN = "open"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    UNCOLLECTED = "uncollected"


class RefundState(TextChoices):
    """How far money is on its way back; "refunded" is said only at succeeded (edge 15)."""

    INTENDED = "intended"
    SUBMITTED = "submitted"
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class RefundOrigin(TextChoices):
    """Who made a refund: we, for a decision, or somebody at the processor's dashboard."""

    OURS = "ours"
    PROCESSOR = "processor"


class PayoutWay(TextChoices):
    """How a refund reaches its customer: the way that they paid, by the processor, or by a bank
    transfer that a person makes and records here.
    """

    PROCESSOR = "processor"
    TRANSFER = "transfer"


class TransferObstacle(TextChoices):
    """Why a bank transfer that waits must not be sent: a bank may still take the money, or less of
    it is kept than goes back.
    """

    DISPUTED = "disputed"
    LESS_KEPT = "less_kept"


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

    @classmethod
    def decided_against_us(cls) -> frozenset["DisputeStatus"]:
        """Those in which the bank has the money: only what it has decided can be appealed."""
        return frozenset({cls.LOST, cls.APPEAL_NEEDS_RESPONSE, cls.APPEAL_UNDER_REVIEW})
