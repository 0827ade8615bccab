"""Which edition governs: the one answer for the page, the checkout, the engine and the commands."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from jewelrymodel.policy.edition import Edition, EditionRefused


class NoEdition(LookupError):
    """No edition of then is at hand; nothing can be decided or sold without one."""


class PinnedTextDiffers(NoEdition):
    """The text at hand is not the one that the purchase was made under. Nothing is decided."""


class EditionChanged(EditionRefused):
    """Another text is published under this date; a text that people accepted never changes."""


class EditionTooEarly(EditionRefused):
    """An edition can't take effect in the past, where sales and decisions went by another."""


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


def refuse_unfit(edition: Edition, others: Iterable[Dated]) -> None:
    """Raise EditionRefused unless *edition* can stand beside *others*, those published before.

    One text a date, and dates and effect in the same order: otherwise "in force" and "latest
    revision" would name different texts. The same edition again fits.
    """
    for one in sorted(others, key=lambda other: other.date):
        if one.date == edition.date and one.sha256 != edition.sha256:
            problem = f"another text is published under {edition.date} (SHA-256 {one.sha256})"
            mend = "put that text back, or give the new one a date of its own"
            raise EditionChanged(edition.file, _line(edition, "edition"), problem, mend)
        if one.date < edition.date and one.starts_at >= edition.starts_at:
            raise _disorder(edition, one, "older", "a later")
        if one.date > edition.date and one.starts_at <= edition.starts_at:
            raise _disorder(edition, one, "newer", "an earlier")


def refuse_backdated(edition: Edition, *, now: datetime) -> None:
    """Raise EditionTooEarly where *edition* would govern what happened before *now*."""
    if edition.starts_at <= now:
        problem = f"it would take effect on {edition.effective_from}, which has begun already"
        mend = "let it take effect tomorrow (UTC) or later"
        raise EditionTooEarly(edition.file, _line(edition, "effective_from"), problem, mend)


def _disorder(edition: Edition, other: Dated, age: str, day: str) -> EditionRefused:
    started = f"{other.starts_at:%Y-%m-%d}"
    problem = (
        f"it takes effect on {edition.effective_from} and the {age} edition of {other.date} "
        f"on {started}: which one is in force would not be clear"
    )
    mend = f"let it take effect on {day} day than {started}"
    return EditionRefused(edition.file, _line(edition, "effective_from"), problem, mend)


def _line(edition: Edition, name: str) -> int:
    """The line of the front matter that sets *name*."""
    lines = edition.source_text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*{name}\s*=", line)), 1)
