"""Colors come out as they were meant, however a file says what its numbers mean."""

import io
import struct
from collections.abc import Callable

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from jewelrymodel.studio.color_declarations import avif_code_points, profile_code_points
from jewelrymodel.studio.color_spaces import BT_709, CodePoints, ColorSpace, matrix_profile
from jewelrymodel.studio.messages import PhotoNote
from jewelrymodel.studio.photo import Photo, PhotoRefused, open_photo

GOLD = (212, 175, 55)
SIZE = (400, 300)
BT_2020, DISPLAY_P3 = 9, 12
SRGB, PQ, HLG, LINEAR = 13, 16, 18, 8
# Linear sRGB to the linear space: CSS Color 4 (Display P3), ITU-R BT.2087 (BT.2020).
MATRICES = {
    DISPLAY_P3: [[0.8225, 0.1774, 0.0], [0.0332, 0.9669, 0.0], [0.0171, 0.0724, 0.9108]],
    BT_2020: [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]],
}
P3_CHROMATICITIES = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)


def linear(color: tuple[int, ...]) -> np.ndarray:
    value = np.array(color) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def encoded(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def plain(values: np.ndarray) -> Image.Image:
    return Image.new("RGB", SIZE, tuple(int(value) for value in np.rint(values * 255)))


def gold_in(primaries: int) -> Image.Image:
    return plain(encoded(np.array(MATRICES[primaries]) @ linear(GOLD)))


def png(image: Image.Image, **chunks: bytes) -> bytes:
    info = PngImagePlugin.PngInfo()
    for kind, content in chunks.items():
        info.add(kind.encode(), content)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=info)
    return out.getvalue()


def heic(image: Image.Image, primaries: int, transfer: int) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(
        out, quality=95, chroma=444, color_primaries=primaries, matrix_coefficients=primaries % 3,
        transfer_characteristics=transfer, full_range_flag=1,
    )  # fmt: skip
    return out.getvalue()


def avif(image: Image.Image, primaries: int = 1, transfer: int = SRGB) -> bytes:
    out = io.BytesIO()
    image.save(out, "AVIF", quality=95, subsampling="4:4:4")
    declared = struct.pack(">4sHH", b"nclx", 1, SRGB)
    assert out.getvalue().count(declared) == 1
    return out.getvalue().replace(declared, struct.pack(">4sHH", b"nclx", primaries, transfer))


def measured(gamma: float | None, chromaticities: tuple[float, ...] = ()) -> dict[str, bytes]:
    chunks = {}
    if gamma is not None:
        chunks["gAMA"] = struct.pack(">I", round(gamma * 100_000))
    if chromaticities:
        chunks["cHRM"] = struct.pack(">8I", *(round(one * 100_000) for one in chromaticities))
    return chunks


def codes(opened: Photo) -> list[str]:
    return [note.code for note in opened.notes if note.code != PhotoNote.FROM_HEIC]


def distance(opened: Photo) -> float:
    return float(np.abs(opened.rgb.mean((0, 1)) - GOLD).max())


@pytest.mark.parametrize("transfer", [PQ, HLG])
@pytest.mark.parametrize(
    "make",
    [
        heic,
        avif,
        lambda image, primaries, transfer: png(image, cICP=bytes([primaries, transfer, 0, 1])),
    ],
    ids=["heic", "avif", "png"],
)
def test_hdr_is_refused(make: Callable[..., bytes], transfer: int) -> None:
    with pytest.raises(PhotoRefused) as caught:
        open_photo(make(plain(np.array(GOLD) / 255), BT_2020, transfer))
    assert caught.value.code == "hdr"


def with_cicp_tag(transfer: int) -> bytes:
    """A profile whose last tag, a curve like two others, has become a cicp tag."""
    profile = matrix_profile(CodePoints(BT_2020, SRGB).space)
    (size,) = struct.unpack(">I", profile[:4])
    entry = profile.rindex(b"bTRC", 0, 300)
    tag = b"cicp" + struct.pack(">II", size, 12)
    content = b"cicp" + struct.pack(">4x4B", BT_2020, transfer, 0, 1)
    return struct.pack(">I", size + 12) + profile[4:entry] + tag + profile[entry + 12 :] + content


def test_hdr_named_by_an_icc_profile_is_refused() -> None:
    out = io.BytesIO()
    gold_in(BT_2020).save(out, "JPEG", icc_profile=with_cicp_tag(PQ))
    with pytest.raises(PhotoRefused) as caught:
        open_photo(out.getvalue())
    assert caught.value.code == "hdr"
    assert profile_code_points(with_cicp_tag(SRGB)) == CodePoints(BT_2020, SRGB)
    assert profile_code_points(with_cicp_tag(SRGB)[:-1]) is None
    assert profile_code_points(b"nonsense") is None


@pytest.mark.parametrize("primaries", [DISPLAY_P3, BT_2020])
@pytest.mark.parametrize(
    "make",
    [
        lambda image, primaries: heic(image, primaries, SRGB),
        lambda image, primaries: avif(image, primaries),
        lambda image, primaries: png(image, cICP=bytes([primaries, SRGB, 0, 1])),
    ],
    ids=["heic", "avif", "png"],
)
def test_a_space_named_by_numbers_is_converted(make: Callable[..., bytes], primaries: int) -> None:
    opened = open_photo(make(gold_in(primaries), primaries))
    assert distance(opened) <= 3
    assert codes(opened) == [PhotoNote.TO_SRGB]


@pytest.mark.parametrize(
    ("image", "chunks"),
    [
        (gold_in(DISPLAY_P3), measured(0.45455, P3_CHROMATICITIES)),
        (gold_in(DISPLAY_P3), measured(None, P3_CHROMATICITIES)),
        (plain(linear(GOLD)), measured(1.0)),
        (plain(linear(GOLD)), {"cICP": bytes([1, LINEAR, 0, 1])}),
        (plain((np.array(GOLD) / 255) ** (2.2 / 1.8)), measured(1 / 1.8, BT_709)),
    ],
)
def test_a_png_that_measures_its_space_is_converted(
    image: Image.Image, chunks: dict[str, bytes]
) -> None:
    opened = open_photo(png(image, **chunks))
    assert distance(opened) <= 5
    assert codes(opened) == [PhotoNote.TO_SRGB]


@pytest.mark.parametrize(
    "chunks",
    [
        measured(0.45455),
        measured(0.45455, BT_709),
        {"sRGB": b"\0", **measured(1.0, P3_CHROMATICITIES)},
        {"cICP": bytes([1, SRGB, 0, 1]), **measured(1.0)},
        {"cICP": bytes([2, 2, 0, 1])},
        {"cICP": bytes([1, 1, 0, 1])},
    ],
)
def test_what_says_srgb_is_left_alone(chunks: dict[str, bytes]) -> None:
    opened = open_photo(png(plain(np.array(GOLD) / 255), **chunks))
    assert distance(opened) == 0
    assert codes(opened) == []


def test_chromaticities_that_cannot_be_are_noted() -> None:
    impossible = measured(0.45455, (0.3, 0.0, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3))
    opened = open_photo(png(plain(np.array(GOLD) / 255), **impossible))
    assert distance(opened) == 0
    assert codes(opened) == [PhotoNote.PROFILE_UNREADABLE]


def test_gray_is_converted_too() -> None:
    light = int(np.rint(linear((128,))[0] * 255))
    opened = open_photo(png(Image.new("L", SIZE, light), **measured(1.0)))
    assert abs(int(opened.rgb[0, 0, 0]) - 128) <= 2
    assert codes(opened) == [PhotoNote.TO_SRGB]


def test_a_made_profile_says_what_the_library_says_of_srgb() -> None:
    made = ImageCms.ImageCmsProfile(io.BytesIO(matrix_profile(ColorSpace(BT_709, None)))).profile
    known = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).profile
    for name in ("red_colorant", "green_colorant", "blue_colorant"):
        assert np.allclose(getattr(made, name)[0], getattr(known, name)[0], atol=2e-4)


@pytest.mark.parametrize("major", [b"mif1", b"msf1"])
def test_avif_is_known_by_its_compatible_brands(major: bytes) -> None:
    data = avif(plain(np.array(GOLD) / 255))
    opened = open_photo(data[:8] + major + data[12:])
    assert distance(opened) <= 3
    assert opened.notes == ()


def test_heic_is_known_by_its_compatible_brands() -> None:
    data = heic(plain(np.array(GOLD) / 255), 1, SRGB)
    assert distance(open_photo(data[:8] + b"mif1" + data[12:])) <= 3


def box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), kind) + content


@pytest.mark.parametrize("wide", [False, True])
def test_the_hdr_rendition_of_a_gain_map_is_not_the_photo(wide: bool) -> None:
    """Item 1 is the photo, item 2 its rendition with the gain map; each has a colr box."""
    colors = [
        box(b"colr", struct.pack(">4sHHHB", b"nclx", 9, PQ, 9, 128)),
        box(b"colr", b"prof", b"an ICC profile"),
        box(b"colr", struct.pack(">4sHHHB", b"nclx", 12, SRGB, 6, 128)),
    ]
    if wide:
        items = struct.pack(">4BI", 1, 0, 0, 1, 2)
        items += struct.pack(">IBH", 2, 1, 1) + struct.pack(">IBHH", 1, 2, 2, 0x8003)
        primary = b"\x01\0\0\0" + struct.pack(">I", 1)
    else:
        items = struct.pack(">4BI", 0, 0, 0, 0, 2)
        items += struct.pack(">HBB", 2, 1, 1) + struct.pack(">HBBB", 1, 2, 2, 0x83)
        primary = b"\0\0\0\0" + struct.pack(">H", 1)
    properties = box(b"iprp", box(b"ipco", *colors), box(b"ipma", items))
    data = box(b"ftyp", b"avif\0\0\0\0avif") + box(b"meta", b"\0" * 4, box(b"pitm", primary),
                                                   properties)  # fmt: skip
    assert avif_code_points(data) == CodePoints(12, SRGB)


def test_only_the_primary_image_of_a_heic_counts() -> None:
    file = pillow_heif.HeifFile()
    file.add_from_pillow(gold_in(DISPLAY_P3))
    file.add_from_pillow(plain(np.ones(3)))
    for image, primaries, transfer in zip(file, (DISPLAY_P3, BT_2020), (SRGB, PQ), strict=True):
        image.info["nclx_profile"] = {
            "color_primaries": primaries, "transfer_characteristics": transfer,
            "matrix_coefficients": 6, "full_range_flag": 1,
        }  # fmt: skip
    out = io.BytesIO()
    file.save(out, quality=95, chroma=444, primary_index=0)
    named = [one.info["nclx_profile"] for one in pillow_heif.open_heif(out.getvalue())]
    assert [one["transfer_characteristics"] for one in named] == [SRGB, PQ]
    opened = open_photo(out.getvalue())
    assert distance(opened) <= 3
    assert codes(opened) == [PhotoNote.TO_SRGB]


def test_avif_without_a_declaration() -> None:
    assert avif_code_points(box(b"ftyp", b"avif\0\0\0\0")) is None
    assert avif_code_points(box(b"meta", b"\0" * 4, box(b"pitm", b"\0\0\0\0\0\1"))) is None


@pytest.mark.parametrize(
    ("values", "shade"),
    [
        (np.full((300, 400), 0.5, np.float32), 128),
        (np.full((300, 400), 128.0, np.float32), 128),
        (np.full((300, 400), 32896.0, np.float32), 128),
    ],
)
def test_a_float_tiff_is_as_bright_as_it_was(values: np.ndarray, shade: int) -> None:
    values[0, 0] = np.nan
    out = io.BytesIO()
    Image.fromarray(values).save(out, "TIFF")
    opened = open_photo(out.getvalue())
    assert abs(int(opened.rgb[100, 100, 0]) - shade) <= 1
    assert codes(opened) == [PhotoNote.FROM_32_BIT]


# An emerald, bare paper and black ink alone; what a press makes of them, measured with a profile.
INKS = [((80, 10, 70, 5), (4, 141, 97)), ((0, 0, 0, 0), (255, 255, 255)), ((0, 0, 0, 100), None)]


@pytest.mark.parametrize("file_format", ["TIFF", "JPEG"])
@pytest.mark.parametrize(("inks", "seen"), INKS)
def test_inks_without_a_profile_look_as_printed(
    file_format: str, inks: tuple[int, ...], seen: tuple[int, ...] | None
) -> None:
    out = io.BytesIO()
    picture = Image.new("CMYK", SIZE, tuple(round(ink * 2.55) for ink in inks))
    picture.save(out, file_format, **({"quality": 95} if file_format == "JPEG" else {}))
    photo = open_photo(out.getvalue())
    assert [note.code for note in photo.notes] == [PhotoNote.FROM_CMYK]
    if seen is None:
        assert photo.rgb[5, 5].max() < 60
    else:
        assert np.abs(photo.rgb[5, 5].astype(int) - seen).max() <= 4


def test_inks_with_a_profile_that_cannot_be_read_look_as_printed() -> None:
    out = io.BytesIO()
    inks = tuple(round(ink * 2.55) for ink in INKS[0][0])
    Image.new("CMYK", SIZE, inks).save(out, "TIFF", icc_profile=b"not a profile")
    photo = open_photo(out.getvalue())
    assert PhotoNote.PROFILE_UNREADABLE in [note.code for note in photo.notes]
    assert np.abs(photo.rgb[5, 5].astype(int) - INKS[0][1]).max() <= 4
