"""Documents signed with Ed25519 (RFC 8032), so that others can prove who wrote them."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Signed:
    """A document as it was written, and who signed it."""

    document: str
    signature: str
    public_key: str

    @property
    def sha256(self) -> str:
        """The digest of the document's bytes, as 64 hexadecimal digits."""
        return hashlib.sha256(self.document.encode()).hexdigest()

    @property
    def body(self) -> dict[str, Any]:
        """What the document says."""
        return dict(json.loads(self.document))

    @property
    def is_authentic(self) -> bool:
        """Whether its signature is that of its bytes; raises ValueError where it can't be read."""
        content = self.document.encode()
        return is_signed(content, signature=self.signature, public_key=self.public_key)

    def to_json(self) -> dict[str, str]:
        """Return it as a file shows it."""
        return {
            "document": self.document,
            "signature": self.signature,
            "public_key": self.public_key,
        }


def sign(text: str, *, secret: str) -> Signed:
    """Return *text*, signed by the key that *secret* stands for."""
    key = key_of(secret)
    return Signed(text, key.sign(text.encode()).hex(), public_key(key))
