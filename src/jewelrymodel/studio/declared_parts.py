"""Where a picture shows what was declared: outlines to lay over it, with sizes in millimeters."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.declaration import Declaration

_CLOSED_MM = 0.6  # links of a chain become one band
_SMALLEST_MM2 = 0.3
_EXACT_PX = 1.0
_MOST_OUTLINES = 40


class DeclaredKind(StrEnum):
    """What was done to a part on purpose: hidden by a finger or a lobe, left out of the cutout, or
    laid anew.
    """

    HIDDEN = "hidden"
    LEFT_OUT = "left_out"
    LAID = "laid"


@dataclass(frozen=True)
class DeclaredPart:
    """One kind of declared part: how much of the piece it is, and its outlines in the picture's
    pixels, each as x, y, x, y, … What lies outside the picture has no outline.
    """

    kind: DeclaredKind
    area_mm2: float
    outlines: tuple[tuple[int, ...], ...]

    @property
    def stored(self) -> dict[str, Any]:
        """The part as JSON keeps it."""
        return {
            "kind": self.kind.value,
            "area_mm2": self.area_mm2,
            "outlines": [list(one) for one in self.outlines],
        }


def declared_parts(
    cutout: Bytes, declared: Declaration, size: tuple[int, int]
) -> tuple[DeclaredPart, ...]:
    """Return what a renderer hid, left out and laid anew of a cutout (HxWx4) in a picture of
    `size` (width, height); nothing where the piece's size isn't known, or is too small to matter.
    """
    if declared.px_per_mm is None:
        return ()
    scale = abs(float(np.linalg.det(declared.transform[:, :2])))
    alpha = cutout[..., 3].astype(np.float32) / 255
    found: list[tuple[DeclaredKind, Floats, float]] = []
    left_out = np.zeros_like(alpha) if declared.left_out is None else declared.left_out
    if declared.visible is not None:
        shown = _placed(floats(alpha * (1 - left_out)), declared, size)
        hidden = floats(shown * (1 - declared.visible))
        found.append((DeclaredKind.HIDDEN, hidden, float(hidden.sum())))
    if (alpha * left_out).any():
        gone = _placed(floats(alpha * left_out), declared, size)
        found.append((DeclaredKind.LEFT_OUT, gone, float((alpha * left_out).sum()) * scale))
    if declared.laid is not None:
        found.append((DeclaredKind.LAID, declared.laid.cover, float(declared.laid.cover.sum())))
    unit = declared.px_per_mm
    return tuple(
        DeclaredPart(kind, round(area / unit**2, 1), _outlines(np.asarray(cover > 0.4), unit))
        for kind, cover, area in found
        if area / unit**2 >= _SMALLEST_MM2
    )


def _placed(alpha: Floats, declared: Declaration, size: tuple[int, int]) -> Floats:
    solid = np.dstack([np.zeros((*alpha.shape, 3)), np.round(alpha * 255)]).astype(np.uint8)
    return declared.placed(solid, size).cover


def _outlines(where: Mask, px_per_mm: float) -> tuple[tuple[int, ...], ...]:
    """The largest outlines, openings among them; each as exact as a pixel."""
    edge = int(_CLOSED_MM * px_per_mm) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    padded = cv2.copyMakeBorder(where.astype(np.uint8), edge, edge, edge, edge, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)[edge:-edge, edge:-edge]
    lines, _ = cv2.findContours(
        np.ascontiguousarray(closed), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE
    )
    large = [line for line in lines if cv2.contourArea(line) >= _SMALLEST_MM2 * px_per_mm**2]
    large.sort(key=cv2.contourArea, reverse=True)
    exact = (cv2.approxPolyDP(line, _EXACT_PX, closed=True) for line in large[:_MOST_OUTLINES])
    return tuple(tuple(int(value) for value in line.ravel()) for line in exact)
