"""The figures of a piece's outline that tell its kind, at one size for every photo."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, lab
from jewelrymodel.studio.components import Component

EDGE_PX = 400
_STRAND = 17 / EDGE_PX  # thinner than that, of the longer side, counts as strand
_COLORS = 12  # bins of each of Lab's three axes


@dataclass(frozen=True)
class Shape:
    """One outline, its longer side being 1.

    `aspect`: width by height. `solidity`: its area by that of its convex hull; `filled`: the same
    with its openings closed. `openings`: the areas of the openings, largest first, by that of the
    hull. `stoutest`: the widest disc that fits in. `band`: the usual thickness. `strand`: the share
    of its area that is thin. `main`: the largest stout part's share of all that is stout. `bail`: a
    narrow top above a wider piece.
    """

    aspect: float
    solidity: float
    filled: float
    openings: tuple[float, ...]
    stoutest: float
    band: float
    strand: float
    main: float
    bail: bool

    @property
    def opening(self) -> float:
        """The largest opening, by the hull."""
        return self.openings[0] if self.openings else 0.0


def shape_of(solid: Mask) -> Shape:
    """The figures of a mask that is cropped to the piece."""
    mask = _at_one_size(solid)
    area = float(mask.sum())
    hull = _hull_area(mask)
    room = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    ridge = (room >= cv2.dilate(room, np.ones((3, 3))) - 1e-3) & (room > 0.8)
    stout = cv2.morphologyEx(mask, cv2.MORPH_OPEN, disc(round(_STRAND * EDGE_PX)))
    openings = opening_areas(mask)
    return Shape(
        aspect=solid.shape[1] / solid.shape[0],
        solidity=area / hull,
        filled=(area + sum(openings)) / hull,
        openings=tuple(one / hull for one in openings),
        stoutest=2 * float(room.max()) / EDGE_PX,
        band=2 * float(np.median(room[ridge])) / EDGE_PX,
        strand=1 - float(stout.sum()) / area,
        main=_largest_share(np.asarray(stout, np.uint8)),
        bail=_has_bail(mask),
    )


def opening_areas(mask: Bytes) -> list[float]:
    """The areas of what the mask encloses, in its pixels, largest first."""
    beyond = np.pad(1 - mask, 1, constant_values=1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(beyond, connectivity=4)
    inner = [float(stats[i, 4]) for i in range(1, len(stats)) if i != labels[0, 0]]
    return sorted(inner, reverse=True)


def alike(rgb: Bytes, alpha: Floats, one: Component, other: Component) -> bool:
    """True for two parts of about the same size, shape and colors: a pair."""
    pair = (one, other)
    areas = sorted(part.area_px for part in pair)
    masks = [np.asarray(alpha[part.window] > 0.5) for part in pair]
    sides = [sorted(cv2.minAreaRect(_points(mask))[1]) for mask in masks]
    lengths, widths = sorted(side[1] for side in sides), sorted(side[0] for side in sides)
    colors = [rgb[part.window][mask] for part, mask in zip(pair, masks, strict=True)]
    return (
        areas[0] > 0.5 * areas[1]
        and lengths[0] > 0.72 * lengths[1]
        and widths[0] > 0.45 * widths[1]
        and _shared(*colors) > 0.4
    )


def is_touching_pair(solid: Mask) -> bool:
    """True for one outline that falls into two alike halves, side by side, when it is thinned."""
    mask = _at_one_size(solid)
    for edge in range(5, 60, 6):
        thinned = cv2.erode(mask, disc(edge))
        _, _, stats, middles = cv2.connectedComponentsWithStats(thinned)
        areas = stats[1:, 4]
        if not areas.size:
            return False
        large = np.flatnonzero(areas > 0.2 * areas.sum()) + 1
        if len(large) == 1:
            continue
        if len(large) != 2 or stats[large, 4].min() < 0.6 * stats[large, 4].max():
            return False
        (_, upper), (_, lower) = middles[large]
        heights = stats[large, 3]
        return bool(
            abs(upper - lower) < 0.35 * heights.max() and heights.min() > 0.7 * heights.max()
        )
    return False


def disc(edge: int) -> Bytes:
    """A round kernel of this width."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge)), np.uint8)


def _at_one_size(solid: Mask) -> Bytes:
    scale = EDGE_PX / max(solid.shape)
    size = (max(1, round(solid.shape[1] * scale)), max(1, round(solid.shape[0] * scale)))
    small = cv2.resize(floats(solid), size, interpolation=cv2.INTER_AREA)
    mask = np.pad(small > 0.4, 4).astype(np.uint8)
    return mask if mask.any() else np.pad(np.ones_like(small, np.uint8), 4)


def _hull_area(mask: Bytes) -> float:
    return max(1.0, float(cv2.contourArea(cv2.convexHull(_points(mask > 0)))))


def _points(mask: Mask) -> NDArray[np.int32]:
    return np.argwhere(mask)[:, ::-1].astype(np.int32)


def _largest_share(mask: Bytes) -> float:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    areas = stats[1:, 4]
    return float(areas.max() / areas.sum()) if areas.size else 0.0


def _has_bail(mask: Bytes) -> bool:
    """The outline is narrow from its top down to a tenth or more of its height, then wider."""
    spans = _spans(mask)
    height, widest = len(spans), float(spans.max())
    wide = np.flatnonzero(spans > 0.3 * widest)
    return bool(0.07 * height < wide[0] < 0.5 * height)


def _spans(mask: Bytes) -> NDArray[np.float64]:
    """How far each row's outermost pixels are apart."""
    rows = mask[4:-4]
    first = rows.argmax(1)
    last = rows.shape[1] - rows[:, ::-1].argmax(1)
    return np.where(rows.any(1), last - first, 0).astype(np.float64)


def _shared(one: Bytes, other: Bytes) -> float:
    """The common part of the two color histograms, 0 to 1."""
    shares = []
    for pixels in (one, other):
        colors = lab(pixels[None])[0]
        bins = [(0, 100), (-80, 80), (-80, 80)]
        counts, _ = np.histogramdd(colors, bins=_COLORS, range=bins)
        shares.append(counts / max(1.0, counts.sum()))
    return float(np.minimum(*shares).sum())
