"""Invented pieces drawn with known masks: no network needed, no photograph either."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.piece_kinds import Kind, KindReason

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


def of(mask: Bytes, colors: Bytes, kind: Kind) -> Cutout:
    """A cutout of these colors where the mask says so."""
    rgba = np.dstack([colors, mask])
    parts = components_of(floats(mask / 255))
    return Cutout(rgba, 0.0, "good", kind, KindReason.NAMED_BY_SELLER, parts, ())


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
    """A skin-colored shape that grows out of the lower edge: nobody, but no piece either."""
    picture = Image.new("RGB", (600, 600), (90, 110, 120))
    canvas = np.asarray(picture).copy()
    cv2.ellipse(canvas, (300, 600), (260, 260), 0, 0, 360, (205, 150, 125), -1)
    cv2.ellipse(canvas, (300, 260), (110, 150), 0, 0, 360, (210, 155, 130), -1)
    return canvas


@cache
def metal(edge: int, color: tuple[int, int, int] = GOLD, seed: int = 2) -> Bytes:
    """Polished metal: one color from shade to shine, with fine scratches; not to be written to."""
    random = np.random.default_rng(seed)
    small = floats(random.uniform(0.35, 1.15, (edge // 24 + 1, edge // 24 + 1)))
    shine = cv2.resize(small, (edge, edge), interpolation=cv2.INTER_CUBIC)
    shine = shine + random.normal(0, 0.04, (edge, edge))
    polished = np.asarray(np.clip(np.array(color) * shine[..., None], 0, 255), np.uint8)
    polished.setflags(write=False)
    return polished


def golden(cutout: Cutout, stone: tuple[int, int, int] = (160, 30, 50)) -> Cutout:
    """The piece in gold, with a red stone where it is stoutest."""
    edge = cutout.rgba.shape[0]
    room = cv2.distanceTransform((cutout.rgba[..., 3] > 127).astype(np.uint8), cv2.DIST_L2, 5)
    inner = (room > 0.45 * room.max())[..., None]
    colors = np.where(inner, metal(edge, stone, 3), metal(edge))
    return of(cutout.rgba[..., 3], np.asarray(colors, np.uint8), cutout.kind)


@dataclass(frozen=True)
class Truth:
    """A drawn piece and which pixels (HxW) are its body, not its chain."""

    cutout: Cutout
    body: Mask


def on_chain(
    edge: int = 900,
    *,
    gap: int = 0,
    spread: float = 0.4,
    sides: tuple[int, ...] = (-1, 1),
    top: int = 0,
    bead: int = 0,
    bead_at: float = 0.5,
) -> Truth:
    """A stone under its bail on a V of links, from `top` down to `gap` pixels above the bail. A
    `bead` of that radius sits on the left strand, at this share of its length.
    """
    middle, low = edge // 2, int(edge * 0.78)
    body, chain = (np.zeros((edge, edge), np.uint8) for _ in range(2))
    cv2.circle(body, (middle, low), edge // 9, 255, -1, cv2.LINE_AA)
    cv2.circle(body, (middle, low - edge // 9 - edge // 50), edge // 40, 255, -1, cv2.LINE_AA)
    start = np.array([middle, low - edge // 9 - edge // 25 - gap], float)
    for side in sides:
        end = np.array([middle + side * spread * edge, top], float)
        _links(chain, start, end)
        if bead and side == sides[0]:
            x, y = np.round(start + bead_at * (end - start)).astype(int)
            cv2.circle(chain, (int(x), int(y)), bead, 255, -1, cv2.LINE_AA)
    mask = np.maximum(body, chain)
    colors = golden(of(body, facets(edge), Kind.PENDANT)).rgba[..., :3]
    return Truth(of(mask, colors, Kind.PENDANT), np.asarray(body > 127))


def _links(mask: Bytes, start: Floats, end: Floats) -> None:
    length = float(np.hypot(*(end - start)))
    turn = float(np.degrees(np.arctan2(*(end - start)[::-1])))
    for index, at in enumerate(np.arange(4, length - 4, 16)):
        x, y = np.round(start + (end - start) * at / length).astype(int)
        flat = index % 2 == 0
        axes, thick = ((10, 6), 3) if flat else ((9, 1), 3)
        cv2.ellipse(mask, (int(x), int(y)), axes, turn, 0, 360, 255, thick, cv2.LINE_AA)


def lyre(edge: int = 900, arm: int = 18) -> Cutout:
    """A stone between two arms of solid metal that stand up from it: all of it is piece."""
    mask = np.zeros((edge, edge), np.uint8)
    middle, low = edge // 2, int(edge * 0.7)
    cv2.circle(mask, (middle, low), edge // 12, 255, -1, cv2.LINE_AA)
    for side in (-1, 1):
        up = [(middle, low), (middle + side * edge // 6, edge // 2)]
        ends = np.array([*up, (middle + side * edge // 5, edge // 5)], np.int32)
        cv2.polylines(mask, [ends], isClosed=False, color=255, thickness=arm)
    return of(mask, golden(of(mask, facets(edge), Kind.PENDANT)).rgba[..., :3], Kind.PENDANT)


def hooked_pair(edge: int = 700) -> Cutout:
    """Two drops on wide ear wires that reach over each other's boxes; the second drop is smaller,
    the first one's wire comes in two parts.
    """
    mask = np.zeros((edge, edge), np.uint8)
    for x, y, size in ((edge // 3, edge * 3 // 5, 9), (edge * 3 // 5, edge // 2, 10)):
        cv2.circle(mask, (x, y), edge // size, 255, -1, cv2.LINE_AA)
        top = (x + edge // 10, y - edge // 4)
        cv2.ellipse(mask, top, (edge // 10, edge // 10), 0, 180, 340, 255, 5, cv2.LINE_AA)
        cv2.line(mask, (x, y), (x, y - edge // 4), 255, 5, cv2.LINE_AA)
    cut = edge * 3 // 5 - edge // 7
    mask[cut : cut + 4, : edge * 2 // 5] = 0
    return of(mask, golden(of(mask, facets(edge), Kind.EARRING)).rgba[..., :3], Kind.EARRING)
