"""What a bank's reason for a dispute means: could we have resolved it, and what is it about."""

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
_DISLIKED = "product_unacceptable"
_CATEGORIES = {
    "duplicate": "duplicate",
    "product_not_received": "undelivered",
    _DISLIKED: "failed_task",
    "subscription_canceled": "charged_after_cancel",
}


def is_resolvable(reason: str, *, owes: bool) -> bool:
    """Return whether a word to us could have resolved what the bank names (9.1).

    Of images that are not liked the bank's word is not enough: *owes* says whether our records have
    a task that took credits for what it did not deliver (5.3). Where they have none it is a matter
    of taste, for which 5.2 gives nothing, so a word to us would have resolved nothing.
    """
    return owes if reason == _DISLIKED else reason in _RESOLVABLE


def category_of(reason: str) -> str:
    """Return the category under which our records are looked at for this reason."""
    return _CATEGORIES.get(reason, "other")
