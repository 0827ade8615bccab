"""The published editions of a policy, read from the database; which one is in force.

Files are drafts until they are published (``edition_files``): what is served, sold under and
decided by is what the database holds.
"""

import hashlib
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import connection

from jewelrymodel.catalog.edition_pins import Published
from jewelrymodel.catalog.models import TermsEdition, TermsText
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.policy import editions_in_force
from jewelrymodel.policy.edition_reader import Edition, EditionRefused, read_edition

REFUND = "refund"
_PUBLISHED = """
SELECT edition_on, effective_from_at, sha256, text.sha256 IS NOT NULL
FROM catalog_terms_edition LEFT JOIN catalog_terms_text AS text USING (sha256)
WHERE policy = %s ORDER BY edition_on DESC
"""
_MANY = 256
"""More editions than a shop ever has: each is read and parsed once in a process."""


class TextDamaged(CodedError):
    """The stored text of an edition doesn't have the hash that it is stored under."""


UNREADABLE = (editions_in_force.NoEdition, TextDamaged, EditionRefused)
"""What reading a text raises where it is missing, another, damaged, or not readable here."""


def names() -> dict[str, str]:
    """Return what fills an edition's placeholders; its hash is that of the text without it."""
    return {"brand": settings.BRAND, "support_email": settings.SUPPORT_EMAIL}


def published(policy: str = REFUND) -> tuple[Published, ...]:
    """Return what is known of every published edition, newest first; one small query.

    In SQL, because pages and decisions ask it each time: the mapper takes five times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISHED, [policy])
        return tuple(Published(*row) for row in cursor.fetchall())


def editions(policy: str = REFUND) -> tuple[Edition, ...]:
    """Return every published edition whose text is here, newest first.

    One small query; a text is read and parsed once in a process. Raises EditionRefused where this
    version can't read a published text, TextDamaged.
    """
    return tuple(_edition(one) for one in published(policy) if one.has_text)


def in_force(at: datetime, policy: str = REFUND) -> Edition:
    """Return the edition that governs what happens at *at*.

    Raises NoEdition where none has taken effect yet, or the text of the one that has is missing.
    """
    found = editions_in_force.in_force(published(policy), at)
    if not found.has_text:
        raise editions_in_force.NoEdition(f"the text of the edition of {found.date} is missing")
    return _edition(found)


def pinned(row: TermsEdition) -> Edition:
    """Return the text of the edition that an order pinned.

    Raises NoEdition where it is missing, PinnedTextDiffers where another has its date.
    """
    return editions_in_force.of_day(editions(row.policy), row.edition_on, row.sha256)


def _edition(one: Published) -> Edition:
    return _read(f"{one.date.isoformat()}.md", one.sha256, tuple(names().items()))


@lru_cache(maxsize=_MANY)
def _read(file: str, sha256: str, filled: tuple[tuple[str, str], ...]) -> Edition:
    """A text under its hash never changes, so what was read of it stays true."""
    content = TermsText.objects.values_list("text", flat=True).get(sha256=sha256).encode()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise TextDamaged(file=file, sha256=sha256)
    return read_edition(file, content, dict(filled), is_published=True)
