"""The texts of the editions: those that we ship, and those that were published here."""

from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from jewelrymodel.policy.editions import Edition, load_editions


def editions(policy: str = "refund") -> tuple[Edition, ...]:
    """Return every edition of *policy*, newest first; read again only where a file came or changed.

    Raises EditionRefused for a file that can't be used, FileNotFoundError where there is none.
    """
    folders = [folder / policy for folder in settings.TERMS_DIRS]
    return _read(tuple(_stamps(folder) for folder in folders if folder.is_dir()))


def in_force(at: datetime, policy: str = "refund") -> Edition:
    """Return the newest edition that has taken effect by *at*; before the first one, that one."""
    known = editions(policy)
    return next((one for one in known if one.effective_from <= at.date()), known[-1])


def _stamps(folder: Path) -> tuple[Path, tuple[tuple[str, int], ...]]:
    files = sorted(folder.glob("*.md"))
    return folder, tuple((file.name, file.stat().st_mtime_ns) for file in files)


@cache
def _read(folders: tuple[tuple[Path, tuple[tuple[str, int], ...]], ...]) -> tuple[Edition, ...]:
    names = {"brand": settings.BRAND, "support_email": settings.SUPPORT_EMAIL}
    found = [one for folder, files in folders if files for one in load_editions(folder, names)]
    if not found:
        raise FileNotFoundError(f"no edition (*.md) in {[str(folder) for folder, _ in folders]}")
    return tuple(sorted(found, key=lambda edition: edition.date, reverse=True))
