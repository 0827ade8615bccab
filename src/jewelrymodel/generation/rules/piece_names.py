"""What a piece is called before its seller names it, and whether a name tells anything."""

import re

LONGEST = 120
_BY_MACHINES = frozenset(
    {"dsc", "dscf", "dscn", "image", "img", "mvimg", "photo", "pict", "pxl", "scan"}
    | {"screenshot", "unnamed", "untitled", "whatsapp"}
)


def piece_name(file_name: str) -> str:
    """Return the name of a photo's file without its folder, its ending and its separators.

    Empty where nothing else is left of it.
    """
    plain = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = plain.rpartition(".")[0] or plain
    return " ".join(stem.replace("_", " ").split()).strip(". ")[:LONGEST]


def is_telling(name: str) -> bool:
    """Return whether *name* says what a piece is, and not only how a camera numbered its photo."""
    words = {word.lower() for word in re.findall(r"[^\W\d_]{3,}", name)}
    return bool(words - _BY_MACHINES)
