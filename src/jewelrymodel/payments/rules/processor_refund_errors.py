"""Which refusals to refund are final."""

# Our word for a refund beyond what is left of a charge: the processor refuses it without a code.
LESS_IS_LEFT = "less_is_left"

# And for an amount that its currency has no steps for: rules/processor_amounts.py.
NOT_PAYABLE = "amount_not_payable"


# Source: the processor's list of error codes, as the SDK's types have it.
FINAL_REFUSALS = frozenset(
    {
        NOT_PAYABLE,
        "charge_already_refunded",
        "charge_disputed",
        "charge_not_refundable",
        "refund_disputed_payment",
        LESS_IS_LEFT,
    }
)


def is_final_refusal(code: str) -> bool:
    """Return whether a refusal to refund is about that very charge, so that asking again is idle.

    Every other word, also one that we have never heard, means "not now" (edge 16).
    """
    return code in FINAL_REFUSALS
