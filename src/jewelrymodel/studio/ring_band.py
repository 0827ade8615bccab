"""The outline of a plain band in a photo: two equal ellipses, one for each rim, and their hull.

A band is a short tube. From afar its rims are ellipses of the same shape whose minor axes lie along
the tube's axis, sin(tilt) as long as the major ones, and as far apart as the band is wide.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, blur, floats

_POINTS = 240
_COARSE_DEG, _FINE_DEG = 4.0, 0.5
_SHAPES = np.linspace(0.02, 1.0, 50)  # of half the band's length that the rim's ellipse may take
_NEARBY_DEG = 12.0
_RIMS, _LENGTHS = np.linspace(0.1, 1.0, 31), np.linspace(0.0, 0.6, 25)  # of half the width
_SAMPLES = 64
_RUNS = 8  # the rim's edge may be dark on bright here and bright on dark there
_WALLS = np.linspace(0.8, 0.95, 16)  # inner radius by outer radius
_USUAL_WALL = 0.88
_RIM_WALLS, _RIM_REACHES = np.linspace(0.78, 1.0, 12), np.linspace(0.0, 0.2, 21)
_AS_SURE = 0.9  # of the strongest edge: so strong is the one of the opening as well


@dataclass(frozen=True)
class BandOutline:
    """A tube's outline: its center, half its width `across` and the rim's other half axis `rim`,
    the rims' distance `length`, all in pixels; `along` is the unit direction of its axis, with
    either sign; `misfit` is the mean distance of the outline from the tube's, by `across`.
    """

    center: Floats
    along: Floats
    across: float
    rim: float
    length: float
    misfit: float

    @property
    def ratio(self) -> float:
        """Minor by major axis of a rim: the sine of the axis' tilt towards the camera."""
        return self.rim / self.across

    @property
    def breadth(self) -> float:
        """The band's length along its axis by its diameter, both as they are seen."""
        return self.length / (2 * self.across)


def band_outline(solid: Mask) -> BandOutline:
    """The tube whose outline is nearest to that of `solid`, whatever is inside."""
    points = _hull(solid)
    angles = np.radians(np.arange(0, 180, _COARSE_DEG))
    best = min((_at_angle(points, float(angle)) for angle in angles), key=lambda one: one.misfit)
    turned = float(np.arctan2(best.along[1], best.along[0]))
    nearby = np.radians(np.arange(-_COARSE_DEG, _COARSE_DEG + 0.1, _FINE_DEG))
    return min((_at_angle(points, turned + float(by)) for by in nearby), key=lambda one: one.misfit)


def _hull(solid: Mask) -> Floats:
    """Points at even distances on the convex hull."""
    outlines, _ = cv2.findContours(
        solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    corners = cv2.convexHull(np.concatenate(outlines))[:, 0].astype(np.float64) + 0.5
    closed = np.vstack([corners, corners[:1]])
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0, run[-1], _POINTS, endpoint=False)
    return floats(np.column_stack([np.interp(at, run, closed[:, axis]) for axis in (0, 1)]))


def _at_angle(points: Floats, angle: float) -> BandOutline:
    """The best tube whose axis has this direction."""
    along = np.array([np.cos(angle), np.sin(angle)])
    frame = np.array([[along[1], -along[0]], along])
    turned = points @ frame.T
    low, high = turned.min(0), turned.max(0)
    middle = (low + high) / 2
    across, half = (high - low) / 2
    u, v = np.abs(turned - middle).T
    rims = np.minimum(_SHAPES * half, across)
    beyond = np.maximum(v[:, None] - (half - rims), 0)
    misfits = _misfits(u[:, None], beyond, float(across), rims)
    best = int(np.argmin(misfits))
    return BandOutline(
        floats(middle @ frame),
        floats(along),
        float(across),
        float(rims[best]),
        float(2 * (half - rims[best])),
        float(misfits[best]),
    )


def band_through(points: Floats, facing: Floats) -> BandOutline:
    """The tube whose outline runs through points (Nx2) of a ring whose head covers the rest: to
    either side and along `facing`, give or take a few degrees, it is seen whole.
    """
    angle = float(np.arctan2(facing[1], facing[0]))
    nearby = angle + np.radians(np.arange(-_NEARBY_DEG, _NEARBY_DEG + 0.1, 2.0))
    return min((_open_at(points, float(one)) for one in nearby), key=lambda one: one.misfit)


def _open_at(points: Floats, angle: float) -> BandOutline:
    along = np.array([np.cos(angle), np.sin(angle)])
    frame = np.array([[along[1], -along[0]], along])
    turned = points @ frame.T
    low, high = turned.min(0), turned.max(0)
    middle, across = (low[0] + high[0]) / 2, (high[0] - low[0]) / 2
    rims, lengths = (one.ravel() * across for one in np.meshgrid(_RIMS, _LENGTHS))
    u = np.abs(turned[:, :1] - middle)
    centers = high[1] - lengths / 2 - rims
    beyond = np.maximum(np.abs(turned[:, 1:] - centers) - lengths / 2, 0)
    misfits = _misfits(u, beyond, across, rims)
    best = int(np.argmin(misfits))
    center = np.array([middle, centers[best]]) @ frame
    return BandOutline(
        floats(center),
        floats(along),
        float(across),
        float(rims[best]),
        float(lengths[best]),
        float(misfits[best]),
    )


def _misfits(u: Floats, beyond: Floats, across: float, rims: Floats) -> Floats:
    """By `across`, the mean of Sampson's distance, the implicit function by the length of its
    gradient, of points (N) from each of some ellipses (M).
    """
    outside = (u / across) ** 2 + (beyond / rims) ** 2 - 1
    slope = 2 * np.hypot(u / across**2, beyond / rims**2)
    return floats(np.abs(outside / np.maximum(slope, 1 / across)).mean(0) / across)


def front_and_wall(rgba: Bytes, band: BandOutline) -> tuple[int, float, float]:
    """Which rim is the nearer one (1: the one that lies along `along`, -1 the other), how sure that
    is (0: even), and its inner radius by the outer one.

    Of the nearer rim all is seen, of the other one only the half that is the outline: the nearer
    one's other half is an edge inside the piece.
    """
    edges = _edges(rgba, band)
    scores = {sign: _inner_half(edges, band, sign) for sign in (1, -1)}
    front = max(scores, key=lambda sign: scores[sign][0])
    strong, weak = scores[front][0], scores[-front][0]
    return front, (strong - weak) / max(strong + weak, 1e-6), scores[front][1]


def _inner_half(edges: Floats, band: BandOutline, sign: int) -> tuple[float, float]:
    """How strong an edge follows the inner half of one rim, and which inner radius by the outer
    one has the strongest.
    """
    found = [(_edge(edges, band, sign, float(wall)), float(wall)) for wall in _WALLS]
    outer = max(_edge(edges, band, sign, wall) for wall in (0.96, 0.98, 1.0))
    strongest, wall = max(found)
    usual = max(value for value, near in found if abs(near - _USUAL_WALL) < 0.04)
    return max(outer, strongest), wall if strongest > 1.5 * usual else _USUAL_WALL


def rim_reach(rgba: Bytes, band: BandOutline, sign: int, wall: float) -> float:
    """How many pixels the nearer rim's metal reaches into its opening, an ellipse `wall` times the
    rim, where it is nearest to the camera: a rim that is cut slanting hides a part of its opening.

    The innermost of the strong edges that run like the rim: metal ends there, the inside begins.
    """
    edges = _edges(rgba, band)
    strengths = np.array(
        [[_edge(edges, band, sign, float(w), float(r)) for r in _RIM_REACHES] for w in _RIM_WALLS]
    )
    nearest = _RIM_REACHES[None] - _RIM_WALLS[:, None] * band.ratio
    found = nearest[strengths >= _AS_SURE * strengths.max()].max()
    return float(max(0.0, found + wall * band.ratio) * band.across)


def _edges(rgba: Bytes, band: BandOutline) -> Floats:
    """How brightness rises to the right and downward (HxWx2)."""
    gray = blur(floats(cv2.cvtColor(rgba[..., :3], cv2.COLOR_RGB2GRAY)), max(1, band.across / 150))
    return floats(np.dstack([cv2.Sobel(gray, cv2.CV_32F, *one) for one in ((1, 0), (0, 1))]))


def _edge(edges: Floats, band: BandOutline, sign: int, wall: float, reach: float = 0.0) -> float:
    """The mean strength of the edge along the inner half of an ellipse like a rim, `reach` by
    `across` before it.
    """
    theta = np.linspace(0.12 * np.pi, 0.88 * np.pi, _SAMPLES)
    u, v = wall * band.across * np.cos(theta), -wall * band.rim * np.sin(theta)
    along = sign * np.asarray(band.along, np.float64)
    across = np.array([along[1], -along[0]])
    rim = band.center + along * (band.length / 2 + reach * band.across)
    places = rim + u[:, None] * across + v[:, None] * along
    normal = (np.cos(theta) / band.across)[:, None] * across
    normal = normal - (np.sin(theta) / band.rim)[:, None] * along
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    x, y = (np.clip(places - 0.5, 0, None).T).astype(np.float32)
    seen = cv2.remap(edges, x[None], y[None], cv2.INTER_LINEAR)[0]
    strength = (seen * normal).sum(1)
    runs = np.abs(strength.reshape(_RUNS, -1).mean(1))
    return float(np.median(runs))
