"""Writes: placing an order, leading to payment, settling it by what the processor says now."""

from jewelrymodel.payments.operations.bank_transfers import (
    TRANSFER_CANCELED,
    TRANSFER_RETURNED,
    ChargeDisputed,
    LessIsKept,
    NotAwaitingTransfer,
    NothingFailed,
    NotTransferred,
    OtherAmount,
    PaidElsewhere,
    RefundUnderWay,
    TransferDay,
    TransferRefused,
    cancel_transfer,
    choose_payout,
    record_transfer,
    return_transfer,
)
from jewelrymodel.payments.operations.card_expiry import check_card
from jewelrymodel.payments.operations.charge_booking import book_charge
from jewelrymodel.payments.operations.checkout import (
    Checkout,
    cancel_order,
    continue_to_pay,
    start_checkout,
)
from jewelrymodel.payments.operations.credit_notes import (
    issue_credit_note,
    issue_missing_credit_notes,
    try_credit_note,
)
from jewelrymodel.payments.operations.disputes import (
    mirror_dispute,
    mirror_disputes_of,
    mirror_disputes_since,
    reinstate_subscription,
    suspend_subscription,
)
from jewelrymodel.payments.operations.event_dispatch import handle_event
from jewelrymodel.payments.operations.event_inbox import (
    INBOX,
    PROCESS,
    dismiss_message,
    process_message,
    retry_message,
)
from jewelrymodel.payments.operations.fraud_warnings import list_warned
from jewelrymodel.payments.operations.open_renewal import (
    change_page,
    payment_method_page,
    renewal_page,
)
from jewelrymodel.payments.operations.order_placement import (
    AlreadySubscribed,
    ConsentMissing,
    KeyReused,
    NotChargeable,
    OfferChanged,
    disclosures,
    place_order,
    require_not_subscribed,
)
from jewelrymodel.payments.operations.order_settlement import (
    PaymentLookup,
    look_up_payment,
    settle_order,
)
from jewelrymodel.payments.operations.overdue_renewals import overdue_renewals
from jewelrymodel.payments.operations.payment_failure import end_failed_order
from jewelrymodel.payments.operations.payments_elsewhere import (
    NotPaidElsewhere,
    PaymentDay,
    record_payment,
)
from jewelrymodel.payments.operations.plan_change import (
    change_now,
    change_with_renewal,
    undo_change,
)
from jewelrymodel.payments.operations.plan_change_emails import tell_plan_change
from jewelrymodel.payments.operations.plan_quote import (
    ChangeBeingPaid,
    ChangeQuote,
    ChangeRefused,
    ChangeUnderWay,
    NoOpenChange,
    NotChangeable,
    OnlyWithRenewal,
    QuoteChanged,
    change_disclosures,
    quote_change,
    renewal_offer,
)
from jewelrymodel.payments.operations.receipt_email import confirm_order
from jewelrymodel.payments.operations.reconciliation import (
    Difference,
    payments_back_beyond,
    reconcile_charges,
    reconcile_refunds,
)
from jewelrymodel.payments.operations.refund_adoption import adopt_refunds
from jewelrymodel.payments.operations.refund_email import tell_refunded
from jewelrymodel.payments.operations.refunds import (
    NoSuchCharge,
    RefundTooLarge,
    follow_refund,
    intend_refund,
    look_up_charge,
)
from jewelrymodel.payments.operations.review_outcomes import (
    BeingRefunded,
    ChangedElsewhere,
    MoneyKept,
    NotHeld,
    NothingKept,
    PeriodOver,
    ReviewRefused,
    close_held,
    deliver_held,
)
from jewelrymodel.payments.operations.subscription_cancellation import (
    SubscriptionOver,
    cancel_subscription,
    leave_with_month,
    resume_subscription,
    tell_processor,
)
from jewelrymodel.payments.operations.subscription_emails import (
    tell_renewing,
    tell_unrenewed,
    warn_past_due,
)
from jewelrymodel.payments.operations.subscription_reconciliation import reconcile_subscriptions
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.operations.subscription_sync import follow_subscription
from jewelrymodel.payments.operations.sweep_postponement import (
    postpone_confirmation,
    postpone_dispute,
    postpone_order,
    postpone_refund,
    postpone_subscription,
)
from jewelrymodel.payments.operations.unpaid_plan_orders import close_unpaid_plans
from jewelrymodel.payments.operations.window_reconciliation import (
    Outcome,
    WindowRow,
    reconcile_window,
)
from jewelrymodel.payments.operations.withdrawn_plans import (
    end_withdrawn_plan,
    leave_withdrawn_plan,
)

__all__ = [
    "INBOX",
    "PROCESS",
    "TRANSFER_CANCELED",
    "TRANSFER_RETURNED",
    "AlreadySubscribed",
    "BeingRefunded",
    "ChangeBeingPaid",
    "ChangeQuote",
    "ChangeRefused",
    "ChangeUnderWay",
    "ChangedElsewhere",
    "ChargeDisputed",
    "Checkout",
    "ConsentMissing",
    "Difference",
    "KeyReused",
    "LessIsKept",
    "MoneyKept",
    "NoOpenChange",
    "NoSuchCharge",
    "NotAwaitingTransfer",
    "NotChangeable",
    "NotChargeable",
    "NotHeld",
    "NotPaidElsewhere",
    "NotTransferred",
    "NothingFailed",
    "NothingKept",
    "OfferChanged",
    "OnlyWithRenewal",
    "OtherAmount",
    "Outcome",
    "PaidElsewhere",
    "PaymentDay",
    "PaymentLookup",
    "PeriodOver",
    "QuoteChanged",
    "RefundTooLarge",
    "RefundUnderWay",
    "ReviewRefused",
    "SubscriptionOver",
    "TransferDay",
    "TransferRefused",
    "WindowRow",
    "adopt_refunds",
    "book_charge",
    "cancel_order",
    "cancel_subscription",
    "cancel_transfer",
    "change_disclosures",
    "change_now",
    "change_page",
    "change_with_renewal",
    "check_card",
    "choose_payout",
    "close_held",
    "close_unpaid_plans",
    "confirm_order",
    "continue_to_pay",
    "deliver_held",
    "disclosures",
    "dismiss_message",
    "end_failed_order",
    "end_withdrawn_plan",
    "follow_refund",
    "follow_subscription",
    "handle_event",
    "intend_refund",
    "issue_credit_note",
    "issue_missing_credit_notes",
    "leave_with_month",
    "leave_withdrawn_plan",
    "list_warned",
    "look_up_charge",
    "look_up_payment",
    "mirror_dispute",
    "mirror_disputes_of",
    "mirror_disputes_since",
    "overdue_renewals",
    "payment_method_page",
    "payments_back_beyond",
    "place_order",
    "postpone_confirmation",
    "postpone_dispute",
    "postpone_order",
    "postpone_refund",
    "postpone_subscription",
    "process_message",
    "quote_change",
    "reconcile_charges",
    "reconcile_refunds",
    "reconcile_subscriptions",
    "reconcile_window",
    "record_payment",
    "record_transfer",
    "reinstate_subscription",
    "renewal_offer",
    "renewal_page",
    "require_not_subscribed",
    "resume_subscription",
    "retry_message",
    "return_transfer",
    "settle_order",
    "settle_subscription",
    "start_checkout",
    "suspend_subscription",
    "tell_plan_change",
    "tell_processor",
    "tell_refunded",
    "tell_renewing",
    "tell_unrenewed",
    "try_credit_note",
    "undo_change",
    "warn_past_due",
]
