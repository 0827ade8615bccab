"""The operator's legal texts beside the refund policy: which are published, which is in force.

They are kept as editions of the refund policy are (``terms``): by their hash, never changed.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from jewelrymodel.catalog import edition_files, terms
from jewelrymodel.catalog.documents import Document
from jewelrymodel.catalog.models import TermsEdition, TermsText
from jewelrymodel.policy import editions_in_force
from jewelrymodel.policy.legal_text import LegalText, read_legal_text

_MANY = 256
"""More editions than an operator ever has: each is read once in a process."""


def names() -> dict[str, str]:
    """Return what fills a text's placeholders: who offers the service, as settings say it."""
    said = {"legal_entity": settings.LEGAL_ENTITY, "legal_address": settings.LEGAL_ADDRESS}
    return terms.names() | said


def editions(document: Document) -> tuple[LegalText, ...]:
    """Return every published edition, newest first; raises EditionRefused, terms.TextDamaged."""
    filled = tuple(names().items())
    return tuple(
        _read(f"{one.date.isoformat()}.md", one.sha256, filled)
        for one in terms.published(document)
        if one.has_text
    )


def in_force(document: Document, at: datetime) -> LegalText | None:
    """Return the edition that holds at *at*; None where none was published or has begun."""
    try:
        return editions_in_force.in_force(editions(document), at)
    except editions_in_force.NoEdition:
        return None


def coming(at: datetime) -> list[tuple[Document, LegalText]]:
    """Return the editions that take effect after *at*, the first to come first.

    Where none is to come, that is one small query.
    """
    rows = TermsEdition.objects.filter(policy__in=Document.values, effective_from_at__gt=at)
    of = {(row.policy, row.edition_on) for row in rows}
    announced = [
        (document, one)
        for document in Document
        if any(policy == document for policy, _ in of)
        for one in editions(document)
        if (document, one.date) in of
    ]
    return sorted(announced, key=lambda pair: pair[1].starts_at)


def files(document: Document) -> list[Path]:
    """Return the files of its editions, those that we ship or TERMS_DIR has before one's own."""
    return edition_files.paths(document)


def read(path: Path) -> LegalText:
    """Return the edition that a file holds; raises EditionRefused, OSError."""
    return read_legal_text(path.name, path.read_bytes(), names())


@lru_cache(maxsize=_MANY)
def _read(file: str, sha256: str, filled: tuple[tuple[str, str], ...]) -> LegalText:
    """A text under its hash never changes, so what was read of it stays true."""
    content = TermsText.objects.values_list("text", flat=True).get(sha256=sha256).encode()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise terms.TextDamaged(file=file, sha256=sha256)
    return read_legal_text(file, content, dict(filled))
