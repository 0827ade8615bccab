"""See-through spots inside a piece under a keep brush: highlights, clear stones, small holes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, Mask, floats, shrunk
from jewelrymodel.studio.brush_path import Stretch
from jewelrymodel.studio.color_samples import noise_of, samples_of, unlikeness

_GONE = 0.1
_RIM_PX = 5  # twice the soft edge of the piece, and one
_SOFT_PX = 0.7
_CORE = 0.35  # of the radius
_POINTED_AT = 0.5  # of the core in a hole, or of a hole under the brush
_LEAST_SAMPLES = 24
_SHADE, _RISE = 0.08, 0.3  # of cover: from there on a second stroke means it, and wholly
_FAINTEST, _RISE_IN_DENT = 0.02, 0.15
_SOFT_EDGE_PX = 0.5

Labels = NDArray[np.int32]


def solid_under(
    alpha: Floats, colors: Floats, ground: Mask, one: Stretch, *, is_tap: bool
) -> Floats:
    """What of the brush's mark (0 to 1, in its window) lies on the piece, or on holes that the
    piece encloses and the seller means: those under the core, and small ones that are tapped or
    don't look like the `ground` beside the brush. The piece's own soft edge stays as it is, so that
    a stroke along a chain makes it no wider.
    """
    now = alpha[one.window]
    gone = np.asarray(now < _GONE)
    meant = _holes_meant(gone, colors[one.window], ground, one, is_tap=is_tap)
    enclosed = shrunk(np.asarray(~gone | meant), _RIM_PX)
    reached = np.asarray(cv2.dilate(floats(meant), np.ones((3, 3), np.uint8)) > 0)
    solid = floats(enclosed | meant | reached & ~gone)
    return floats(one.brush * cv2.GaussianBlur(solid, (0, 0), _SOFT_PX))


def solid_again(alpha: Floats, again: Mask, one: Stretch) -> Floats:
    """What a second stroke over the same place (`again`, HxW, in the window) makes solid: all that
    the cutout has there at more than a shade of cover; 0 elsewhere. Its edge stays where it was.
    """
    level = np.clip((alpha - _SHADE) / _RISE, 0, 1)
    # A dent in what is solid all round fills up as well.
    around = cv2.morphologyEx(floats(level), cv2.MORPH_CLOSE, np.ones((_RIM_PX, _RIM_PX), np.uint8))
    dent = np.where(around > 0.9, np.clip((alpha - _FAINTEST) / _RISE_IN_DENT, 0, 1), 0)
    solid = cv2.GaussianBlur(floats(np.maximum(level, dent)), (0, 0), _SOFT_EDGE_PX)
    return floats(one.brush * again * solid)


def _holes_meant(gone: Mask, colors: Floats, ground: Mask, one: Stretch, *, is_tap: bool) -> Mask:
    """The holes that the piece encloses in the brush's window, and that are to be filled."""
    count, found = cv2.connectedComponents(gone.astype(np.uint8), connectivity=4)
    labels = np.asarray(found, np.int32)
    outside = np.unique(np.concatenate([labels[[0, -1]].ravel(), labels[:, [0, -1]].ravel()]))
    core = np.asarray(one.distance <= max(1.0, _CORE * one.radius))
    whole, covered, in_core = (
        np.bincount(labels[where], minlength=count) for where in (labels >= 0, one.inside, core)
    )
    meant = in_core >= _POINTED_AT * core.sum()
    small = covered >= _POINTED_AT * whole
    small[outside] = small[0] = False
    meant |= small if is_tap else _unlike_ground(small, labels, colors, ground)
    meant[outside] = meant[0] = False
    return np.asarray(meant[labels])


def _unlike_ground(those: Mask, labels: Labels, colors: Floats, ground: Mask) -> Mask:
    """Which of those labels mostly show something else than the ground; all where there is none."""
    if ground.sum() < _LEAST_SAMPLES or not those.any():
        return those
    samples = samples_of(colors, ground)
    where = np.asarray(those[labels])
    unlike = unlikeness(colors, samples, where) > noise_of(colors, samples, ground)
    shown, whole = (np.bincount(labels[one], minlength=len(those)) for one in (unlike, where))
    return np.asarray(those & (shown > 0.5 * whole))
