"""The keep and erase brushes: their core is the seller's word, their rim is fitted to the photo."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown, shrunk
from jewelrymodel.studio.brush_path import Stretch, stretches
from jewelrymodel.studio.color_samples import (
    cover,
    noise_of,
    samples_of,
    side,
    unlikeness,
    usual_of,
)
from jewelrymodel.studio.corrections import Correction, length_of
from jewelrymodel.studio.see_through import solid_again, solid_under

_LEAST_SAMPLES = 24
_LEAST_FILLED_PX = 4
_RING = 2.0  # radii round the brush: there the background is looked up
_LEAST_RING_PX = 24
_SOLID_SHARE = 0.7  # so much of a core that is unlike the background is no chain
_CORE = 0.35  # of the radius
_ERASED_CORE = 0.5
_AGAIN_CORE = 0.9  # the second time over the same place
_FEATHER = 0.25  # of the radius
_ELONGATED = 0.7  # radii: a trace of something is at least so long


def room_px(stroke: Correction) -> int:
    """How much of the photo round a stroke is looked at."""
    return int(max(_RING * stroke.radius, _LEAST_RING_PX)) + 3


def kept(alpha: Floats, colors: Floats, stroke: Correction, before: Mask) -> Floats:
    """`alpha` with what lies under a keep stroke; `colors` is the photo in Lab.

    Where something under the brush is unlike the background beside it, that is the piece, so that
    a wide stroke along a lost chain gives a chain. What is see-through inside the piece becomes
    solid, and where a keep brush went `before` (HxW), all that is half there. Where there is
    nothing of these, the stroke itself counts.
    """
    after = alpha.copy()
    along = stretches(stroke, alpha.shape, room_px(stroke))
    parts = [(one, _trace(alpha, colors, one)) for one in along]
    followed = any(trace is not None for _, trace in parts)
    is_tap = length_of(stroke.points) <= stroke.radius
    for one, trace in parts:
        solid = solid_under(alpha, colors, _ground_beside(alpha, one), one, is_tap=is_tap)
        solid = np.maximum(solid, solid_again(alpha[one.window], before[one.window], one))
        fills = bool((solid > np.maximum(alpha[one.window], 0.5)).sum() >= _LEAST_FILLED_PX)
        after[one.window] = np.maximum(after[one.window], solid)
        if trace is None and (not (followed or fills) or _is_surrounded(alpha, one)):
            trace = one.brush
        if trace is not None:
            after[one.window] = np.maximum(after[one.window], trace)
    return after


def _ground_beside(alpha: Floats, one: Stretch) -> Mask:
    """The background beside the brush, in its window."""
    farthest = one.radius + 2 + max(_RING * one.radius, _LEAST_RING_PX)
    beside = (one.distance > one.radius + 2) & (one.distance <= farthest)
    return np.asarray(beside & (alpha[one.window] < 0.05))


def _is_surrounded(alpha: Floats, one: Stretch) -> bool:
    """Whether there is only piece beside the brush: it fills a hole."""
    return int(_ground_beside(alpha, one).sum()) < _LEAST_SAMPLES


def _trace(alpha: Floats, colors: Floats, one: Stretch) -> Floats | None:
    """What the photo shows under the brush (0 to 1), None where it shows nothing."""
    if _is_surrounded(alpha, one):
        return None
    ring = _ground_beside(alpha, one)
    here = colors[one.window]
    around = samples_of(here, ring)
    samples = usual_of(around)
    share = cover(unlikeness(here, samples, one.inside), noise_of(here, samples, ring))
    core = np.asarray(one.distance <= _CORE * one.radius)
    share = share * _not_ground(here, share, core, around)
    seen = np.asarray((share > 0.5) & one.inside)
    if not _is_trace(seen, one.radius):
        return None
    if seen[core].mean() >= _SOLID_SHARE:
        whole = _without_holes(seen | core)
        share = np.maximum(share, floats(shrunk(whole, 3)))
        seen = whole
    elif seen.any():
        share = np.maximum(share, floats(shrunk(seen, 3)))
    return floats(share * grown(_without_crumbs(seen, one.radius), 3) * one.brush)


def _not_ground(colors: Floats, share: Floats, core: Mask, around: Floats) -> Floats:
    """0 for what looks like some rare color of the background rather than like what the middle of
    the stroke went over, else 1; between them in between.
    """
    middle = core & (share > 0.9)
    if middle.sum() < _LEAST_SAMPLES:
        return floats(np.ones_like(share))
    like = side(
        colors, samples_of(colors, middle), around, floats(np.ones_like(share)), share > 0.05
    )
    return floats(np.clip(2 * like, 0, 1))


def _is_trace(seen: Mask, radius: float) -> bool:
    count, _, stats, _ = cv2.connectedComponentsWithStats(seen.astype(np.uint8))
    longest = int(stats[1:, 2:4].max()) if count > 1 else 0
    return longest >= max(5, _ELONGATED * radius)


def _without_crumbs(seen: Mask, radius: float) -> Mask:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(seen.astype(np.uint8))
    keep = stats[:, 4] >= 4 + 0.02 * radius**2
    keep[0] = False
    return np.asarray(keep[labels])


def _without_holes(mask: Mask) -> Mask:
    """The mask with what it encloses: highlights in the color of the background."""
    outside = np.pad((~mask).astype(np.uint8), 1, constant_values=1)
    cv2.floodFill(outside, None, (0, 0), 2, flags=4)
    return np.asarray(outside[1:-1, 1:-1] != 2)


def erased(alpha: Floats, colors: Floats, stroke: Correction, before: Mask) -> Floats:
    """`alpha` without what lies under an erase stroke; what looks like the piece beside the brush
    and hangs together with it stays under the brush's rim, unless an eraser went there `before`.
    """
    alpha = alpha.copy()
    for one in stretches(stroke, alpha.shape, room_px(stroke)):
        now = alpha[one.window]
        rest = _rest(now, colors[one.window], one, before[one.window])
        alpha[one.window] = np.minimum(now, rest)
    return alpha


def touched(stroke: Correction, shape: tuple[int, ...]) -> Mask:
    """The pixels (HxW) under a stroke."""
    mask = np.zeros(shape, bool)
    for one in stretches(stroke, shape, 1):
        mask[one.window] |= one.inside
    return mask


def _rest(alpha: Floats, colors: Floats, one: Stretch, before: Mask) -> Floats:
    """What an erase stroke leaves of this stretch, 0 to 1."""
    core = np.asarray(one.distance <= _ERASED_CORE * one.radius)
    gone = core & (alpha > 0.05) | (one.distance > one.radius + 2) & (alpha < 0.05)
    beside = (one.distance > one.radius + 1) & (alpha > 0.9)
    circle = floats(1 - one.brush)
    again = before & (one.distance <= _AGAIN_CORE * one.radius)
    if min(gone.sum(), beside.sum()) < _LEAST_SAMPLES:
        return (_feathered(one) if beside.any() else circle) * ~again
    rim = one.inside & ~core
    piece = side(colors, samples_of(colors, beside), samples_of(colors, gone), _feathered(one), rim)
    left = np.where(one.inside, piece, 1) * ~(core | again)
    whole = np.asarray((left > 0.5) & (alpha > 0.5))
    _, labels = cv2.connectedComponents(whole.astype(np.uint8))
    hanging = np.isin(labels, np.unique(labels[whole & ~one.inside]))
    soft_px = max(1, int(_FEATHER * one.radius / 2))
    return floats(np.where(grown(whole & hanging, 2 * soft_px + 1), left, circle * ~again))


def _feathered(one: Stretch) -> Floats:
    """What a brush with a soft rim leaves: for where no edge in the photo says where to cut."""
    soft = max(1.0, _FEATHER * one.radius)
    return floats(np.clip((one.distance - one.radius + soft - 0.5) / soft, 0, 1))
