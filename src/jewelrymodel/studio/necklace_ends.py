"""Where a necklace goes over the shoulders, and the plain chain of one that ends before them."""

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats, grown
from jewelrymodel.studio.cable_chain import plain_strip_of
from jewelrymodel.studio.chain_draping import Course, lay
from jewelrymodel.studio.model_templates import View
from jewelrymodel.studio.placement import Layer, merged
from jewelrymodel.studio.strand_layout import Strand2D, Track

BEYOND_MM = 9.0
_SETTLED_MM = 6.0
_STEP_MM = 0.1
_RELIEF, _MOST_RELIEF_MM = 0.35, 1.5  # of the strand's width; mm
_INTO_MM = 0.8  # of the strand's end: a chain is hooked into its last loop


def beyond(track: Track) -> Track:
    """The track gone on straight at both ends, over the outline of the shoulders."""
    count = int(BEYOND_MM / _STEP_MM)
    calm = min(int(_SETTLED_MM / _STEP_MM), len(track.px) - 1)
    on = np.arange(1, count + 1)[:, None] / calm
    left = track.px[0] + on[::-1] * (track.px[0] - track.px[calm])
    right = track.px[-1] + on * (track.px[-1] - track.px[-1 - calm])
    before, after = track.arc_mm[calm] - track.arc_mm[0], track.arc_mm[-1] - track.arc_mm[-1 - calm]
    arcs = (
        track.arc_mm[0] - on[::-1, 0] * before,
        track.arc_mm,
        track.arc_mm[-1] + on[:, 0] * after,
    )
    return Track(
        floats(np.concatenate([left, track.px, right])),
        floats(np.concatenate(arcs)),
        floats(np.pad(track.px_per_mm, count, mode="edge")),
    )


def before_the_shoulders(view: View, relief_px: float) -> Floats:
    """1 where a strand as high as `relief_px` shows: before the person, and over the outline by its
    own height (HxW).
    """
    outline = np.asarray(person(view) > 0.5)
    return blur(floats(grown(outline, 2 * round(relief_px) + 1)), 0.7)


def person(view: View) -> Floats:
    """1 where the person is, 0 where the backdrop is (HxW, soft)."""
    return floats(1 - view.part_mask((0,)))


def relief_mm(width_mm: float) -> float:
    """How far a strand of this width stands over the shoulders' outline."""
    return min(_RELIEF * width_mm, _MOST_RELIEF_MM)


def missing_mm(strand: Strand2D, track: Track) -> float:
    """How much of the track, on the side where it is more, the strand is too short for; 0 where it
    reaches over both shoulders.
    """
    ends = strand.arc_mm(floats([0, len(strand.line) - 1]))
    return max(0.0, float(ends[0] - track.arc_mm[0]), float(track.arc_mm[-1] - ends[1]))


def plain_ends(rgba: Bytes, strand: Strand2D, track: Track, size: tuple[int, int]) -> Layer:
    """A plain chain in the piece's metal along what the strand leaves of the track."""
    strip = plain_strip_of(rgba, np.asarray(rgba[..., 3] > 127))
    first, last = (float(end) for end in strand.arc_mm(floats([0, len(strand.line) - 1])))
    sides = (
        np.flatnonzero(track.arc_mm <= first + _INTO_MM)[::-1],
        np.flatnonzero(track.arc_mm >= last - _INTO_MM),
    )
    return merged(*(lay(strip, _course(track, side), size) for side in sides if len(side) > 1))


def _course(track: Track, side: np.ndarray) -> Course:
    """A part of the track from the strand's end upwards."""
    arc = np.abs(track.arc_mm[side] - track.arc_mm[side[0]])
    shade = np.ones(len(side), np.float32)
    return Course(track.px[side], floats(arc), track.px_per_mm[side], shade)
