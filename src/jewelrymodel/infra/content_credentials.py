"""Content Credentials (C2PA): a statement of how a file was made, signed inside the file.

The library for it is not part of what the service needs: it is loaded where a file is signed or
read, and its absence is an error of its own. It fetches nothing: a file of somebody else may name
an address of its statement, and whoever looks at the file would be sent there.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from jewelrymodel.kernel.errors import CodedError

MIME = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
"""The formats that are signed and read, by the names that Pillow has for them in small letters."""
_SETTINGS: dict[str, Any] = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
"""Without thumbnails: one of an ingredient would show what the finished image doesn't."""
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_INGREDIENT = "scene"


class LibraryMissing(CodedError):
    """What signs and reads files isn't installed."""


class NotSigned(CodedError):
    """The file could not be signed; *why* says what is wrong with the certificate or the key."""


@dataclass(frozen=True)
class Signatory:
    """Who signs: the *certificate* and those that vouch for it, as PEM, its own first; its *key* as
    PEM without a password; where signatures are time-stamped, empty: nowhere.
    """

    certificate: bytes
    key: bytes
    time_stamp_url: str = ""

    @property
    def mark(self) -> str:
        """What tells files signed by this one from others, twelve characters."""
        return sha256(self.certificate + self.time_stamp_url.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Statement:
    """What is signed: the program, the IPTC digital source type as an address, and what was done to
    it after it was made (a C2PA action, such as ``c2pa.edited``; empty: nothing).
    """

    program: str
    source_type: str
    then: str = ""


@dataclass(frozen=True)
class Credentials:
    """What a file's newest statement says and by whom it is signed, as the certificate has it;
    `is_intact`: nothing was changed since. `ingredients` are who signed each picture that it was
    made of, empty for one without a signature.
    """

    is_intact: bool
    signed_by: str
    source_type: str
    ingredients: tuple[str, ...]


def signed(
    data: bytes,
    fmt: str,
    statement: Statement,
    by: Signatory,
    scene: tuple[str, bytes] | None = None,
) -> bytes:
    """Return the file, in a format of MIME, with the *statement* in it; *scene* is the picture that
    stands in it (its format, its bytes), whose own statement goes along. Nothing may be changed in
    the file afterwards. Raises NotSigned and LibraryMissing.
    """
    c2pa = _library()
    actions: list[dict[str, Any]] = [
        {"action": "c2pa.created", "digitalSourceType": statement.source_type}
    ]
    if scene:
        actions.append({"action": "c2pa.placed", "parameters": {"ingredientIds": [_INGREDIENT]}})
    if statement.then:
        actions.append({"action": statement.then})
    manifest = {
        "claim_generator_info": [{"name": statement.program}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": actions}}],
    }
    made = io.BytesIO()
    try:
        info = c2pa.C2paSignerInfo(
            alg=getattr(c2pa.C2paSigningAlg, _algorithm(by.key)),
            sign_cert=by.certificate,
            private_key=_plain(by.key),
            ta_url=by.time_stamp_url.encode() or None,
        )
        context = c2pa.Context.from_dict(_SETTINGS)
        with (
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(json.dumps(manifest), context=context) as builder,
        ):
            if scene:
                named = {"title": "scene", "relationship": "componentOf", "label": _INGREDIENT}
                builder.add_ingredient(json.dumps(named), MIME[scene[0]], io.BytesIO(scene[1]))
            builder.sign(signer, MIME[fmt], io.BytesIO(data), made)
    except c2pa.C2paError as problem:
        raise NotSigned(why=str(problem)) from None
    return made.getvalue()


def read(data: bytes, fmt: str) -> Credentials | None:
    """Return what a file in a format of MIME states; None where it states nothing that can be read.
    Raises LibraryMissing.
    """
    c2pa = _library()
    try:
        context = c2pa.Context.from_dict(_SETTINGS)
        with c2pa.Reader(MIME[fmt], io.BytesIO(data), context=context) as reader:
            told = json.loads(reader.json())
            state = str(reader.get_validation_state())
    except (c2pa.C2paError, ValueError):
        return None
    manifests = told["manifests"]
    newest = manifests.get(told.get("active_manifest"))
    if newest is None:
        return None
    return Credentials(
        is_intact=state in ("Valid", "Trusted"),
        signed_by=_signer_of(newest),
        source_type=_source_type(newest),
        ingredients=tuple(
            _signer_of(manifests.get(one.get("active_manifest"), {}))
            for one in newest.get("ingredients", [])
        ),
    )


def _library() -> Any:
    try:
        import c2pa
    except ImportError:
        raise LibraryMissing from None
    return c2pa


def _signer_of(manifest: Mapping[str, Any]) -> str:
    said = manifest.get("signature_info", {})
    return ", ".join(filter(None, (said.get("common_name"), said.get("issuer"))))


def _source_type(manifest: Mapping[str, Any]) -> str:
    for one in manifest.get("assertions", []):
        if str(one.get("label", "")).startswith("c2pa.actions"):
            for action in one["data"].get("actions", []):
                if action.get("digitalSourceType"):
                    return str(action["digitalSourceType"])
    return ""


def _loaded(key: bytes) -> Any:
    try:
        return load_pem_private_key(key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise NotSigned(why=f"the key can't be read: {problem}") from None


def _algorithm(key: bytes) -> str:
    """Return C2PA's name of what a key signs with; raises NotSigned for a kind that it lacks."""
    found = _loaded(key)
    if isinstance(found, ec.EllipticCurvePrivateKey) and found.curve.name in _CURVES:
        return _CURVES[found.curve.name]
    if isinstance(found, rsa.RSAPrivateKey):
        return "PS256"
    if isinstance(found, ed25519.Ed25519PrivateKey):
        return "ED25519"
    raise NotSigned(why="this kind of key isn't among C2PA's")


def _plain(key: bytes) -> bytes:
    """Return the key as PKCS#8, the only form that the library reads."""
    return bytes(_loaded(key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
