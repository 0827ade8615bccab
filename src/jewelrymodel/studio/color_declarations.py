"""Which color space a file declares by numbers, where its decoder doesn't pass them on."""

import struct
from collections.abc import Iterator

from PIL import Image

from jewelrymodel.studio.color_spaces import BT_709, CodePoints, ColorSpace

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PLAIN_GAMMAS = (0.44, 0.47)  # 1 / 2.2 as it is written for sRGB


def container_brands(data: bytes) -> frozenset[bytes]:
    """Return the major and the compatible brands of an ISO file (HEIC, AVIF); of others, none."""
    if data[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(data[:4], "big"), len(data))
    return frozenset(data[at : at + 4] for at in (8, *range(16, end - 3, 4)))


def png_code_points(data: bytes) -> CodePoints | None:
    """Return what a PNG's cICP chunk names."""
    if not data.startswith(_PNG_SIGNATURE):
        return None
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"cICP" and size == 4:
            return CodePoints(data[at + 8], data[at + 9])
        if kind == b"IDAT":
            break
        at += 12 + size
    return None


def png_measured_space(image: Image.Image) -> ColorSpace | None:
    """Return the space that a PNG's gAMA and cHRM chunks measure out; its sRGB chunk overrules."""
    gamma: float = image.info.get("gamma") or 0.0
    chromaticities = image.info.get("chromaticity")
    if image.format != "PNG" or "srgb" in image.info or not (gamma or chromaticities):
        return None
    is_plain = not gamma or _PLAIN_GAMMAS[0] <= gamma <= _PLAIN_GAMMAS[1]
    return ColorSpace(chromaticities or BT_709, None if is_plain else 1 / gamma)


def profile_code_points(profile: bytes) -> CodePoints | None:
    """Return what the cicp tag of an ICC profile names."""
    count = int.from_bytes(profile[128:132], "big")
    for entry in range(132, min(132 + 12 * count, len(profile)), 12):
        if profile[entry : entry + 4] == b"cicp":
            start = int.from_bytes(profile[entry + 4 : entry + 8], "big")
            content = profile[start : start + 12]
            return CodePoints(content[8], content[9]) if len(content) == 12 else None
    return None


def avif_code_points(data: bytes) -> CodePoints | None:
    """Return what the colr box of an AVIF's primary image names.

    Only of the primary one: beside it, a photo with a gain map declares its HDR rendition.
    """
    meta = dict(_boxes(_box(data, b"meta")[4:]))
    properties = dict(_boxes(meta.get(b"iprp", b"")))
    boxes = list(_boxes(properties.get(b"ipco", b"")))
    primary = meta.get(b"pitm", b"")
    if not primary:
        return None
    item = int.from_bytes(primary[4:], "big")
    for index in _associations(properties.get(b"ipma", b"")).get(item, ()):
        kind, content = boxes[index - 1] if 0 < index <= len(boxes) else (b"", b"")
        if kind == b"colr" and content[:4] == b"nclx":
            return CodePoints(*struct.unpack_from(">HH", content, 4))
    return None


def _box(data: bytes, wanted: bytes) -> bytes:
    return next((content for kind, content in _boxes(data) if kind == wanted), b"")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        size = size or len(data) - at
        if size < head:
            return
        yield kind, data[at + head : at + size]
        at += size


def _associations(data: bytes) -> dict[int, tuple[int, ...]]:
    """The properties (counted from 1) of every item, from an ipma box."""
    if not data:
        return {}
    item_format, index_format = ">I" if data[0] else ">H", ">H" if data[3] & 1 else ">B"
    item_size, index_size = struct.calcsize(item_format), struct.calcsize(index_format)
    mask = (1 << (8 * index_size - 1)) - 1  # the highest bit says "essential"
    (count,) = struct.unpack_from(">I", data, 4)
    at, found = 8, {}
    for _ in range(count):
        (item,) = struct.unpack_from(item_format, data, at)
        indices = range(at + item_size + 1, at + item_size + 1 + data[at + item_size] * index_size,
                        index_size)  # fmt: skip
        found[item] = tuple(struct.unpack_from(index_format, data, i)[0] & mask for i in indices)
        at = indices.stop
    return found
