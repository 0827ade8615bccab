"""A pendant that hangs aslant or lies sideways in its photo, turned so that it hangs plumb."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.chain_separation import Unclear
from jewelrymodel.studio.kept_findings import kept
from jewelrymodel.studio.pendant_body import Body, find_body
from jewelrymodel.studio.placement import Matrix

_TURNS = (20, -20, 40, -40, 60, -60, 85, -85)
_SMALL_PX = 640
_TURNED_BY_DEG = 3.0
_SIDEWAYS = {Unclear.ASKEW, Unclear.SIDEWAYS, Unclear.CHAIN, Unclear.ONE_STRAND, Unclear.NO_BAIL}
_LEAST_DEG = 8
_MOST_RIGHTED_DEG = 40


@dataclass(frozen=True)
class PlumbBody:
    """A body in its photo's pixels, the turn (degrees clockwise) that makes it plumb, and its
    height then.
    """

    body: Body
    turn_deg: float
    height_px: float
    drop_px: float


@kept
def find_plumb_body(alpha: Floats) -> PlumbBody:
    """Split a pendant from its chain, which may leave it in any direction."""
    level = find_body(alpha)
    upright = PlumbBody(level, 0.0, level.box[3] - level.box[1], level.box[3] - level.hang[1])
    if level.unclear not in _SIDEWAYS:
        return upright
    scale = min(1.0, _SMALL_PX / max(alpha.shape))
    small = cv2.resize(alpha, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for degrees in _TURNS:
        found = _turned_body(floats(small), degrees)
        if found is None or not found[0].strands or found[0].unclear is not None:
            continue
        finer = degrees + _lean(found[0])
        if abs(finer) < _LEAST_DEG:  # so near to level the level photo itself decides
            continue
        whole = _turned_body(alpha, finer)
        if whole is not None and whole[0].strands and whole[0].unclear is None:
            body, matrix = whole
            return _in_photo(alpha, body, matrix, finer)
    return _righted(level) if 0 < abs(level.lean_deg) <= _MOST_RIGHTED_DEG else upright


def _righted(level: Body) -> PlumbBody:
    """A body whose chain is known but that leans beside it, turned by its joints."""
    down, across = _pixels(level)
    angle = np.radians(level.lean_deg)
    heights = across * np.sin(angle) + down * np.cos(angle)
    x, y = level.hang
    drop = float(heights.max() - x * np.sin(angle) - y * np.cos(angle))
    body = replace(level, open_top=None, unclear=None)
    return PlumbBody(body, level.lean_deg, float(np.ptp(heights)) + 1, drop)


def _pixels(body: Body) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Rows and columns of the body, without what is all but clear far from it."""
    x0, y0, x1, y1 = body.box
    down, across = np.nonzero(body.mask[y0:y1, x0:x1] > 0.5)
    return down + y0, across + x0


def _turned_body(alpha: Floats, degrees: float) -> tuple[Body, Matrix] | None:
    """The body of the photo turned clockwise, in the turned picture's pixels."""
    height, width = alpha.shape
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([(0, 0), (width, 0), (0, height), (width, height)]) @ turn.T
    low, high = corners.min(0), corners.max(0)
    matrix = np.column_stack([turn, -low])
    size = (int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)
    turned = floats(cv2.warpAffine(alpha, matrix, size, flags=cv2.INTER_LINEAR))
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    near = np.minimum.reduce([down, across, width - 1 - across, height - 1 - down])
    border = floats(cv2.warpAffine(near, matrix, size, flags=cv2.INTER_LINEAR))
    if not (turned > 0.5).any():
        return None
    return find_body(turned, border), matrix


def _lean(body: Body) -> float:
    """The rest of the turn: the line from where it hangs to its middle becomes the plumb line."""
    rows, columns = _pixels(body)
    x, y = body.hang
    lean = float(np.degrees(np.arctan2(columns.mean() - x, max(rows.mean() - y, 1e-3))))
    return lean if abs(lean) > _TURNED_BY_DEG else 0.0


def _in_photo(alpha: Floats, body: Body, matrix: Matrix, degrees: float) -> PlumbBody:
    """The body with its masks and lines in the photo's own pixels."""
    back = cv2.invertAffineTransform(matrix)

    def there(points: Floats) -> Floats:
        return floats(points @ back[:, :2].T + back[:, 2])

    size = (alpha.shape[1], alpha.shape[0])
    dropped = floats(cv2.warpAffine(body.dropped, back, size, flags=cv2.INTER_LINEAR))
    mask = floats((1 - dropped) * (alpha > 0))
    shown = mask * alpha > 0.4
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    moved = replace(
        body,
        mask=mask,
        box=(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1),
        strands=tuple(there(line) for line in body.strands),
        joints=tuple((float(x), float(y)) for x, y in there(floats(body.joints))),
        dropped=dropped,
        open_top=None,
        bridges=tuple((there(start), there(end)) for start, end in body.bridges),
    )
    top, bottom = body.box[1], body.box[3]
    return PlumbBody(moved, degrees, bottom - top, bottom - body.hang[1])
