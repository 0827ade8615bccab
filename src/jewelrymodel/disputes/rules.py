"""When a dispute suspends what its charge bought (9.1), and what it is about in our words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.catalog.products import LegalClass
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.statuses import DisputeStatus

# A bank's reasons that a word to us could have resolved; a stolen card is no such thing.
_RESOLVABLE = frozenset(
    {
        "credit_not_processed",
        "duplicate",
        "general",
        "product_not_received",
        "subscription_canceled",
    }
)
_OF_TASTE = "product_unacceptable"
_CATEGORIES = {
    "duplicate": "duplicate",
    "product_not_received": "undelivered",
    _OF_TASTE: "failed_task",
    "subscription_canceled": "charged_after_cancel",
}


@dataclass(frozen=True)
class SuspensionFacts:
    """What decides about a suspension: the dispute's state, and the facts around its opening.

    *lost*: the bank has the money, and has not decided for us since. *resolvable* as
    ``is_resolvable`` says. *bought* is false for a charge that brought nothing, such as the second
    one of an order.
    """

    status: str
    is_inquiry: bool
    lost: bool
    resolvable: bool
    contacted_before: bool
    missed_deadline: bool
    law_right: bool
    bought: bool


def is_resolvable(reason: str, *, owes: bool) -> bool:
    """Return whether a word to us could have resolved what the bank names (9.1).

    Of images that are not liked the bank's word is not enough: *owes* says whether our records have
    a job that took credits for what it did not deliver (5.3). Where they have none it is a matter
    of taste, for which 5.2 gives nothing, so a word to us would have resolved nothing.
    """
    return owes if reason == _OF_TASTE else reason in _RESOLVABLE


def category_of(reason: str) -> str:
    """Return the category under which our records are looked at for this reason."""
    return _CATEGORIES.get(reason, "other")


def has_law_right(
    *,
    ends_at: datetime | None,
    legal_class: str,
    consents: Collection[str],
    opened_at: datetime,
) -> bool:
    """Return whether the buyer could still withdraw by law when the dispute was opened.

    *ends_at* is when their days to do so were over; None where the law gives them none. Digital
    content is excepted once both consents of the checkout were given.
    """
    waived = legal_class == LegalClass.DIGITAL_CONTENT and set(ConsentKind) <= set(consents)
    return ends_at is not None and opened_at < ends_at and not waived


def suspends(standing: SuspensionFacts) -> tuple[bool, str]:
    """Return whether what the charge bought is suspended, and why or why not (9.1).

    Derived from state alone, so it ends by itself; an inquiry is no chargeback, a status that we
    don't know suspends nothing (edge 16), and what is left of a lost charge stays suspended
    (edge 13), also while that is appealed: once lost, lost until won.
    """
    if not standing.bought:
        return False, "nothing was added for this charge"
    if standing.lost:
        return True, "the bank took the money back"
    reasons_not_to = (
        (standing.status in DisputeStatus.closed(), "the dispute is over"),
        (standing.status == DisputeStatus.UNKNOWN, "a person looks at what the processor says"),
        (standing.is_inquiry, "an inquiry is no chargeback"),
        (standing.contacted_before, "you had contacted us before"),
        (standing.missed_deadline, "we had missed our own deadline (7.6)"),
        (standing.law_right, "the law gives a right to withdraw from this purchase"),
        (not standing.resolvable, "a word to us could not have resolved it"),
    )
    for holds, why in reasons_not_to:
        if holds:
            return False, why
    return True, "a chargeback was opened before we were contacted about it"
