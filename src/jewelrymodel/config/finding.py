"""One thing that ``jewelrymodel doctor`` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, wrong (False), or only worth knowing (None)."""

    what: str
    is_fine: bool | None
    words: str
