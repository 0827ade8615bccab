"""A seller's words in an address, readable by nobody but us: addresses stand in access logs, in a
browser's history and in what a proxy keeps.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def sealed(words: str) -> str:
    """Return the words as an address has them."""
    return _seal().encrypt(words.encode()).decode()


def unsealed(text: str) -> str:
    """Return the words of an address of ours; empty for anything else, as after another key."""
    try:
        return _seal().decrypt(text.encode()).decode()
    except (InvalidToken, UnicodeError):
        return ""


def _seal() -> Fernet:
    key = sha256(f"words in addresses {settings.SECRET_KEY}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))
