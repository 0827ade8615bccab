"""The operator's legal texts at an installation: brought into the database, and found there."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from jewelrymodel.catalog import edition_files, legal_texts, operations
from jewelrymodel.catalog.documents import Document
from jewelrymodel.config.editions import ACTOR
from jewelrymodel.policy.edition_publication import EditionChanged
from jewelrymodel.policy.edition_reader import EditionRefused

REQUIRED = (Document.TERMS, Document.PRIVACY, Document.IMPRINT)
"""Nobody is served without these; what the contact page says besides its form is up to one."""


class SampleText(Exception):
    """This text is a sample that says so; nobody may be told that it is yours."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} is a sample (`invented = true`). Write your own text over it, take that "
            f"line out, and publish it."
        )


def publish_shipped(*, now: datetime) -> Iterator[str]:
    """Publish the texts that we ship or TERMS_DIR has; yield what was left out, in words.

    Samples are for the demo only. Raises EditionChanged where one has another text than what was
    published under its date.
    """
    for document in Document:
        for path in edition_files.shipped(document):
            try:
                text = legal_texts.read(path)
                if settings.DEMO or not text.is_invented:
                    operations.publish_edition(edition=text, actor=ACTOR, now=now, policy=document)
            except EditionChanged:
                if settings.DEMO:
                    yield "a demo world is taken away with its texts by: jewelrymodel demo reset"
                raise
            except EditionRefused as refusal:
                yield f"{document}: left out, not published: {refusal}"


def missing(*, now: datetime) -> Iterator[tuple[Document, str]]:
    """Yield the texts that real service lacks, each with a sentence that says the mend."""
    for document in REQUIRED:
        text = legal_texts.in_force(document, now)
        if text is None:
            folder = edition_files.drafts_folder(document)
            yield (
                document,
                f"no edition is in force; write {folder}/<date>.md and run jewelrymodel legal "
                f"publish {document} FILE",
            )
        elif text.is_invented:
            yield document, f"the edition of {text.date} is a sample; publish your own"
