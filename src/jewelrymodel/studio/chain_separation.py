"""Is a thin run beside a piece its chain, or a part of the piece?

A strand is even in width, thin beside the body, meets the body at its lower end, and comes from the
photo's edge, from a closed loop, or far enough from above with the texture of links.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats
from jewelrymodel.studio.strands import Strand, find_strands, is_wider, largest_gap, thickness

_STOUT = 1.8  # strand widths: the least that a body is thick
_THICK_CHAIN, _THIN_CHAIN = 0.35, 0.12  # of the body's size
_LONG = 0.8  # of the body's size: the least length of a strand that ends inside the photo
_ALIKE = 1.25  # times as wide as each other: two strands that speak for each other
_LONG_PAIR, _THIN_PAIR = 0.5, 0.15  # of the body's size: what each of such two may be
_TOUCHING = 0.7  # strand widths: a bail lies so near to its piece
_LINKS = 0.1
_EDGE_SHARE = 0.02


class Unclear(StrEnum):
    """Why a piece can't be parted from its chain; the values are those of ViewProblem."""

    ONE_STRAND = "one_strand"  # only one side of the chain is in the cutout
    CHAIN = "chain"  # chain and piece can't be told apart
    SIDEWAYS = "sideways"  # the chain runs to the side
    ASKEW = "askew"  # the piece doesn't hang straight below its chain
    PARTS_ON_CHAIN = "parts_on_chain"  # laying the chain would leave other parts out
    NO_BAIL = "no_bail"  # nothing at the top of the piece holds a chain


@dataclass(frozen=True)
class Split:
    """A piece parted from its chain, framed to the piece: `body` is the body, `filled` its stoutest
    part without openings, `strand` what is chain, `left_out` what is on the chain but no strand.
    `bridges` are the ends of small gaps in the cutout between a bail and its piece.
    `open_top` is the row below which every strand is whole, None where none ends inside the photo.
    """

    solid: Mask
    body: Mask
    filled: Mask
    strand: Mask
    left_out: Mask
    lines: tuple[Floats, Floats]
    joints: tuple[tuple[float, float], ...]
    bridges: tuple[tuple[Floats, Floats], ...]
    width: float
    open_top: float | None


@dataclass(frozen=True)
class Frame:
    """Where a framed piece is in its photo: its corner `at`, the photo's shape; and where the photo
    was turned, how far each pixel of the piece's frame is from the edges over which a chain comes.
    """

    at: tuple[int, int]
    photo_shape: tuple[int, ...]
    border_px: Floats | None = None


def split(
    solid: Mask,
    at: tuple[int, int],
    photo_shape: tuple[int, ...],
    border_px: Floats | None = None,
) -> Split | Unclear | None:
    """Part a piece (framed, its corner at `at` in the photo) from its chain. None: it has none."""
    frame = Frame(at, photo_shape, border_px)
    strands = find_strands(solid)
    parted = _by_two(solid, strands, frame)
    if parted is not None:
        return parted
    if border_px is None and _runs_sideways(solid, at, photo_shape):
        return Unclear.SIDEWAYS
    for strand in strands:
        if isinstance(_judged(solid, (strand,), frame), Split):
            return Unclear.ONE_STRAND
    at_edge = any(_at_edge(strand, frame) for strand in strands)
    return Unclear.CHAIN if at_edge else None


def split_or_none(solid: Mask, at: tuple[int, int], photo_shape: tuple[int, ...]) -> Split | None:
    """As `split`, for those who don't ask why a piece can't be parted: in half the time."""
    parted = _by_two(solid, find_strands(solid), Frame(at, photo_shape))
    return parted if isinstance(parted, Split) else None


def _by_two(solid: Mask, strands: tuple[Strand, ...], frame: Frame) -> Split | Unclear | None:
    """The first answer that two of the three longest strands give."""
    for pair in ((0, 1), (0, 2), (1, 2)):
        if max(pair) < len(strands):
            parted = _judged(solid, tuple(strands[i] for i in pair), frame)
            if parted is not None:
                return parted
    return None


def _judged(solid: Mask, strands: tuple[Strand, ...], frame: Frame) -> Split | Unclear | None:
    """The split by these strands; Unclear where they may as well be arms of the piece; None where
    they are a part of it.
    """
    width = max(strand.width for strand in strands)
    near = width + largest_gap(solid.shape[0])
    covered = _covered(solid, strands)
    main, filled = _stoutest(solid & ~covered)
    if thickness(filled).max() < _STOUT * width:
        return None
    strand, left_out, gaps = _leftovers(solid, covered, main, strands, near)
    body = solid & ~strand & ~left_out
    joints = [_joint(one, body) for one in strands]
    below = max(_below(strand, one) for one in strands)
    if any(np.hypot(*(j - s.line[0])) > near + below for j, s in zip(joints, strands, strict=True)):
        return None
    size = max(int(np.ptp(np.flatnonzero(main.any(axis)))) + 1 for axis in (0, 1))
    free = [one for one in strands if not _at_edge(one, frame)]
    alike = _are_alike(strands)
    if not _is_loop(strands, near) and not all(_is_chain(solid, one, size, alike) for one in free):
        return _arms_or_unclear(free, size)
    if width > _THICK_CHAIN * size:
        return None
    left_to_right = sorted(range(len(strands)), key=lambda i: float(strands[i].line[:, 0].mean()))
    lines = (strands[left_to_right[0]].line, strands[left_to_right[-1]].line)
    places = tuple((float(joints[i][0]), float(joints[i][1])) for i in left_to_right)
    tops = [] if _is_loop(strands, near) else [float(one.line[-1, 1]) for one in free]
    bridges = tuple((gap, _nearest_of(main, gap)) for gap in gaps)
    open_top = max(tops, default=None)
    return Split(solid, body, filled, strand, left_out, lines, places, bridges, width, open_top)


def _arms_or_unclear(free: list[Strand], size: int) -> Unclear | None:
    """Short, thick arms belong to the piece; anything thinner might be chain."""
    short = all(len(s.line) < 1.2 * size and s.width > _THIN_CHAIN * size for s in free)
    return None if short else Unclear.CHAIN


def _covered(solid: Mask, strands: tuple[Strand, ...]) -> Mask:
    """Where the strands lie, up to the half of their width before the body begins."""
    canvas = np.zeros(solid.shape, np.uint8)
    for strand in strands:
        above = strand.line[strand.line[:, 1] <= strand.line[0, 1] - strand.width]
        points = np.round(above if len(above) > 1 else strand.line).astype(np.int32)
        cv2.polylines(canvas, [points], isClosed=False, color=1, thickness=int(strand.width) + 7)
        lowest = int(strand.line[0, 1] - strand.width / 2)
        canvas[max(0, lowest) + 1 :][canvas[max(0, lowest) + 1 :] == 1] = 0
    return np.asarray(canvas > 0)


def _stoutest(rest: Mask) -> tuple[Mask, Mask]:
    """The part with the most room in it, its openings counted as room; and that part filled."""
    outlines, _ = cv2.findContours(rest.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(rest.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    room = thickness(np.asarray(filled > 0))
    _, labels = cv2.connectedComponents(filled)
    whole = np.asarray(labels == labels.flat[int(np.argmax(room))]) & (filled > 0)
    return rest & whole, whole


def _joint(strand: Strand, body: Mask) -> Floats:
    """The place of the body that is nearest to the strand's lower end."""
    joint = _nearest_of(body, strand.line[0])
    # A joint a few pixels off is the strand's own rounding.
    return joint if np.hypot(*(joint - strand.line[0])) > strand.width else strand.line[0]


def _below(strand: Mask, one: Strand) -> float:
    """How far dropped bits of chain go on below a run's lower end: two runs became one there."""
    rows = np.flatnonzero(strand.any(1))
    return max(0.0, float(rows[-1] - one.line[0, 1]))


def _nearest_of(mask: Mask, place: Floats) -> Floats:
    """The pixel of the mask that is nearest to a place; far outside where the mask is empty."""
    rows, columns = np.nonzero(mask)
    if not rows.size:
        return floats(place + 1e6)
    nearest = int(np.argmin(np.hypot(columns - place[0], rows - place[1])))
    return floats([columns[nearest], rows[nearest]])


def _at_edge(strand: Strand, frame: Frame) -> bool:
    """Whether the strand comes in over the photo's edge."""
    height, width = frame.photo_shape[:2]
    room = _EDGE_SHARE * max(height, width) + strand.width
    if frame.border_px is not None:
        column, row = strand.line[-1].astype(int)
        return bool(frame.border_px[row, column] < room)
    x, y = strand.line[-1] + frame.at
    return bool(y < room or x < room or x > width - room)


def _is_loop(strands: tuple[Strand, ...], near: float) -> bool:
    """Whether two strands come from one place: the chain's top is in the photo."""
    if len(strands) < 2:
        return False
    return float(np.hypot(*(strands[0].line[-1] - strands[1].line[-1]))) < near + strands[0].width


def _are_alike(strands: tuple[Strand, ...]) -> bool:
    """Whether two strands are equally wide: the two runs of one chain."""
    widths = [strand.width for strand in strands]
    return len(strands) > 1 and max(widths) <= _ALIKE * min(widths)


def _is_chain(solid: Mask, strand: Strand, size: int, alike: bool) -> bool:
    """A strand that ends inside the photo: long, thin, and with the uneven outline of links. One of
    two `alike` runs may be shorter and thicker: the depth of field ends one before the other.
    """
    long, thin = (_LONG_PAIR, _THIN_PAIR) if alike else (_LONG, _THIN_CHAIN)
    if len(strand.line) < long * size or strand.width > thin * size:
        return False
    reach = int(strand.width)
    across = np.arange(-reach, reach + 1)
    columns = np.clip(strand.line[:, :1] + across, 0, solid.shape[1] - 1).astype(int)
    rows = np.clip(strand.line[:, 1:], 0, solid.shape[0] - 1).astype(int)
    spans = solid[rows, columns].sum(1).astype(np.float64)
    usual = max(1.0, float(np.median(spans)))
    # The steps of a slanting outline are shorter than links; its bends are longer.
    fine = cv2.blur(spans[:, None], (1, reach // 3 | 1))[:, 0]
    smooth = cv2.blur(spans[:, None], (1, 4 * reach + 1))[:, 0]
    return float(np.std((fine - smooth)[spans > 0]) / usual) > _LINKS


def _leftovers(
    solid: Mask, covered: Mask, main: Mask, strands: tuple[Strand, ...], near: float
) -> tuple[Mask, Mask, list[Floats]]:
    """What else is dropped: bits of strand, and parts on the strands that are none. Whatever lies
    below the strands (a hanging part), or between their lower ends and the body (a bail), belongs
    to the body; where such a bail ends above a gap is the third thing returned.
    """
    width = max(strand.width for strand in strands)
    ends = [strand.line[0] for strand in strands]
    lowest = max(float(y) for _, y in ends)
    rest = solid & ~covered & ~main
    thick = thickness(solid & ~main)
    off = cv2.distanceTransform((~covered).astype(np.uint8), cv2.DIST_L2, 5)
    to_main = cv2.distanceTransform((~main).astype(np.uint8), cv2.DIST_L2, 5)
    strand, left_out, gaps = covered & solid, np.zeros_like(solid), []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest.astype(np.uint8))
    for index in range(1, count):
        x, y, wide, high, _ = stats[index]
        box = np.s_[y : y + high, x : x + wide]
        part = labels[box] == index
        down, across = np.nonzero(part)
        to_end = min(float(np.hypot(across + x - u, down + y - v).min()) for u, v in ends)
        at_end = to_end < 1.5 * width
        bail = at_end and to_main[box][part].min() < max(4, _TOUCHING * width)
        apart = not at_end and (y + high / 2 > lowest or off[box][part].min() > near)
        if bail:
            nearest = int(np.argmin(to_main[box][part]))
            gaps.append(floats([across[nearest] + x, down[nearest] + y]))
        if bail or apart:
            continue
        kept = left_out if is_wider(float(thick[box][part].max()), width) else strand
        kept[box] |= part
    return strand, left_out, gaps


def _runs_sideways(solid: Mask, at: tuple[int, int], photo_shape: tuple[int, ...]) -> bool:
    """Whether strands leave the piece to the left or to the right."""
    height, width = photo_shape[:2]
    x, y = at
    right = width - x - solid.shape[1]
    below = height - y - solid.shape[0]
    turns = ((1, (y, right)), (3, (below, x)))
    for quarter, corner in turns:
        turned = np.ascontiguousarray(np.rot90(solid, quarter))
        room = _EDGE_SHARE * max(height, width)
        strands = [
            strand
            for strand in find_strands(turned)
            if strand.line[-1, 1] + corner[1] < room + strand.width
        ]
        if any(
            isinstance(_judged(turned, (s,), Frame(corner, (width, height))), Split)
            for s in strands
        ):
            return True
    return False
