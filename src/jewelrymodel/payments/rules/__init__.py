"""What must be agreed to, and what the processor's answer means: pure functions."""

from jewelrymodel.payments.rules.consents import (
    checkout_terms,
    consent_text,
    consents_needed,
    digest,
    disclosures,
    may_withdraw,
    offer_digest,
)
from jewelrymodel.payments.rules.foreign_refunds import is_for_credits
from jewelrymodel.payments.rules.holds import Hold, amount_hold
from jewelrymodel.payments.rules.payment_verification import (
    Outcome,
    Verdict,
    charge_disagreement,
    judge,
)
from jewelrymodel.payments.rules.polling_schedule import (
    CHECKOUT_LIFETIME,
    DISPUTES_SEEN,
    FIRST_LOOK,
    LAST_LOOK,
    LOOK_AFTER_PERIOD,
    PENDING_LOOK,
    next_look_at,
    next_look_at_subscription,
)
from jewelrymodel.payments.rules.processor_amounts import (
    charge_limits,
    chargeable,
    payable,
)
from jewelrymodel.payments.rules.processor_refund_errors import (
    FINAL_REFUSALS,
    LESS_IS_LEFT,
    NOT_PAYABLE,
    is_final_refusal,
)
from jewelrymodel.payments.rules.renewal import (
    DEBIT_GRACE,
    RENEWAL_GRACE,
    SKEW,
    TOLD_AFTER,
    UNSEEN,
    Collection,
    RenewalState,
    RenewalStep,
    collection_of,
    is_charged_after_cancellation,
    renewal_step,
)

__all__ = [
    "CHECKOUT_LIFETIME",
    "DEBIT_GRACE",
    "DISPUTES_SEEN",
    "FINAL_REFUSALS",
    "FIRST_LOOK",
    "LAST_LOOK",
    "LESS_IS_LEFT",
    "LOOK_AFTER_PERIOD",
    "NOT_PAYABLE",
    "PENDING_LOOK",
    "RENEWAL_GRACE",
    "SKEW",
    "TOLD_AFTER",
    "UNSEEN",
    "Collection",
    "Hold",
    "Outcome",
    "RenewalState",
    "RenewalStep",
    "Verdict",
    "amount_hold",
    "charge_disagreement",
    "charge_limits",
    "chargeable",
    "checkout_terms",
    "collection_of",
    "consent_text",
    "consents_needed",
    "digest",
    "disclosures",
    "is_charged_after_cancellation",
    "is_final_refusal",
    "is_for_credits",
    "judge",
    "may_withdraw",
    "next_look_at",
    "next_look_at_subscription",
    "offer_digest",
    "payable",
    "renewal_step",
]
