"""The operator's signature in a file that leaves the shop, where they have a certificate.

The file of an image model's answer goes in as an ingredient where it brought a statement of its
own; the seller's photo never does. Previews and small pictures aren't signed: no shop is sent one.
"""

import logging
from pathlib import Path

from django.conf import settings

from jewelrymodel.generation.models import Asset, Attempt
from jewelrymodel.infra import content_credentials, storage
from jewelrymodel.infra.content_credentials import NotSigned, Signatory, Statement
from jewelrymodel.studio.export import HUMAN_EDITS, Format, Provenance
from jewelrymodel.studio.file_label import label_in

logger = logging.getLogger(__name__)
_EDITED = "c2pa.edited"


def signatory() -> Signatory | None:
    """Return whose certificate signs, None where none is set. Raises OSError where its files can't
    be read any more.
    """
    files = settings.CONTENT_CREDENTIALS
    if not files:
        return None
    certificate, key = (Path(files[name]).read_bytes() for name in ("certificate", "key"))
    return Signatory(certificate, key, files["time_stamp_url"])


def signature_mark() -> str:
    """Return what the key of a signed file has more than that of one that isn't: empty where
    nobody signs, and where who signs can't be told.
    """
    try:
        by = signatory()
    except OSError:
        return ""  # which is said where the file is signed
    return f"-signed-{by.mark}" if by else ""


def signed(asset: Asset, data: bytes, fmt: Format, label: Provenance) -> bytes | None:
    """Return an image's file with what its *label* says signed; None where nobody signs, or where
    it can't be signed, which is logged: a certificate that ended keeps no seller from their image.
    """
    try:
        by = signatory()
        if by is None:
            return None
        then = _EDITED if label.source_type == HUMAN_EDITS else ""
        statement = Statement(label.generator, label.source_type, then)
        return _with_scene(asset, data, fmt, statement, by)
    except (OSError, NotSigned, content_credentials.LibraryMissing) as problem:
        logger.error("image %s leaves without Content Credentials: %s", asset.pk, problem)
        return None


def _with_scene(
    asset: Asset, data: bytes, fmt: Format, statement: Statement, by: Signatory
) -> bytes:
    scene = answer_of(asset)
    try:
        return content_credentials.signed(data, fmt, statement, by, scene)
    except NotSigned as problem:
        if scene is None:
            raise
        logger.warning("image %s is signed without its answer's statement: %s", asset.pk, problem)
        return content_credentials.signed(data, fmt, statement, by)


def answer_of(asset: Asset) -> tuple[str, bytes] | None:
    """Return the image model's answer (its format, its bytes) where it says in a signed way how it
    was made; None where there was none, it says nothing, or it is deleted with its photo.
    """
    made_by = asset.settings if isinstance(asset.settings, dict) else {}
    attempt = Attempt.objects.filter(pk=str(made_by.get("attempt", ""))).first()
    if attempt is None or not attempt.received_key:
        return None
    try:
        data = storage.get(attempt.received_key)
    except FileNotFoundError:
        return None
    label = label_in(data)
    return (label.fmt, data) if label and label.has_credentials else None
