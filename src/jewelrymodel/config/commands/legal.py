"""``jewelrymodel legal``: check the texts beside the refund policy, and publish them."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jewelrymodel.catalog import legal_texts, operations, terms
from jewelrymodel.catalog.documents import Document
from jewelrymodel.config import data_folder
from jewelrymodel.config.commands import machine_user
from jewelrymodel.config.commands.publish_edition import NotConfirmed
from jewelrymodel.config.legal_editions import SampleText
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy import edition_publication, legal_text
from jewelrymodel.policy.edition_reader import EditionRefused
from jewelrymodel.policy.legal_text import LegalText


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; raises EditionRefused, SampleText, NotConfirmed and NotSetUp."""
    if options.what == "check":
        return _check()
    return _publish(Document(options.document), Path(options.file), is_sure=options.yes)


def _check() -> int:
    """Exit status 1 where a file can't be used; each is said with line and mend."""
    refused = 0
    for document in Document:
        for path in legal_texts.files(document):
            try:
                text = legal_texts.read(path)
            except EditionRefused as refusal:
                refused += 1
                print(f"{document}: {refusal}")
            else:
                print(f"{document}: {text.date}{', a sample' if text.is_invented else ''}")
    return 1 if refused else 0


def _publish(document: Document, path: Path, *, is_sure: bool) -> int:
    text = legal_texts.read(path)
    if text.is_invented and not settings.DEMO:
        raise SampleText(path)
    with data_folder.database_running():
        data_folder.require_prepared()
        known = terms.published(document)
        edition_publication.refuse_unfit(text, known)
        if any(one.date == text.date for one in known):
            print("It is published already.")
            return 0
        if known:
            edition_publication.refuse_backdated(text, now=clock.now())
        for line in _changes(document, text):
            print(line)
        if not (is_sure or _confirmed(text)):
            raise NotConfirmed
        operations.publish_edition(
            edition=text,
            policy=document,
            actor=Actor.system("policy"),
            actor_label=machine_user(),
            now=clock.now(),
        )
    print(f"Published. Everybody can read it now; it holds from {text.effective_from} (UTC).")
    return 0


def _changes(document: Document, text: LegalText) -> Iterator[str]:
    """What differs from the edition before it, paragraph by paragraph."""
    older = next((one for one in legal_texts.editions(document) if one.date < text.date), None)
    if older is None:
        yield "No edition was published before it."
        return
    yield f"What changes on {text.effective_from} from the edition of {older.date}:"
    for one in legal_text.compare(older, text):
        yield f"\n{one.title}"
        yield from (f"  - {paragraph}" for paragraph in one.before)
        yield from (f"  + {paragraph}" for paragraph in one.after)


def _confirmed(text: LegalText) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(f"\nPublish the edition of {text.date}? [y/N] ").strip().lower() in ("y", "yes")
