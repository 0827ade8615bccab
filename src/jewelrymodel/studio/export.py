"""The finished file: in a seller's format and size, and marked as what it is.

Every file carries, as XMP and (in JPEG) as IPTC, its IPTC digital source type. Worn or in a scene
that is `compositeSynthetic`, a composite with at least one synthetic element: the piece is a
photograph, the person and the surface were rendered by computer graphics.
`compositeWithTrainedAlgorithmicMedia` would claim a trained generator, and the embedded renderer
has none; hosted generators pass that term themselves. A packshot is `humanEdits`: a photograph that
its seller had retouched with tools that generate nothing (the term that replaced `minorHumanEdits`
in September 2024). A photograph of a real person with a photographed piece in it is
`compositeCapture`, "mix or composite of several elements that are all captures of real life" (IPTC
NewsCodes, digitalsourcetype); with a chain that we drew it is `compositeSynthetic` like the rest.
"""

import io
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from xml.sax.saxutils import escape

from PIL import Image, PngImagePlugin

from jewelrymodel.studio.arrays import Bytes

Format = Literal["png", "jpeg", "webp"]
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
COMPOSITE_CAPTURE = SOURCE_TYPES + "compositeCapture"
COMPOSITE_SYNTHETIC = SOURCE_TYPES + "compositeSynthetic"
COMPOSITE_GENERATED = SOURCE_TYPES + "compositeWithTrainedAlgorithmicMedia"
GENERATED = SOURCE_TYPES + "trainedAlgorithmicMedia"
_SHAPE = 0.01  # how far two shapes may differ by rounding to whole pixels
HUMAN_EDITS = SOURCE_TYPES + "humanEdits"
_KEYWORDS = {
    HUMAN_EDITS: "retouched photograph",
    COMPOSITE_CAPTURE: "composite of photographs",
}


@dataclass(frozen=True)
class Provenance:
    """Where a picture comes from. `made_at` is an aware instant; `description` are the sentences
    that travel with the file, what kind of picture it is first.
    """

    made_at: datetime
    description: tuple[str, ...] = ()
    generator: str = "AI Jewelry Model, embedded renderer"
    source_type: str = COMPOSITE_SYNTHETIC


def encode(
    image: Bytes, fmt: Format, provenance: Provenance, size: tuple[int, int] | None = None
) -> bytes:
    """The picture (HxWx3 or HxWx4) as a file, of `size` (width, height) where one is asked for: of
    the picture's own shape, since nothing is stretched, cut or filled up. JPEG lays a transparent
    one on white. Raises ValueError for another shape.
    """
    picture = Image.fromarray(image)
    if fmt == "jpeg" and picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    if size is not None:
        picture = _resized(picture, size)
    out = io.BytesIO()
    xmp = xmp_packet(provenance)
    if fmt == "png":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_itxt("XML:com.adobe.xmp", xmp.decode())
        picture.save(out, "PNG", pnginfo=chunks)
        return out.getvalue()
    if fmt == "webp":
        picture.save(out, "WEBP", quality=92, method=4, xmp=xmp)
        return out.getvalue()
    picture.save(out, "JPEG", quality=92, subsampling=0, xmp=xmp)
    return _with_iptc(out.getvalue(), provenance)


def xmp_packet(provenance: Provenance) -> bytes:
    """The XMP packet: digital source type, generator, date, description."""
    words = escape(" ".join(provenance.description))
    made = provenance.made_at.isoformat(timespec="seconds")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<Iptc4xmpExt:DigitalSourceType>{provenance.source_type}</Iptc4xmpExt:DigitalSourceType>
<xmp:CreatorTool>{escape(provenance.generator)}</xmp:CreatorTool>
<xmp:CreateDate>{made}</xmp:CreateDate>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{words}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if abs(picture.width * size[1] / (picture.height * size[0]) - 1) > _SHAPE:
        raise ValueError(f"{picture.size} has another shape than {size}")
    return picture.resize(size, Image.Resampling.LANCZOS)


def _with_iptc(jpeg: bytes, provenance: Provenance) -> bytes:
    """The JPEG with an IPTC record (IIM 4.2) in a Photoshop resource, after the header that has to
    come first (JFIF's APP0, ITU-T T.871).
    """
    made = provenance.made_at
    fields = (
        (25, _KEYWORDS.get(provenance.source_type, "computer-generated")),
        (55, made.strftime("%Y%m%d")),
        (60, made.strftime("%H%M%S+0000")),
        (65, _octets(provenance.generator, 32)),
        (120, _octets(" ".join(provenance.description), 2000)),
    )
    record = b"\x1c\x01\x5a\x00\x03\x1b%G"  # the record is UTF-8
    for number, text in fields:
        value = text.encode()
        record += struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value
    record += b"\0" * (len(record) % 2)
    resource = b"8BIM" + struct.pack(">HHL", 0x0404, 0, len(record)) + record
    body = b"Photoshop 3.0\0" + resource
    at = 2
    if jpeg[2:4] == b"\xff\xe0":
        at += 2 + int.from_bytes(jpeg[4:6], "big")
    return jpeg[:at] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + jpeg[at:]


def _octets(text: str, most: int) -> str:
    """The text cut to so many bytes of UTF-8, between characters: IIM counts octets."""
    return text.encode()[:most].decode(errors="ignore")
