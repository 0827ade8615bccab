"""Whether files can be signed with the operator's certificate: tried on a picture of one tone."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509
from django.conf import settings
from PIL import Image

from jewelrymodel.generation.adapters.signed_file import signatory
from jewelrymodel.infra import content_credentials
from jewelrymodel.infra.content_credentials import LibraryMissing, NotSigned, Signatory, Statement
from jewelrymodel.studio.export import COMPOSITE_SYNTHETIC

_SOON = timedelta(days=30)


@dataclass(frozen=True)
class SigningFinding:
    """One thing about signing: fine, wrong (False), or only worth knowing (None)."""

    is_fine: bool | None
    words: str


def signing(now: datetime) -> Iterator[SigningFinding]:
    """Return what is to be said of the operator's certificate; nothing where none is set. *now* is
    the machine's own time: others compare certificates with theirs. A time stamp is asked for as
    every download would ask.
    """
    try:
        by = signatory()
        if by is None:
            return
        certificate = x509.load_pem_x509_certificate(by.certificate)
        problem = _problem(by)
    except (OSError, ValueError, LibraryMissing) as error:
        yield SigningFinding(False, f"files leave without a signature: {error}")
        return
    who = certificate.subject.rfc4514_string()
    if problem:
        yield SigningFinding(False, f"{who} can't sign, so files leave without it: {problem}")
        return
    ends_at = certificate.not_valid_after_utc
    yield SigningFinding(True, f"{who} signs until {ends_at:%Y-%m-%d}")
    if ends_at < now + _SOON:
        yield SigningFinding(None, "it ends soon; renew it in time, or files leave unsigned")
    if not settings.CONTENT_CREDENTIALS["time_stamp_url"]:
        words = "no time stamps (C2PA_TSA_URL): every signature turns invalid when it ends"
        yield SigningFinding(None, words)


def _problem(by: Signatory) -> str:
    """Why a file can't be signed, or what is signed isn't what was said; empty where it can. Asked
    without a time stamp first, so that it is known which of the two is wrong.
    """
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "gray").save(out, "PNG")
    for one in dict.fromkeys((replace(by, time_stamp_url=""), by)):
        try:
            made = content_credentials.signed(
                out.getvalue(), "png", Statement("doctor", COMPOSITE_SYNTHETIC), one
            )
        except NotSigned as problem:
            where = f"{one.time_stamp_url}: " if one.time_stamp_url else ""
            return f"{where}{problem}"
        found = content_credentials.read(made, "png")
        if not found or not found.is_intact or found.source_type != COMPOSITE_SYNTHETIC:
            return "what it signed can't be read back"
    return ""
