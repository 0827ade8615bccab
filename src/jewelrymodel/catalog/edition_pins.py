"""Which text of a policy is published, and which text an order or a decision pinned."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Published:
    """An edition that was published: what is known of it without reading its text.

    ``has_text`` False: it was registered before texts were kept, and its text wasn't found since.
    """

    date: date
    starts_at: datetime
    sha256: str
    has_text: bool


@dataclass(frozen=True)
class Pin:
    """So many records of a kind that rest on the text with this hash, under this date."""

    what: str
    date: date
    sha256: str
    count: int
