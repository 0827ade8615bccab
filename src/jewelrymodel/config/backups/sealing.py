"""Secrets sealed under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals.

The sealed file is JSON. ``manifest_sha256`` is authenticated with the rest, so who has the
passphrase also knows that the manifest, and by it every file, is the one that was written.
"""

import json
import os
from base64 import b64decode, b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from jewelrymodel.kernel.errors import CodedError

SHORTEST_PASSPHRASE = 12
_N, _R, _P = 1 << 17, 8, 1
"""Cost of a guess: 128 MiB and under half a second (ASVS 5, appendix C). What an older backup was
sealed with stands in it.
"""
_MOST_N = 1 << 20
"""Above it a spoilt file could ask for all the memory that there is."""


class WrongPassphrase(CodedError):
    """The passphrase doesn't open these secrets, or somebody changed them."""


class ManifestChanged(CodedError):
    """The manifest isn't the one that the secrets were sealed with."""


def seal(secrets: dict[str, str], *, passphrase: str, manifest_sha256: str) -> bytes:
    """Return the sealed file for *secrets* (content by name) of the backup with that manifest."""
    salt, nonce = os.urandom(16), os.urandom(12)
    head = {
        "format": 1,
        "manifest_sha256": manifest_sha256,
        "scrypt": {"n": _N, "r": _R, "p": _P, "salt": b64encode(salt).decode()},
        "nonce": b64encode(nonce).decode(),
    }
    key = Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(passphrase.encode())
    sealed = AESGCM(key).encrypt(nonce, json.dumps(secrets).encode(), _bound(head))
    return json.dumps(head | {"sealed": b64encode(sealed).decode()}, indent=1).encode()


def unseal(data: bytes, *, passphrase: str, manifest_sha256: str) -> dict[str, str]:
    """Return the secrets by their names; raises ManifestChanged, WrongPassphrase."""
    head = require_same_manifest(data, manifest_sha256=manifest_sha256)
    try:
        cost = head["scrypt"]
        if cost["n"] > _MOST_N or cost["r"] > 16 or cost["p"] > 4:
            raise WrongPassphrase
        salt, nonce = b64decode(cost["salt"]), b64decode(head["nonce"])
        scrypt = Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"])
        sealed = b64decode(head.pop("sealed"))
        opened = AESGCM(scrypt.derive(passphrase.encode())).decrypt(nonce, sealed, _bound(head))
    except (InvalidTag, ValueError, KeyError, TypeError):
        raise WrongPassphrase from None
    return dict(json.loads(opened))


def require_same_manifest(data: bytes, *, manifest_sha256: str) -> dict[str, Any]:
    """Return what stands in the sealed file; raises ManifestChanged unless it is this manifest's.

    Without the passphrase this finds accidents; with it, ``unseal`` finds a forger too.
    """
    try:
        head = dict(json.loads(data))
    except (ValueError, TypeError):
        raise ManifestChanged from None
    if head.get("manifest_sha256") != manifest_sha256:
        raise ManifestChanged
    return head


def _bound(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()
