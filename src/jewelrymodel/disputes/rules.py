"""When a dispute suspends what its charge bought (9.1), and what it is about in our words."""

from dataclasses import dataclass

from jewelrymodel.payments.values import DisputeStatus

# A bank's reasons that a word to us could have resolved; a stolen card is no such thing.
_RESOLVABLE = frozenset(
    {
        "credit_not_processed",
        "duplicate",
        "general",
        "product_not_received",
        "product_unacceptable",
        "subscription_canceled",
    }
)
_GROUNDS = {
    "duplicate": "duplicate",
    "product_not_received": "undelivered",
    "product_unacceptable": "failed_task",
    "subscription_canceled": "charged_after_cancel",
}


@dataclass(frozen=True)
class Standing:
    """What decides about a suspension: the dispute's state, and the facts around its opening."""

    status: str
    is_inquiry: bool
    reason: str
    contacted_before: bool
    missed_deadline: bool


def is_resolvable(reason: str) -> bool:
    """Return whether a word to us could have resolved what the bank names."""
    return reason in _RESOLVABLE


def ground_of(reason: str) -> str:
    """Return the ground under which our records are looked at for this reason."""
    return _GROUNDS.get(reason, "other")


def suspends(standing: Standing) -> tuple[bool, str]:
    """Return whether what the charge bought is suspended, and why or why not (9.1).

    Derived from state alone, so it lifts itself; an inquiry is no chargeback, a word that we don't
    know suspends nothing (edge 16), and a lost charge's rest stays frozen (edge 13).
    """
    if standing.status == DisputeStatus.LOST:
        return True, "the bank took the money back"
    reasons_not_to = (
        (standing.status in DisputeStatus.closed(), "the dispute is over"),
        (standing.status == DisputeStatus.UNKNOWN, "a person looks at what the processor says"),
        (standing.is_inquiry, "an inquiry is no chargeback"),
        (standing.contacted_before, "you had contacted us before"),
        (standing.missed_deadline, "we had missed our own deadline (7.6)"),
        (not is_resolvable(standing.reason), "a word to us could not have resolved it"),
    )
    for holds, why in reasons_not_to:
        if holds:
            return False, why
    return True, "a chargeback was opened before we were contacted about it"
