"""Legal texts for these tests: small ones, published under any date."""

from datetime import timedelta
from pathlib import Path

from jewelrymodel.catalog import edition_files, legal_texts, operations
from jewelrymodel.catalog.documents import Document
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.legal_text import LegalText, read_legal_text
from tests.support.shop import now

DAY = timedelta(days=1)


def source(day: str, words: str, *, effective: str = "", more: str = "") -> str:
    """The file of an edition that says *words*."""
    front = f'edition = {day}\neffective_from = {effective or day}\nreason = "New words"\n{more}'
    return f"+++\n{front}+++\n\n# Our text\n\n## Part {{#part}}\n\n{words}\n"


def publish(document: Document, day: str, words: str, *, effective: str = "") -> LegalText:
    """Publish an edition, on the day before it takes effect."""
    text = source(day, words, effective=effective).encode()
    edition = read_legal_text(f"{day}.md", text, legal_texts.names())
    operations.publish_edition(
        edition=edition,
        policy=document,
        actor=Actor.system("test"),
        now=min(now(), edition.starts_at - DAY),
    )
    return edition


def draft(document: Document, day: str, words: str, *, more: str = "") -> Path:
    """The file of an edition in the installation's own folder."""
    folder = edition_files.drafts_folder(document)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day}.md"
    path.write_text(source(day, words, more=more))
    return path
