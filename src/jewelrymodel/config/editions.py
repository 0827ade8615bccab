"""The editions of the policy at an installation: brought into the database, and found whole."""

from collections.abc import Iterator
from datetime import datetime

from jewelrymodel.catalog import files, operations, queries, terms
from jewelrymodel.catalog.values import Pin
from jewelrymodel.payments import queries as payments
from jewelrymodel.policy.editions import EditionRefused
from jewelrymodel.policy.governing import EditionChanged
from jewelrymodel.remedies import queries as remedies

ACTOR = "system:prepare"


class TermsIncomplete(Exception):
    """Records rest on a text of the refund policy that the database doesn't hold."""


def bring_in(*, now: datetime) -> Iterator[str]:
    """Fill in texts that are missing, publish the shipped editions; yield what was done, in words.

    A shipped file that can't be published is said and left out: what was published before goes on.
    Raises EditionChanged where one has another text than what was published under its date,
    TermsIncomplete where records rest on what isn't there, NoEdition where nothing is in force.
    """
    yield from _fill_in(now)
    for path in files.shipped():
        try:
            operations.publish_edition(edition=files.read(path), actor=ACTOR, now=now)
        except EditionChanged:
            raise
        except EditionRefused as refusal:
            yield f"left out, not published: {refusal}"
    if found := holes():
        raise TermsIncomplete("\n".join([TermsIncomplete.__doc__ or "", *found]))
    terms.editions()
    terms.in_force(now)


def holes() -> list[str]:
    """Return a sentence with its mend for each text that records rest on and that isn't there."""
    dated = {one.date: one.sha256 for one in terms.published()}
    kept = queries.texts_kept()
    return [
        *(_hole(one) for one in _pins() if one.sha256 not in kept),
        *(
            f"{_records(one)}; under that date {dated.get(one.date, 'nothing')} is published."
            for one in payments.pinned_texts()
            if dated.get(one.date) != one.sha256
        ),
    ]


def _fill_in(now: datetime) -> Iterator[str]:
    """Editions that were registered before texts were kept: only their own text has their hash."""
    wanted = {one.sha256 for one in terms.published()} | {one.sha256 for one in _pins()}
    wanted -= queries.texts_kept()
    if not wanted:
        return
    for path, text in files.texts():
        if operations.sha256_of(text) in wanted:
            operations.keep_text(text, now=now)
            yield f"the text of {path.name} is kept in the database now"
    for one in terms.published():
        if not one.has_text:
            yield f"the text of the edition of {one.date} (SHA-256 {one.sha256}) was found nowhere"


def _pins() -> list[Pin]:
    return [*payments.pinned_texts(), *remedies.cited_texts()]


def _hole(one: Pin) -> str:
    mend = f"put it into {files.drafts_folder()} as a file (*.md) and run jewelrymodel prepare"
    return f"{_records(one)}, which is missing; {mend}."


def _records(one: Pin) -> str:
    return f"{one.count} {one.what} rest on the text of {one.date} with the SHA-256 {one.sha256}"
