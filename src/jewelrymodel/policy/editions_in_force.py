"""Which edition governs: the one answer for the page, the checkout, the engine and the commands."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar


class NoEdition(LookupError):
    """No edition of then is at hand; nothing can be decided or sold without one."""


class PinnedTextDiffers(NoEdition):
    """The text at hand is not the one that the purchase was made under. Nothing is decided."""


class Dated(Protocol):
    """What is known of an edition before its text is read."""

    @property
    def date(self) -> date: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def sha256(self) -> str: ...


D = TypeVar("D", bound=Dated)


def in_force(editions: Iterable[D], at: datetime) -> D:
    """Return the edition that governs what happens at *at*: the last one to have taken effect.

    An edition takes effect at the start of its day, UTC, and governs until the next one does.
    Raises NoEdition where none has yet.
    """
    begun = [one for one in editions if one.starts_at <= at]
    if not begun:
        raise NoEdition(f"no edition was in force at {at.isoformat()}")
    return max(begun, key=lambda one: (one.starts_at, one.date))


def of_day(editions: Iterable[D], day: date, sha256: str = "") -> D:
    """Return the edition dated *day*, with the text that has *sha256* where that is known.

    Raises NoEdition where there is none, PinnedTextDiffers where its text is another (clause 10.2).
    """
    edition = next((one for one in editions if one.date == day), None)
    if edition is None:
        raise NoEdition(f"the edition of {day} is not at hand")
    if sha256 and edition.sha256 != sha256:
        raise PinnedTextDiffers(
            f"the purchase was made under the text of {day} with the SHA-256 {sha256}; "
            f"the text at hand under that date has {edition.sha256}"
        )
    return edition
