"""RGB color spaces by their numbers, and the ICC profile that says the same."""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# ITU-T H.273, tables 2 and 3. White, red, green and blue, each as x and y: the order of cHRM.
Chromaticities = tuple[float, float, float, float, float, float, float, float]
_D65 = (0.3127, 0.3290)
BT_709: Chromaticities = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_PRIMARIES: dict[int, Chromaticities] = {
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (*_D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    12: (*_D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
}
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
_HDR_TRANSFERS = (16, 18)  # PQ and HLG
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)  # IEC 61966-2-1
_SMALLEST_GAMUT = 0.02  # of the xy plane; sRGB takes up 0.112
# ICC.1:2022, 6.3.4.3 and annex E: the connection space's white, and Bradford's cone responses.
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


@dataclass(frozen=True)
class CodePoints:
    """The numbers of H.273 by which PNG, HEIC and AVIF name a color space."""

    primaries: int
    transfer: int

    @property
    def is_hdr(self) -> bool:
        """Whether values stand for light up to thousands of cd/m², not for paper white at most."""
        return self.transfer in _HDR_TRANSFERS

    @property
    def space(self) -> "ColorSpace":
        """The space; sRGB where a number is unspecified.

        The curves of BT.601, 709 and 2020 count as sRGB's: stills that name them are made to be
        looked at on an sRGB display.
        """
        return ColorSpace(_PRIMARIES.get(self.primaries, BT_709), _GAMMAS.get(self.transfer))


@dataclass(frozen=True)
class ColorSpace:
    """Primaries with their white; the curve is a power of *gamma*, or sRGB's where that is None."""

    chromaticities: Chromaticities
    gamma: float | None

    @property
    def is_srgb(self) -> bool:
        """Whether it is sRGB but for rounding."""
        return self.gamma is None and np.allclose(self.chromaticities, BT_709, atol=0.002)


def matrix_profile(space: ColorSpace) -> bytes:
    """Return the ICC profile of *space*; raises ValueError where no such space can be."""
    red, green, blue = _colorants(space.chromaticities).T
    curve = _curve(space.gamma)
    name = "declared by numbers".encode("utf-16-be")
    tags = {
        b"desc": b"mluc" + struct.pack(">4xII4sII", 1, 12, b"enUS", len(name), 28) + name,
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz(red),
        b"gXYZ": _xyz(green),
        b"bXYZ": _xyz(blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(
        ">I4x4s4s4s4s12x4s28x12s48x", start + len(body), b"\x04\x30\0\0", b"mntr", b"RGB ",
        b"XYZ ", b"acsp", _fixed(*_D50),
    )  # fmt: skip
    return header + table + body


def _colorants(chromaticities: Chromaticities) -> NDArray[np.float64]:
    """The XYZ of full red, green and blue as columns, adapted to the connection space's white."""
    points = np.array(chromaticities).reshape(4, 2)
    (_, red, green, blue) = points
    sides = np.array([green - red, blue - red])
    if points[:, 1].min() <= 0 or abs(np.linalg.det(sides)) / 2 < _SMALLEST_GAMUT:
        raise ValueError(f"no color space has the chromaticities {chromaticities}")
    tristimuli = np.array([(x / y, 1, (1 - x - y) / y) for x, y in points]).T
    white, primaries = tristimuli[:, 0], tristimuli[:, 1:]
    scaled = primaries * np.linalg.solve(primaries, white)
    gains = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    adapted: NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ (gains[:, None] * _BRADFORD) @ scaled
    return adapted


def _curve(gamma: float | None) -> bytes:
    if gamma is None:
        return b"para" + struct.pack(">4xH2x", 3) + _fixed(*_SRGB_CURVE)
    return b"para" + struct.pack(">4xH2x", 0) + _fixed(gamma)


def _xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
