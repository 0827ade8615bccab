"""Writes: placing an order, leading to payment, settling it by what the processor says now."""

from jewelrymodel.payments.operations.canceling import (
    SubscriptionOver,
    cancel_subscription,
    leave_with_month,
    resume_subscription,
    tell_processor,
)
from jewelrymodel.payments.operations.checkout import (
    Checkout,
    cancel_order,
    continue_to_pay,
    start_checkout,
)
from jewelrymodel.payments.operations.closing import close_unpaid_plans
from jewelrymodel.payments.operations.comparing import Difference, compare_charges
from jewelrymodel.payments.operations.confirming import confirm_order
from jewelrymodel.payments.operations.disputing import (
    lift_subscription,
    mirror_dispute,
    mirror_disputes_of,
    suspend_subscription,
)
from jewelrymodel.payments.operations.hints import follow_hint
from jewelrymodel.payments.operations.messages import (
    INBOX,
    PROCESS,
    dismiss_message,
    process_message,
    retry_message,
)
from jewelrymodel.payments.operations.placing import (
    AlreadySubscribed,
    ConsentMissing,
    KeyReused,
    OfferChanged,
    disclosures,
    place_order,
    refuse_second_plan,
)
from jewelrymodel.payments.operations.refunding import (
    NoSuchCharge,
    RefundTooLarge,
    follow_refund,
    intend_refund,
    is_paid,
    look_at_charge,
)
from jewelrymodel.payments.operations.renewing import settle_subscription
from jewelrymodel.payments.operations.settling import settle_order
from jewelrymodel.payments.operations.warning import tell_renewing, warn_past_due

__all__ = [
    "INBOX",
    "PROCESS",
    "AlreadySubscribed",
    "Checkout",
    "ConsentMissing",
    "Difference",
    "KeyReused",
    "NoSuchCharge",
    "OfferChanged",
    "RefundTooLarge",
    "SubscriptionOver",
    "cancel_order",
    "cancel_subscription",
    "close_unpaid_plans",
    "compare_charges",
    "confirm_order",
    "continue_to_pay",
    "disclosures",
    "dismiss_message",
    "follow_hint",
    "follow_refund",
    "intend_refund",
    "is_paid",
    "leave_with_month",
    "lift_subscription",
    "look_at_charge",
    "mirror_dispute",
    "mirror_disputes_of",
    "place_order",
    "process_message",
    "refuse_second_plan",
    "resume_subscription",
    "retry_message",
    "settle_order",
    "settle_subscription",
    "start_checkout",
    "suspend_subscription",
    "tell_processor",
    "tell_renewing",
    "warn_past_due",
]
