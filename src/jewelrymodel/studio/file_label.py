"""What a picture's file says of itself: the XMP packet that `export` writes, or another's."""

import io
import re
from dataclasses import dataclass
from html import unescape

from PIL import Image, UnidentifiedImageError

_SEVERAL = {"mpo": "jpeg"}  # a JPEG with more pictures behind the first
FORMATS = ("JPEG", "PNG", "WEBP")
_XMP_KEYS = ("xmp", "XML:com.adobe.xmp")
_MOST_XMP = 1_000_000
_FIELDS = {
    "source_type": rb"DigitalSourceType(?:>|=[\"'])\s*([^<\"']+)",
    "generator": rb"CreatorTool(?:>|=[\"'])\s*([^<\"']+)",
    "made_at": rb"CreateDate(?:>|=[\"'])\s*([^<\"']+)",
    "description": rb"<dc:description>.*?<rdf:li[^>]*>([^<]*)<",
}
_CREDENTIALS = (b"jumbc2pa", b"c2pa\x00", b"jumdc2pa")


@dataclass(frozen=True)
class FileLabel:
    """What the file says, empty where it says nothing: the IPTC digital source type as an address,
    the program, when it was made, its description. `has_credentials`: a C2PA manifest lies in it,
    whose signature nobody has checked here. `fmt` is "jpeg", "png" or "webp".
    """

    source_type: str = ""
    generator: str = ""
    made_at: str = ""
    description: str = ""
    has_credentials: bool = False
    fmt: str = ""


def label_in(data: bytes) -> FileLabel | None:
    """Return what the file of a JPEG, PNG or WebP says of itself, without decoding its pixels; None
    where it is no such picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            fmt = (image.format or "").lower()
            found = next((image.info[key] for key in _XMP_KEYS if key in image.info), b"")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None
    packet = (found.encode() if isinstance(found, str) else bytes(found))[:_MOST_XMP]
    said = {}
    for name, pattern in _FIELDS.items():
        match = re.search(pattern, packet, re.DOTALL)
        said[name] = unescape(match.group(1).decode(errors="replace")).strip() if match else ""
    is_signed = any(mark in data for mark in _CREDENTIALS)
    return FileLabel(**said, has_credentials=is_signed, fmt=_SEVERAL.get(fmt, fmt))
