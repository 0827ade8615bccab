"""How long what is left will take, by how quickly the last of it was done."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

LEAST_ENDS = 3


def seconds_left(ends: Sequence[datetime], left: int) -> int | None:
    """Return the seconds that *left* more will take: the median pause between *ends*, each.

    The median, since whoever came in between or a night without a worker makes a few pauses long.
    None where nothing is left, or fewer than LEAST_ENDS have been done.
    """
    if not left or len(ends) < LEAST_ENDS:
        return None
    ordered = sorted(ends)
    pauses = [(after - before).total_seconds() for before, after in pairwise(ordered)]
    return round(median(pauses) * left)
