"""IPTC's digital source types in the order of how much they say was made by machines.

A marketplace may want a file to say more than our own term does (Google's Merchant Center reads
`trainedAlgorithmicMedia`). A file may be given a stronger term at an export, and never a weaker
one: that would hide what it is.
"""

from jewelrymodel.studio.export import (
    COMPOSITE_CAPTURE,
    COMPOSITE_GENERATED,
    COMPOSITE_SYNTHETIC,
    GENERATED,
    HUMAN_EDITS,
)

_WEAKEST_FIRST = (
    HUMAN_EDITS,
    COMPOSITE_CAPTURE,
    COMPOSITE_SYNTHETIC,
    COMPOSITE_GENERATED,
    GENERATED,
)
SOURCE_TERMS = {one.rsplit("/", 1)[1]: one for one in _WEAKEST_FIRST}
"""Every term by its short name."""
STRONGEST_TERM = GENERATED.rsplit("/", 1)[1]


def strengthened(own: str, said: str) -> str:
    """Return the term *said* (a short name) where it is stronger than *own*, else *own*."""
    wanted = SOURCE_TERMS.get(said, own)
    if own not in _WEAKEST_FIRST:
        return own
    return max(own, wanted, key=_WEAKEST_FIRST.index)
