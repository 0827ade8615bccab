"""Files of editions: those that we ship, and drafts in the installation's own folder.

No page and no decision reads them. What is wrong with one is said at the desk and by the commands.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from jewelrymodel.catalog import terms
from jewelrymodel.catalog.edition_pins import Published
from jewelrymodel.policy import edition_publication
from jewelrymodel.policy.edition_reader import Edition, EditionRefused, read_edition

_MANY = 64
"""Files that are kept read: a folder of drafts holds a few."""


@dataclass(frozen=True)
class Draft:
    """A file that isn't published: fit to be, or *problem* says file, line and mend."""

    path: Path
    problem: str = ""


def shipped_folder(policy: str = terms.REFUND) -> Path:
    """Return where the editions are that we ship, or those of TERMS_DIR."""
    return Path(settings.TERMS_DIR) / policy


def shipped(policy: str = terms.REFUND) -> list[Path]:
    """Return the files of those editions, oldest first."""
    return sorted(shipped_folder(policy).glob("*.md"))


def drafts_folder(policy: str = terms.REFUND) -> Path:
    """Return where this installation's own editions wait for being published."""
    return Path(settings.DATA_DIR) / "terms" / policy


def paths(policy: str = terms.REFUND) -> list[Path]:
    """Return every file of an edition, the shipped ones first."""
    own = sorted(drafts_folder(policy).glob("*.md"))
    return list(dict.fromkeys([*shipped(policy), *own]))


def read(path: Path) -> Edition:
    """Return the edition that the file holds, proven; raises EditionRefused whatever is wrong."""
    try:
        return _read(path.name, path.read_bytes(), tuple(terms.names().items()))
    except EditionRefused:
        raise
    except OSError as error:
        problem, mend = f"the file can't be read ({error.strerror})", "mend it or take it away"
    except Exception as error:  # whatever a draft holds, it takes down no page that lists it
        problem = f"this is no edition ({type(error).__name__}: {error})"
        mend = "compare it with a published one"
    raise EditionRefused(path.name, 1, problem, mend)


def drafts(*, now: datetime, policy: str = terms.REFUND) -> list[Draft]:
    """Return the files that aren't published, each with what keeps it from being so at *now*."""
    known = terms.published(policy)
    hashes = {one.sha256 for one in known if one.has_text}
    return [
        Draft(path, _problem(path, known, now))
        for path in paths(policy)
        if _hash(path) not in hashes
    ]


def texts(policy: str = terms.REFUND) -> Iterator[tuple[Path, str]]:
    """Yield the files that hold text, with it."""
    for path in paths(policy):
        try:
            text = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            continue
        if "\0" not in text:
            yield path, text


def _problem(path: Path, known: tuple[Published, ...], now: datetime) -> str:
    try:
        edition = read(path)
        edition_publication.refuse_unfit(edition, known)
        if known:
            edition_publication.refuse_backdated(edition, now=now)
    except EditionRefused as refusal:
        return str(refusal)
    return ""


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@lru_cache(maxsize=_MANY)
def _read(file: str, content: bytes, filled: tuple[tuple[str, str], ...]) -> Edition:
    return read_edition(file, content, dict(filled))
