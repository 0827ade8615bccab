"""Where a necklace goes over the shoulders, and the plain chain of one that ends before them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, blur, floats, grown
from jewelrymodel.studio.cable_chain import plain_strip_of
from jewelrymodel.studio.chain_draping import Course, lay
from jewelrymodel.studio.model_templates import View
from jewelrymodel.studio.placement import Layer, merged
from jewelrymodel.studio.strand_layout import Beside, Strand2D, Track

_SETTLED_MM = 6.0
_STEP_MM = 0.1
_ON, _MOST_ON_MM = 1.6, 9.0  # strand widths over the ridge where it may end; mm
_CORD_MM, _PITCH = 5.0, 3.0  # what is thinner lies round; strand widths from gap to gap
_TOO_FAR = 2.0  # times worse than the same distance too early
_THREAD = 0.08  # of a gap's cover: where that much more is, a bead begins
_STANDS = 0.3  # of its width a strand stands over the ridge: its middle is as high again
_CORE = 1.0  # strand widths beside the line
_GAP, _GAP_REACH = 0.12, 1.3  # of the cover beside it that a gap lacks; strand widths
_EVEN = 0.08  # strand widths
_RELIEF, _MOST_RELIEF_MM = 0.15, 0.6  # of the strand's width; mm
_INTO_MM = 0.8  # of the strand's end: a chain is hooked into its last loop


@dataclass(frozen=True)
class Ends:
    """The track with what goes on over the ridges of the shoulders, and for its left and its right
    end whether it is cut between two beads; otherwise the outline of the shoulders cuts it.
    """

    track: Track
    between: tuple[bool, bool]


def over_the_ridges(track: Track, strand: Strand2D, cover: Floats) -> Ends:
    """Where a strand that ends on the ridges of the shoulders goes out of sight. `cover` says how
    much of the piece there is at each point of the strand's line.

    What lies on a ridge stands over its outline whole, and what follows is hidden behind it: so a
    strand of beads or links ends with a whole one, a thin one as a cord would. A broad one without
    gaps ends along the outline.
    """
    width_mm = strand.width_px / strand.px_per_mm
    on_mm = min(_ON * width_mm, _MOST_ON_MM)
    longer = _gone_on(track, on_mm)
    cuts = []
    for sign, end in ((-1, -float(track.arc_mm[0])), (1, float(track.arc_mm[-1]))):
        there_mm = _width_mm(strand, cover, sign * end)
        reach = (end - there_mm, end + there_mm)
        cut = _gap(strand, cover, sign, reach, end + _STANDS * there_mm)
        if cut is None and there_mm < _CORD_MM:
            cut = end + _STANDS * there_mm
        cuts.append(cut)
    low, high = (
        abs(float(longer.arc_mm[end])) if cut is None else cut
        for cut, end in zip(cuts, (0, -1), strict=True)
    )
    kept = (longer.arc_mm >= -low) & (longer.arc_mm <= high)
    shown = Track(longer.px[kept], longer.arc_mm[kept], longer.px_per_mm[kept])
    return Ends(shown, (cuts[0] is not None, cuts[1] is not None))


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


def _gap(
    strand: Strand2D, cover: Floats, sign: int, reach_mm: tuple[float, float], wanted_mm: float
) -> float | None:
    """The end of a bead (mm from the strand's middle) that is nearest to the wanted place; None
    where there is none within reach.
    """
    gaps = _gaps(strand, cover)
    outwards = np.array([_bead_end(cover, int(one), sign) for one in gaps], np.float64)
    places = sign * (outwards - strand.middle) / strand.px_per_mm
    near = places[(places > reach_mm[0]) & (places < reach_mm[1])]
    off = near - wanted_mm
    return float(near[np.argmin(np.where(off > 0, _TOO_FAR * off, -off))]) if near.size else None


def _width_mm(strand: Strand2D, cover: Floats, arc_mm: float) -> float:
    """How wide the strand is beside a place, mm from its middle."""
    at = strand.middle + arc_mm * strand.px_per_mm
    low, high = (int(np.clip(at + side * strand.width_px, 0, len(cover) - 1)) for side in (-1, 1))
    return float(np.median(cover[low : high + 1])) / strand.px_per_mm


def _gaps(strand: Strand2D, cover: Floats) -> NDArray[np.int_]:
    """Which points of the strand's line are the thinnest between two beads."""
    edge = 2 * max(2, round(_GAP_REACH * strand.width_px)) + 1
    lowest = np.flatnonzero((cover[1:-1] <= cover[:-2]) & (cover[1:-1] < cover[2:])) + 1
    half = edge // 2
    highest = cv2.dilate(cover[:, None], np.ones((half + 1, 1)), anchor=(0, half))[:, 0]
    following = cv2.dilate(cover[:, None], np.ones((half + 1, 1)), anchor=(0, 0))[:, 0]
    usual = np.minimum(highest, following)[lowest]
    return np.asarray(lowest[usual - cover[lowest] > _GAP * usual])


def _bead_end(cover: Floats, gap: int, sign: int) -> int:
    """Where the bead ends that is nearer to the strand's middle than a gap: a thread or wire from
    it would stand up over the ridge.
    """
    at = gap
    while 0 < at - sign < len(cover) - 1 and cover[at - sign] < (1 + _THREAD) * cover[gap]:
        at -= sign
    return at


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


def before_the_shoulders(view: View, relief_px: float, ends: Ends) -> Floats:
    """1 where a strand that stands `relief_px` off the skin shows (HxW): everywhere on a side where
    it is cut between beads, and else before the person and over the outline by its own height.
    """
    outline = np.asarray(person(view) > 0.5)
    shows = blur(floats(grown(outline, 2 * round(relief_px) + 1)), 0.7)
    middle = int(
        np.clip(ends.track.px[np.argmin(np.abs(ends.track.arc_mm)), 0], 0, view.size_px[0])
    )
    for side, free in zip((np.s_[:, :middle], np.s_[:, middle:]), ends.between, strict=True):
        if free:
            shows[side] = 1
    return shows


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
