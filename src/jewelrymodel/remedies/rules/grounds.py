"""Which ground of the policy a request's category stands for."""

VISIBLY_BROKEN = "visibly_broken"
"""A request about images that show a damaged piece."""

_GROUNDS = {VISIBLY_BROKEN: "failed_task"}


def ground_of(category: str) -> str:
    """Return the policy's ground for a category: its own name, except that a visibly broken image
    is a generation that failed (5.3). The published editions know no other word for it.
    """
    return _GROUNDS.get(category, category)
