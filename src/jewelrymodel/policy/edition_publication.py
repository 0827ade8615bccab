"""What an edition must fulfill to be published beside those that are."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from jewelrymodel.policy.edition import EditionRefused
from jewelrymodel.policy.editions_in_force import Dated


class Publishable(Dated, Protocol):
    """An edition whose text was read: of the refund policy, or of another legal text."""

    @property
    def effective_from(self) -> date: ...
    @property
    def source_text(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def reason(self) -> str: ...


class EditionChanged(EditionRefused):
    """Another text is published under this date; a text that people accepted never changes."""


class EditionTooEarly(EditionRefused):
    """An edition can't take effect in the past, where sales and decisions went by another."""


def refuse_unfit(edition: Publishable, others: Iterable[Dated]) -> None:
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


def refuse_backdated(edition: Publishable, *, now: datetime) -> None:
    """Raise EditionTooEarly where *edition* would govern what happened before *now*."""
    if edition.starts_at <= now:
        problem = f"it would take effect on {edition.effective_from}, which has begun already"
        mend = "let it take effect tomorrow (UTC) or later"
        raise EditionTooEarly(edition.file, _line(edition, "effective_from"), problem, mend)


def _disorder(edition: Publishable, other: Dated, age: str, day: str) -> EditionRefused:
    started = f"{other.starts_at:%Y-%m-%d}"
    problem = (
        f"it takes effect on {edition.effective_from} and the {age} edition of {other.date} "
        f"on {started}: which one is in force would not be clear"
    )
    mend = f"let it take effect on {day} day than {started}"
    return EditionRefused(edition.file, _line(edition, "effective_from"), problem, mend)


def _line(edition: Publishable, name: str) -> int:
    """The line of the front matter that sets *name*."""
    lines = edition.source_text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*{name}\s*=", line)), 1)
