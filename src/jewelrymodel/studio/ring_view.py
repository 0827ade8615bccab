"""How a photo shows a ring: where its front rim is, how wide, how far tilted, which way it faces.

A worn ring is a circle round the finger. What a photo shows of that circle, its opening seen
through, a plain band's two rims, or a head with the shank to either side, says how the finger
would go through it.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, shrunk
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.kept_findings import kept
from jewelrymodel.studio.messages import ViewProblem
from jewelrymodel.studio.piece_kinds import largest_hole
from jewelrymodel.studio.render_request import ViewRefused
from jewelrymodel.studio.ring_band import band_outline, band_through, front_and_wall, rim_reach
from jewelrymodel.studio.strands import thickness

_PLAIN_MISFIT, _PLAIN_FILLED = 0.0185, 0.96
_SURE_FRONT, _EDGE_ON = 0.2, 0.2
_BROADEST = 0.62  # a band's breadth by its diameter; broader is a head without a shank
_OPEN = 0.35  # an opening so wide, by the piece, is the ring's own
_ON_HULL = 0.012  # of the piece's size: so near its hull is a shank's outer edge
_HEAD = 1.5  # band widths: thicker than that is no plain band
_ROUND = 0.9
_WALL = 0.88  # inner by outer diameter, where the wall itself can't be seen
_TOP_RATIO = 0.12  # a ring that is seen from above: the camera is never quite above it
_LEAST_SHANK = 0.06  # of the piece; less can't say where the finger goes through
_SHANK_MISFIT, _SHANK_COVERED = 0.015, 220  # of half its width; of 360 degrees
_SETTING = 0.025  # of the piece: an opening of a setting is smaller
_MAX_ASIDE_DEG = 35.0  # that a head may sit off the back of the finger
_HEAD_CORE, _HEAD_ALONE, _BESIDE_HEAD = 0.62, 0.66, 0.8  # of its inner radius
_LEAST_RATIO = 0.06  # nobody photographs a band from exactly beside it
_NEARLY = 225  # of 255
_REACH = 1.2  # a shank reaches so much farther than the head


@dataclass(frozen=True)
class RingView:
    """The front rim's inner ellipse in the photo: its center, its width across (the ring's inner
    diameter) in pixels, and its height by that. `facing` is the unit direction in which the ring's
    axis comes towards the camera: where the finger's tip would be. `behind_px` is how far the band
    reaches back from the front rim, as it is seen; `head` (HxW) is what stands off the band.
    `rim_px` is how far the rim's metal reaches into the ellipse where it is nearest to the camera.
    """

    center: Floats
    across: float
    ratio: float
    facing: Floats
    behind_px: float = 0.0
    head: Mask | None = None
    rim_px: float = 0.0


@kept
def ring_view(rgba: Bytes) -> RingView:
    """How the photo (HxWx4) shows the ring. Raises ViewRefused where that can't be told, and where
    the photo shows several.
    """
    if len(components_of(floats(rgba[..., 3] / 255))) > 1:
        raise ViewRefused(ViewProblem.SEVERAL_RINGS)
    solid = largest_part(np.asarray(rgba[..., 3] > 127))
    hole = largest_hole(solid)
    view = _plain_band(rgba, solid)
    if view is None and hole is not None:
        view = _seen_through(solid, hole)
    view = view or _headed(_from_above(solid) or _with_head(solid), solid)
    if view is None:
        raise ViewRefused(ViewProblem.NO_OPENING)
    return view


def solid_inside(rgba: Bytes) -> Bytes:
    """The cutout (HxWx4) with its inside opaque where the network left it nearly so: through black
    enamel even a thirtieth of the skin would shine.
    """
    nearly = np.asarray(rgba[..., 3] > _NEARLY)
    solid = rgba.copy()
    solid[..., 3][shrunk(nearly, 5)] = 255
    return solid


def _headed(view: RingView | None, solid: Mask) -> RingView | None:
    """The view with its head, which lies in front of the finger."""
    if view is None:
        return None
    middle, near = _head_of(solid, _HEAD_ALONE)
    away = middle - view.center
    aside = float(away @ _across(view.facing))
    ahead = float(-away @ view.facing) / view.ratio
    if np.degrees(np.arctan2(abs(aside), ahead)) > _MAX_ASIDE_DEG and view.ratio > _TOP_RATIO:
        raise ViewRefused(ViewProblem.HEAD_ASIDE)
    return replace(view, head=solid & near)


def largest_part(solid: Mask) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    if count < 2:
        raise ViewRefused(ViewProblem.NO_OPENING)
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])))


def _spread(mask: Mask, direction: Floats) -> tuple[float, float]:
    """The lowest and highest place of a mask's pixels along a direction."""
    at = np.column_stack(np.nonzero(mask)[::-1]) @ np.asarray(direction, np.float64)
    return float(at.min()), float(at.max())


def _across(facing: Floats) -> Floats:
    return floats([facing[1], -facing[0]])


def _seen_through(solid: Mask, hole: Mask) -> RingView | None:
    """A ring whose opening is seen whole: the lens that both rims leave open."""
    hull = cv2.convexHull(_outline(hole))[:, 0]
    if len(hull) < 6:
        return None
    center, minor, major, narrow = ellipse_of(floats(hull))
    filled = float(hole.sum()) / (np.pi / 4 * minor * major)
    low, high = _spread(solid, _across(narrow))
    if major < _OPEN * (high - low) or filled < 0.9:
        return None
    head = _thick_part(solid)
    away = center - (head if head is not None else floats([center[0], center[1] - 1]))
    away = floats(away / max(float(np.linalg.norm(away)), 1e-6))
    facing = narrow if away @ narrow >= 0 else floats(-narrow)
    # At the minor axis' ends the band shows its breadth besides its wall, at the others its wall.
    wall = min(reach_beyond(solid, center, sign * _across(facing)) for sign in (1, -1))
    length = max(0.0, reach_beyond(solid, center, facing) - wall * minor / major)
    deep = minor + length
    wide = major / np.sqrt(max(1 - (length / deep) ** 2, 0.5))
    if deep > _ROUND * wide:
        return RingView(center, float(wide), min(1.0, deep / wide), away)
    rim = floats(center + facing * length / 2)
    view = RingView(rim, float(wide), float(deep / wide), facing, length)
    return view if head is None else _headed(view, solid)


def reach_beyond(solid: Mask, center: Floats, way: Floats) -> float:
    """How many pixels thick a band (HxW) is in a direction from the middle of its opening."""
    steps = np.arange(max(solid.shape))
    x, y = (center[:, None] + steps * way[:, None]).round().astype(int)
    within = (x >= 0) & (y >= 0) & (x < solid.shape[1]) & (y < solid.shape[0])
    met = solid[y[within], x[within]]
    if not met.any():
        return 0.0
    first = int(np.argmax(met))
    return float(np.argmin(met[first:]) or len(met) - first)


def _thick_part(solid: Mask) -> Floats | None:
    """The middle of what is thicker than the band, None where nothing is."""
    thick = thickness(solid)
    ridge = thick[(thick >= cv2.dilate(thick, np.ones((5, 5), np.uint8)) - 0.5) & (thick > 2)]
    band = float(np.median(ridge)) if ridge.size else 0.0
    head = np.asarray(thick > _HEAD * band)
    if head.sum() <= 0.004 * solid.sum():
        return None
    y, x = np.nonzero(head)
    return floats([x.mean(), y.mean()])


def _plain_band(rgba: Bytes, solid: Mask) -> RingView | None:
    """A band without a head: its outline is a tube's, and its nearer rim shows inside it."""
    outlines, _ = cv2.findContours(
        solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    outline = max(outlines, key=cv2.contourArea)
    filled = cv2.contourArea(outline) / max(cv2.contourArea(cv2.convexHull(outline)), 1.0)
    if filled < _PLAIN_FILLED:
        return None
    band = band_outline(solid)
    if band.misfit > _PLAIN_MISFIT or band.breadth > _BROADEST:
        return None
    front, sure, wall = front_and_wall(rgba, band)
    if sure < _SURE_FRONT and band.ratio > _EDGE_ON:
        return None
    if band.ratio <= _EDGE_ON and sure < _SURE_FRONT:
        front = 1 if band.along[1] + 0.1 * band.along[0] > 0 else -1
    facing = floats(front * band.along)
    rim = floats(band.center + facing * band.length / 2)
    ratio = max(band.ratio, _LEAST_RATIO)
    reach = rim_reach(rgba, band, front, wall)
    return RingView(rim, 2 * band.across * wall, ratio, facing, band.length, rim_px=reach)


def _with_head(solid: Mask) -> RingView | None:
    """A ring whose head covers a part of its opening, or whose shank doesn't close in the photo:
    the ellipse of the shank's outer edge.
    """
    head, thick = _head_of(solid)
    rest = solid & ~thick
    if rest.sum() < _LEAST_SHANK * solid.sum():
        return None
    y, x = np.nonzero(rest)
    away = floats([x.mean(), y.mean()]) - head
    away = floats(away / max(float(np.linalg.norm(away)), 1e-6))
    shank = outer_edge(solid, thick)
    if len(shank) < 40:
        return None
    center, minor, major, narrow = ellipse_of(shank)
    wide = _across(narrow)
    offset = (shank - center) @ np.column_stack([wide, narrow]) / (np.array([major, minor]) / 2)
    covered = 10 * len(np.unique(np.arctan2(offset[:, 1], offset[:, 0]) // np.radians(10)))
    band = band_through(
        shank[:: max(1, len(shank) // 150)], narrow if away @ narrow >= 0 else -narrow
    )
    if band.misfit > _SHANK_MISFIT or covered < _SHANK_COVERED:
        return None
    rim = floats(band.center + band.along * band.length / 2)
    facing = away if band.ratio > _ROUND else band.along
    return RingView(rim, 2 * band.across * _WALL, band.ratio, facing, band.length)


def outer_edge(solid: Mask, head: Mask) -> Floats:
    """The points of the shank's outer edge: of the outline, near the hull, beside the head."""
    outline = _outline(solid)
    hull = cv2.convexHull(outline)
    points = outline[:, 0]
    size = float(np.ptp(points, axis=0).max())
    inward = np.array([cv2.pointPolygonTest(hull, (float(x), float(y)), True) for x, y in points])
    return floats(points[(inward < _ON_HULL * size) & ~head[points[:, 1], points[:, 0]]])


def _outline(solid: Mask) -> NDArray[np.int32]:
    outlines, _ = cv2.findContours(solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(outlines, key=cv2.contourArea), np.int32)


def ellipse_of(points: Floats) -> tuple[Floats, float, float, Floats]:
    """The ellipse of some points (Nx2): center, minor and major axis, the minor's direction."""
    (x, y), axes, angle = cv2.fitEllipseDirect(points.astype(np.float32))
    turn = np.radians(angle + (0 if axes[0] <= axes[1] else 90))
    narrow = floats([np.cos(turn), np.sin(turn)])
    return floats([x, y]), float(min(axes)), float(max(axes)), narrow


def _head_of(solid: Mask, reach: float = _BESIDE_HEAD) -> tuple[Floats, Mask]:
    """The middle of the head, and where it is: as far as a disc of half its breadth comes, or
    a little farther by `reach`. Small openings are part of it.
    """
    body = (solid | _small_openings(solid)).astype(np.uint8)
    inside = cv2.distanceTransform(body, cv2.DIST_L2, 5)
    radius = float(inside.max())
    core = np.asarray(inside > _HEAD_CORE * radius)
    head = np.asarray(
        cv2.distanceTransform((~core).astype(np.uint8), cv2.DIST_L2, 5) < reach * radius
    )
    y, x = np.nonzero(core)
    return floats([x.mean(), y.mean()]), head


def _small_openings(solid: Mask) -> Mask:
    """Openings that are no finger's: those of a setting."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        (~solid).astype(np.uint8), connectivity=4
    )
    small = stats[:, cv2.CC_STAT_AREA] < _SETTING * solid.sum()
    small[np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))] = False
    small[0] = False
    return np.asarray(small[labels])


def _from_above(solid: Mask) -> RingView | None:
    """A head seen from above, a piece of shank to either side of it."""
    head, thick = _head_of(solid)
    count, labels, stats, middles = cv2.connectedComponentsWithStats(
        (solid & ~thick).astype(np.uint8)
    )
    large = [n for n in range(1, count) if stats[n, cv2.CC_STAT_AREA] > 0.008 * solid.sum()]
    if len(large) < 2:
        return None
    ends = sorted(large, key=lambda n: -float(np.linalg.norm(middles[n] - head)))
    one = middles[ends[0]] - head
    other = min(
        (middles[n] - head for n in ends[1:]),
        key=lambda v: float(v @ one / np.linalg.norm(v) / np.linalg.norm(one)),
    )
    if other @ one > -0.8 * np.linalg.norm(one) * np.linalg.norm(other):
        return None
    sideways = one - other
    sideways = floats(sideways / np.linalg.norm(sideways))
    low, high = _spread(solid, sideways)
    head_low, head_high = _spread(thick & solid, sideways)
    if high - low < _REACH * (head_high - head_low):
        return None
    facing = floats([-sideways[1], sideways[0]])
    level = float((one + other) / 2 @ facing)
    if facing[1] < 0:
        facing, level = floats(-facing), -level
    across = _across(facing)
    middle = (low + high) / 2 * float(across @ sideways)
    thick_px = 2 * float(np.median(thickness(solid & ~thick)[np.isin(labels, ends[:2])]))
    center = across * middle + facing * (float(head @ facing) + level + thick_px)
    return RingView(floats(center), (high - low) * _WALL, _TOP_RATIO, facing, 2 * thick_px)
