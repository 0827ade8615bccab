"""Where a necklace goes over the shoulders, and the plain chain of one that ends before them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, blur, floats, grown
from jewelrymodel.studio.cable_chain import plain_strip_of
from jewelrymodel.studio.chain_draping import Course, lay
from jewelrymodel.studio.model_templates import View
from jewelrymodel.studio.neck_curves import NeckCurve
from jewelrymodel.studio.placement import Layer, merged
from jewelrymodel.studio.ridge import before_person, outlines, way_behind
from jewelrymodel.studio.strand_layout import LEAST_SHORTENED, Beside, Strand2D, Track

_SETTLED_MM = 6.0
_STEP_MM = 0.1
_ON, _MOST_ON_MM = 1.6, 9.0  # strand widths over the ridge that a broad band is followed; mm
_CORD_MM, _PITCH = 5.0, 3.0  # what is thinner lies round; strand widths from gap to gap
_CORE = 1.0  # strand widths beside the line
_GAP, _GAP_REACH = 0.12, 1.3  # of the cover beside it that a gap lacks; strand widths
_EVEN = 0.08  # strand widths
_RELIEF, _MOST_RELIEF_MM = 0.15, 0.6  # of the strand's width; mm
_INTO_MM = 0.8  # of the strand's end: a chain is hooked into its last loop


@dataclass(frozen=True)
class Ends:
    """The track with what goes on over the ridges of the shoulders, and the places of it (`arc_mm`)
    from which on, to the left and to the right, what shows is behind the person.
    """

    track: Track
    ridges_mm: tuple[float, float]


def over_the_ridges(view: View, curve: NeckCurve, track: Track, width_mm: float) -> Ends:
    """Where a strand goes out of sight that is so wide and as high above the skin.

    What lies on a ridge stands over its outline whole. What follows goes on along the outline
    towards the nape and sinks behind it, so less and less of it shows (`ridge.py`).
    """
    lines = outlines(view)
    ways = [
        way_behind(side, float(track.px_per_mm[end]), curve, end, lines, width_mm)
        for end, side in ((0, track.px[::-1]), (-1, track.px))
    ]
    left, right = (np.zeros((0, 2), np.float32) if way is None else way.px for way in ways)
    px = np.concatenate([left[::-1], track.px, right])
    scale = np.pad(track.px_per_mm, (len(left), len(right)), mode="edge")
    arcs = [
        np.cumsum(_lengths_mm(side, start, float(track.px_per_mm[end])))
        for side, start, end in ((left, track.px[0], 0), (right, track.px[-1], -1))
    ]
    arc = np.concatenate(
        [track.arc_mm[0] - arcs[0][::-1], track.arc_mm, track.arc_mm[-1] + arcs[1]]
    )
    ridges = [
        float(abs(track.arc_mm[end])) + (0.0 if way is None else float(along[way.ridge]))
        for end, way, along in zip((0, -1), ways, arcs, strict=True)
    ]
    longer = Track(floats(px), floats(arc), floats(scale))
    return Ends(longer, (-ridges[0], ridges[1]))


def _lengths_mm(px: Floats, start: Floats, px_per_mm: float) -> Floats:
    """How long each step of a way is that is seen as short as a flat photo can be pressed."""
    steps = np.linalg.norm(np.diff(px, axis=0, prepend=start[None]), axis=1)
    return floats(steps / px_per_mm / LEAST_SHORTENED)


def across_the_ridges(track: Track, width_mm: float) -> Ends:
    """The track of a broad band gone on straight: the outline of the shoulders cuts it."""
    longer = _gone_on(_to_the_sides(track), min(_ON * width_mm, _MOST_ON_MM))
    return Ends(longer, (-np.inf, np.inf))


def is_broad(strand: Strand2D, cover: Floats) -> bool:
    """Whether a strand is a band that lies flat on the skin, and no cord and no string of beads."""
    broad = strand.width_px > _CORD_MM * strand.px_per_mm
    return broad and not is_beaded(strand, cover)


def is_beaded(strand: Strand2D, cover: Floats) -> bool:
    """Whether a strand is one of beads or stones, that have gaps between them all along it."""
    return bool(len(_gaps(strand, cover)) * _PITCH * strand.width_px > len(cover))


def cover_along(own: Beside, solid: Mask, strand: Strand2D) -> Floats:
    """How many of the piece's pixels (`solid`, HxW) are beside each point of the strand's line,
    close to it: what hangs from it isn't counted.
    """
    count = len(strand.line)
    near = solid & (own.index >= 0) & (own.index <= count - 1)
    near &= np.abs(own.aside) < _CORE * strand.width_px
    profile = np.bincount(own.index[near].astype(int), minlength=count).astype(np.float64)
    return blur(floats(profile)[:, None], max(0.7, _EVEN * strand.width_px))[:, 0]


def _gaps(strand: Strand2D, cover: Floats) -> NDArray[np.int_]:
    """Which points of the strand's line are the thinnest between two beads."""
    edge = 2 * max(2, round(_GAP_REACH * strand.width_px)) + 1
    lowest = np.flatnonzero((cover[1:-1] <= cover[:-2]) & (cover[1:-1] < cover[2:])) + 1
    half = edge // 2
    highest = cv2.dilate(cover[:, None], np.ones((half + 1, 1)), anchor=(0, half))[:, 0]
    following = cv2.dilate(cover[:, None], np.ones((half + 1, 1)), anchor=(0, 0))[:, 0]
    usual = np.minimum(highest, following)[lowest]
    return np.asarray(lowest[usual - cover[lowest] > _GAP * usual])


def _gone_on(track: Track, on_mm: float) -> Track:
    """The track gone on straight at both ends, over the ridges of the shoulders."""
    count = max(1, int(on_mm / _STEP_MM))
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


def _to_the_sides(track: Track) -> Track:
    """The track as far as it goes outwards: at its ends it turns in towards the nape."""
    end = int(_SETTLED_MM / _STEP_MM)
    first, last = int(np.argmin(track.px[:end, 0])), int(np.argmax(track.px[-end:, 0]))
    shown = slice(first, len(track.px) - end + last + 1)
    return Track(track.px[shown], track.arc_mm[shown], track.px_per_mm[shown])


def shown_over_ridges(view: View, ends: Ends, width_px: float) -> Floats:
    """1 where a strand of that width shows (HxW): before the ridges everywhere, and beyond them
    where the person isn't before it.
    """
    first, last = np.searchsorted(ends.track.arc_mm, ends.ridges_mm)
    return before_person(view, ends.track.px, (float(first), float(last)), width_px)


def before_the_shoulders(view: View, relief_px: float) -> Floats:
    """1 where a band that stands `relief_px` off the skin shows (HxW): before the person and over
    the outline by its own height.
    """
    outline = np.asarray(person(view) > 0.5)
    return blur(floats(grown(outline, 2 * round(relief_px) + 1)), 0.7)


def person(view: View) -> Floats:
    """1 where the person is, 0 where the backdrop is (HxW, soft)."""
    return floats(1 - view.part_mask((0,)))


def relief_mm(width_mm: float) -> float:
    """How far a strand without gaps stands over the shoulders' outline."""
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
