"""What a downloaded file is called: ``sku-look-format.jpg``, in letters that every shop takes."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST_PART = 60
_ENDINGS = {"jpeg": "jpg"}
_LETTERS = str.maketrans(
    {"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa", "œ": "oe"}
)


def download_name(*, piece: str, look_id: str, aspect: str, size: str, fmt: str) -> str:
    """Return the name of one image's file.

    *piece* is the piece's SKU, else its name. *aspect* (``4:5``) and *size* (``full``, or the
    shorter edge) tell the files of one look apart. ``R 7``, marble, 4:5, 1080, jpeg is
    ``r-7-marble-4x5-1080.jpg``.
    """
    parts = (slug(piece) or "piece", slug(look_id), aspect.replace(":", "x"), slug(size))
    return f"{'-'.join(part for part in parts if part)}.{_ENDINGS.get(fmt, fmt)}"


def slug(text: str) -> str:
    """Return *text* in lower-case Latin letters, digits and hyphens; "" where it has none."""
    spelled = text.lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower())[:LONGEST_PART].strip("-")


def told_apart(names: Iterable[str]) -> list[str]:
    """Return the names in order; what comes again has a number: ``a.jpg``, ``a-2.jpg``."""
    names = list(names)
    taken = set(names)
    again: list[str] = []
    for name in names:
        stem, _point, ending = name.rpartition(".")
        number, free = 2, name
        while free in again or (free != name and free in taken):
            free, number = f"{stem}-{number}.{ending}", number + 1
        again.append(free)
    return again
