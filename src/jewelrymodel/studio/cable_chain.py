"""A plain cable chain in the metal of the piece, for photos that show no chain at all."""

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, to_linear
from jewelrymodel.studio.chain_draping import Strip
from jewelrymodel.studio.pendant_body import Body

_PX_PER_MM = 24.0
_LINK_MM, _WIDE_MM, _WIRE_MM = 2.1, 1.25, 0.36
_PAIRS = 6
# Links lie flat and on edge by turns, and no two of them face the light alike.
_GLANCES = (1.1, 0.55, 0.85, 0.65, 1.2, 0.5, 0.95, 0.7, 1.05, 0.6, 0.8, 0.55)


def plain_strip(rgba: Bytes, body: Body) -> Strip:
    """Links seen flat and edge-on by turns, colored like the metal at the top of the body."""
    return plain_strip_of(rgba, np.asarray(body.mask > 0.5))


def plain_strip_of(rgba: Bytes, solid: Mask) -> Strip:
    """Links seen flat and edge-on by turns, colored like the metal at the top of what is `solid`
    (HxW).
    """
    pitch = _LINK_MM - 2 * _WIRE_MM
    length, half = int(2 * pitch * _PAIRS * _PX_PER_MM), int((_WIDE_MM / 2 + 0.3) * _PX_PER_MM)
    along, across = np.mgrid[0:length, -half : half + 1] / _PX_PER_MM
    cover, height, facing = (np.zeros(along.shape) for _ in range(3))
    for link in range(-1, 2 * _PAIRS + 1):
        flat = link % 2 == 0
        distance = _link_distance(along - (link + 0.5) * pitch, across, flat)
        inside = np.clip((_WIRE_MM / 2 - distance) * _PX_PER_MM + 0.5, 0, 1)
        bulge = np.sqrt(np.clip(1 - (distance / (_WIRE_MM / 2)) ** 2, 0, 1)) * (1 if flat else 1.15)
        upper = inside * bulge > height
        height = np.where(upper, bulge, height)
        facing = np.where(upper, _GLANCES[link % len(_GLANCES)], facing)
        cover = np.maximum(cover, inside)
    shine = facing * (0.25 + 0.85 * height**2 + 2.0 * np.clip(height - 0.7, 0, 1) * (across < 0.1))
    light = np.clip(shine[..., None] * _metal(rgba, solid), 0, 1) * cover[..., None]
    return Strip(floats(np.dstack([light, cover])), _PX_PER_MM)


def _link_distance(along: Floats, across: Floats, flat: bool) -> Floats:
    """Millimeters from the middle line of one link's wire: an oval, or a bar when seen edge-on."""
    straight = (_LINK_MM - _WIDE_MM) / 2
    beyond = np.maximum(np.abs(along) - straight, 0)
    if flat:
        radius = (_WIDE_MM - _WIRE_MM) / 2
        return floats(np.abs(np.hypot(beyond, across) - radius))
    reach = (_LINK_MM - _WIRE_MM) / 2
    return floats(np.hypot(np.maximum(np.abs(along) - reach, 0), across))


def _metal(rgba: Bytes, solid: Mask) -> Floats:
    """The bright, plain color of the topmost tenth, where bail and metal are."""
    rows, columns = np.nonzero(solid & (rgba[..., 3] > 240))
    top = rows <= rows.min() + 0.1 * np.ptp(rows)
    colors = to_linear(rgba[rows[top], columns[top], :3])
    bright = colors[colors.sum(1) >= np.percentile(colors.sum(1), 60)]
    return floats(np.median(bright, axis=0))
