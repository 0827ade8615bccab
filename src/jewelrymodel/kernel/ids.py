"""Identifiers that sort by time and say what they name, e.g. ``task_06F2…``."""

import secrets
from datetime import UTC, datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_TIME_CHARS = 9
_RANDOM_CHARS = 16

MAX_LENGTH = 32


def new_id(prefix: str, *, now: datetime) -> str:
    """Return a fresh identifier: prefix, milliseconds since 2020 (45 bits), 80 random bits.

    Raises ValueError when *prefix* is not 2–6 lower-case letters or *now* is naive or before 2020.
    """
    if not (2 <= len(prefix) <= 6 and prefix.isascii() and prefix.isalpha() and prefix.islower()):
        raise ValueError(f"an id's prefix is 2–6 lower-case letters, not {prefix!r}")
    if now.tzinfo is None or now < _EPOCH:
        raise ValueError(f"an id needs an aware instant after 2020, not {now!r}")
    milliseconds = int((now - _EPOCH).total_seconds() * 1000)
    return f"{prefix}_{_encode(milliseconds, _TIME_CHARS)}{_random()}"


def _encode(number: int, width: int) -> str:
    chars = []
    for _ in range(width):
        number, digit = divmod(number, 32)
        chars.append(_ALPHABET[digit])
    return "".join(reversed(chars))


def _random() -> str:
    return _encode(secrets.randbits(5 * _RANDOM_CHARS), _RANDOM_CHARS)
