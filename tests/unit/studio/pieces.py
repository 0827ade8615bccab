"""Invented pieces drawn with known masks: no network needed, no photograph either."""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.kinds import Kind, components_of

GOLD = (200, 160, 70)


@dataclass(frozen=True)
class Known:
    """Stands in for a network: it knows the answer for a photo of this size."""

    mask: Floats
    name: str = "isnet"

    def alpha(self, rgb: Bytes) -> Floats:
        if rgb.shape[:2] == self.mask.shape:
            return self.mask
        return floats(np.zeros(rgb.shape[:2]))  # the closer look adds nothing


def facets(edge: int, seed: int = 1) -> Bytes:
    """A busy, stone-like pattern."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (edge // 10, edge // 10, 3)).astype(np.uint8)
    big = cv2.resize(coarse, (edge, edge), interpolation=cv2.INTER_CUBIC)
    return np.asarray(big * np.array([0.9, 0.25, 0.3]) + 20, np.uint8)


def of(mask: Bytes, colours: Bytes, kind: Kind) -> Cutout:
    """A cut-out of these colours where the mask says so."""
    rgba = np.dstack([colours, mask])
    parts = components_of(floats(mask / 255))
    return Cutout(rgba, 0.0, "good", kind, "drawn", parts, ())


def ring(edge: int = 500, squeeze: float = 1.0) -> Cutout:
    """A band seen through its opening, a stone on top."""
    mask = np.zeros((edge, edge), np.uint8)
    middle, radius = edge // 2, edge * 17 // 50
    axes = (radius, int(radius * squeeze))
    cv2.ellipse(mask, (middle, middle), axes, 0, 0, 360, 255, edge // 16, cv2.LINE_AA)
    cv2.circle(mask, (middle, middle - axes[1] - edge // 16), edge // 12, 255, -1, cv2.LINE_AA)
    return of(mask, facets(edge), Kind.RING)


def pendant(edge: int = 500, *, chain: bool = True) -> Cutout:
    """A round stone on two strands (or none)."""
    mask = np.zeros((edge, edge), np.uint8)
    middle, low = edge // 2, edge * 3 // 4
    cv2.circle(mask, (middle, low), edge // 7, 255, -1, cv2.LINE_AA)
    cv2.circle(mask, (middle, low - edge // 6), edge // 30, 255, -1, cv2.LINE_AA)
    if chain:
        for side in (-1, 1):
            end = (middle + side * edge * 2 // 5, 5)
            cv2.line(mask, (middle, low - edge // 6), end, 255, 4, cv2.LINE_AA)
    return of(mask, facets(edge), Kind.PENDANT)


def pair(edge: int = 500) -> Cutout:
    """Two studs."""
    mask = np.zeros((edge, edge), np.uint8)
    for x in (edge // 4, edge * 3 // 4):
        cv2.circle(mask, (x, edge // 2), edge // 7, 255, -1, cv2.LINE_AA)
    return of(mask, facets(edge), Kind.EARRING)


def photographed(cutout: Cutout, paper: int = 236) -> Bytes:
    """The piece on plain paper."""
    cover = cutout.alpha[..., None]
    return np.asarray(cutout.rgba[..., :3] * cover + paper * (1 - cover), np.uint8)


def portrait() -> Bytes:
    """A skin-coloured shape that grows out of the lower edge: nobody, but no piece either."""
    picture = Image.new("RGB", (600, 600), (90, 110, 120))
    canvas = np.asarray(picture).copy()
    cv2.ellipse(canvas, (300, 600), (260, 260), 0, 0, 360, (205, 150, 125), -1)
    cv2.ellipse(canvas, (300, 260), (110, 150), 0, 0, 360, (210, 155, 130), -1)
    return canvas
