"""Whether a webhook is fal's: Ed25519 over four lines, by keys that it publishes (a JWKS)."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.cache import cache

from jewelrymodel.generation.adapters.provider_http import connections
from jewelrymodel.kernel.errors import CodedError

TOLERANCE_S = 300
KEYS_KEPT_S, _NO_KEYS_KEPT_S = 24 * 3600, 30  # so that forged ones don't have them fetched each
_HEADERS = ("request-id", "user-id", "timestamp", "signature")


class ForgedWebhook(CodedError):
    """The signature isn't the provider's, or too old."""


class KeysUnavailable(CodedError):
    """The provider's keys can't be had just now."""


def require_signed(headers: Mapping[str, str], body: bytes, *, keys_url: str, now: datetime) -> str:
    """Return a webhook's request id; raises ForgedWebhook and KeysUnavailable."""
    request_id, user_id, at, signature = (
        headers.get(f"x-fal-webhook-{name}", "") for name in _HEADERS
    )
    if not at.isdecimal() or abs(int(at[:15]) - now.timestamp()) > TOLERANCE_S:
        raise ForgedWebhook(why="timestamp")
    digest = hashlib.sha256(body).hexdigest()
    message = "\n".join((request_id, user_id, at, digest)).encode()
    try:
        sealed = bytes.fromhex(signature)
    except ValueError:
        raise ForgedWebhook(why="signature") from None
    if not any(_verifies(key, sealed, message) for key in _keys(keys_url)):
        raise ForgedWebhook(why="signature")
    return request_id


def _verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _keys(url: str) -> list[bytes]:
    name = f"webhook-keys-{hashlib.sha256(url.encode()).hexdigest()[:24]}"
    known: list[bytes] | None = cache.get(name)
    if known is None:
        known = _fetched(url)
        cache.set(name, known, KEYS_KEPT_S if known else _NO_KEYS_KEPT_S)
    if not known:
        raise KeysUnavailable(url=url)
    return known


def _fetched(url: str) -> list[bytes]:
    """The published keys; none where they can't be had."""
    try:
        document: Any = connections().get(url, timeout=10.0).raise_for_status().json()
        rows = document["keys"]
        return [_from_base64(str(one["x"])) for one in rows if one.get("crv") == "Ed25519"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return []


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
