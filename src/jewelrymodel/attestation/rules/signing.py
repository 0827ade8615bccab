"""Ed25519 signatures (RFC 8032) over the bytes of a document."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

_CONTEXT = b"jewelrymodel signing key 1\0"


def key_of(secret: str) -> Ed25519PrivateKey:
    """Return the key that *secret* stands for: the same on every machine that has the secret."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_CONTEXT + secret.encode()).digest())


def public_key(key: Ed25519PrivateKey) -> str:
    """Return what others check signatures with: 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def is_signed(content: bytes, *, signature: str, public_key: str) -> bool:
    """Return whether *signature* (hexadecimal) is that of *content* under *public_key*.

    Raises ValueError where one of the two is no such thing.
    """
    known = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    try:
        known.verify(bytes.fromhex(signature), content)
    except InvalidSignature:
        return False
    return True
