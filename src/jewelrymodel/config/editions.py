"""The editions of the policy at an installation: brought into the database, and found whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings

from jewelrymodel.catalog import edition_files, operations, queries, terms
from jewelrymodel.catalog.edition_pins import Pin
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import queries as payments
from jewelrymodel.policy.edition_publication import EditionChanged
from jewelrymodel.policy.edition_reader import EditionRefused
from jewelrymodel.remedies import queries as remedies

ACTOR = Actor.system("prepare")

_INCOMPLETE = "Records rest on a text of the refund policy that the database doesn't hold."


class TermsIncomplete(Exception):
    """Records rest on a text of the refund policy that the database doesn't hold."""


def publish_shipped(*, now: datetime) -> Iterator[str]:
    """Fill in texts that are missing, publish the shipped editions; yield what was done, in words.

    A shipped file that can't be published is said and left out: what was published before goes on.
    Raises EditionChanged where one has another text than what was published under its date,
    TermsIncomplete where records rest on what isn't there, NoEdition where nothing is in force.
    """
    pins = _pins()
    yield from _fill_in(pins, now)
    for path in edition_files.shipped():
        try:
            operations.publish_edition(edition=edition_files.read(path), actor=ACTOR, now=now)
        except EditionChanged:
            if settings.DEMO:
                yield "a demo world is taken away with its editions by: jewelrymodel demo reset"
            raise
        except EditionRefused as refusal:
            yield f"left out, not published: {refusal}"
    if problems := _missing_texts(pins):
        raise TermsIncomplete("\n".join([_INCOMPLETE, *problems]))
    terms.editions()
    terms.in_force(now)


def missing_texts() -> list[str]:
    """Return a sentence with its mend for each text that records rest on and that isn't there."""
    return _missing_texts(_pins())


def _missing_texts(pins: Sequence[Pin]) -> list[str]:
    dated = {one.date: one.sha256 for one in terms.published()}
    stored = queries.texts_kept()
    problems = [_missing(one) for one in pins if one.sha256 not in stored]
    for one in pins:
        if one.what == payments.ORDERS and dated.get(one.date) != one.sha256:
            standing = dated.get(one.date, "nothing")
            problems.append(f"{_records(one)}; under that date {standing} is published.")
    return problems


def _fill_in(pins: Sequence[Pin], now: datetime) -> Iterator[str]:
    """Editions that were registered before texts were kept: only their own text has their hash."""
    wanted = {one.sha256 for one in terms.published()} | {one.sha256 for one in pins}
    wanted -= queries.texts_kept()
    if not wanted:
        return
    for path, text in edition_files.texts():
        if operations.sha256_of(text) in wanted:
            operations.keep_text(text, now=now)
            yield f"the text of {path.name} is kept in the database now"
    for one in terms.published():
        if not one.has_text:
            yield f"the text of the edition of {one.date} (SHA-256 {one.sha256}) was found nowhere"


def _pins() -> list[Pin]:
    return [*payments.pinned_texts(), *remedies.cited_texts()]


def _missing(one: Pin) -> str:
    mend = (
        f"put it into {edition_files.drafts_folder()} as a file (*.md) and run jewelrymodel prepare"
    )
    return f"{_records(one)}, which is missing; {mend}."


def _records(one: Pin) -> str:
    return f"{one.count} {one.what} rest on the text of {one.date} with the SHA-256 {one.sha256}"
