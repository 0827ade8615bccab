"""Which part of a cutout is the piece's body and which are the strands of its chain.

Whatever isn't surely a strand stays with the body. Where that can't be told the piece is `unclear`
and worn in no look: a part of it would be dropped, or a chain drawn beside its own.
"""

import dataclasses
from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown
from jewelrymodel.studio.chain_separation import Split, Unclear, split
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.earring_fitting import find_fitting
from jewelrymodel.studio.earring_pairs import larger_earring
from jewelrymodel.studio.frame_sides import sides_cut
from jewelrymodel.studio.piece_kinds import Kind, largest_hole
from jewelrymodel.studio.piece_shapes import shape_of

Point = tuple[float, float]
MAX_LEFT_OUT = 0.03
MAX_LEAN_DEG = 25
_MAX_STALK, _STOUT_TOO = 0.7, 0.2  # of its size; of the largest stout place
_SOFT = 0.05
_LOWEST_HANG = 0.35
_BAIL_WIDE, _BAIL_FULL = 0.3, 0.6  # of the widest row, of its own width
_BAIL_HIGH = 5  # of its width


@dataclass(frozen=True)
class Body:
    """A piece without its chain.

    `mask` is the body (HxW, 0…1) in the photo, `box` its frame (x0, y0, x1, y1). `strands` are the
    center lines of the chain's two runs (each Nx2, from the body upwards), empty where the photo
    shows none; they meet the body at its `joints`, are `strand_px` thick, and below the row
    `open_top` all are whole (None: none ends inside the photo). `dropped` (HxW, 0…1) is what the
    body may lack: the strands, which are laid anew, and parts on them that are no strand (a clasp,
    a bead), whose widths and heights are `left_out`. `bridges` are the ends of small gaps between a
    bail and the piece. `unclear` says why it can't be worn, `lean_deg` by how much the piece leans
    (clockwise turned it would be plumb) where only that makes it so.
    """

    mask: Floats
    box: tuple[int, int, int, int]
    strands: tuple[Floats, ...]
    joints: tuple[Point, ...]
    dropped: Floats
    open_top: float | None = None
    strand_px: float = 0.0
    left_out: tuple[tuple[int, int], ...] = ()
    bridges: tuple[tuple[Floats, Floats], ...] = ()
    unclear: Unclear | None = None
    lean_deg: float = 0.0

    @property
    def hang(self) -> Point:
        """The point by which the body hangs: between its joints, or the top of its middle."""
        if self.joints:
            xs, ys = zip(*self.joints, strict=True)
            return sum(xs) / len(xs), sum(ys) / len(ys)
        return _top_of_middle(np.asarray(self.mask > 0.5))


def find_body(alpha: Floats, border_px: Floats | None = None) -> Body:
    """Split a pendant from its chain. Without strands the whole piece is the body. `border_px`
    (HxW) says of a photo that was turned how far its pixels are from its edges.
    """
    solid = np.asarray(alpha > 0.5)
    soft = alpha > _SOFT
    rows, columns = np.flatnonzero(soft.any(1)), np.flatnonzero(soft.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    at = (int(columns[0]), int(rows[0]))
    border = None if border_px is None else border_px[window]
    parted = split(solid[window], at, alpha.shape, border)
    if parted is Unclear.CHAIN and _is_bare(solid[window], alpha):
        parted = None
    if isinstance(parted, Split):
        return _parted(alpha, window, at, parted)
    mask = floats(alpha > 0)
    unclear = parted or _hangs_by_nothing(mask)
    return Body(mask, _box(alpha), (), (), floats(np.zeros_like(mask)), unclear=unclear)


def _is_bare(solid: Mask, alpha: Floats) -> bool:
    """Whether a piece whose arms look like strands hangs by a bail, with nothing above it: one
    narrow part at the top, and no run of chain to the photo's edge.
    """
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    piece = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if sides_cut(alpha) or not shape_of(np.asarray(piece)).bail:
        return False
    spans = [np.flatnonzero(row) for row in piece]
    widest = piece.shape[1]
    wide = [int(np.ptp(span)) + 1 if span.size else 0 for span in spans]
    stops = (row for row, width in enumerate(wide) if width > _BAIL_WIDE * widest)
    high = next(stops, len(wide))
    full = [span.size / max(1, width) for span, width in zip(spans[:high], wide, strict=False)]
    stout = high < _BAIL_HIGH * float(np.median(wide[:high] or [0]))
    return stout and float(np.median(full)) > _BAIL_FULL


def _parted(alpha: Floats, window: tuple[slice, slice], at: Point, parted: Split) -> Body:
    gone = np.zeros(alpha.shape, np.float32)
    cover = alpha[window]
    # What is less than half covered beside a strand is its own soft edge.
    reach = int(parted.width) + 17 | 1
    halo = grown(parted.strand, reach) & (cover < 0.5) & ~grown(parted.body, 9)
    dropped = grown(parted.strand, 3) & ~parted.body | grown(parted.left_out, 7) | halo
    shreds = _without_body((cover > _SOFT) & ~dropped, parted.body)
    gone[window][dropped | shreds] = 1
    left_out = parted.left_out | shreds & (cover > 0.1)
    # Feathered over three pixels, so that the strands laid anew meet it without a step.
    gone[window] = cv2.GaussianBlur(gone[window], (0, 0), 1.2)
    mask = floats((1 - gone) * (alpha > 0))
    lines = tuple(floats(line + at) for line in parted.lines)
    joints = tuple((x + at[0], y + at[1]) for x, y in parted.joints)
    smallest = parted.width**2
    open_top = None if parted.open_top is None else parted.open_top + at[1]
    box, sizes = _box(mask * alpha), _sizes(left_out, smallest)
    bridges = tuple((floats(start + at), floats(end + at)) for start, end in parted.bridges)
    body = Body(mask, box, lines, joints, gone, open_top, parted.width, sizes, bridges)
    share = float(cover[left_out].sum()) / float(cover.sum())
    unclear = _doubt(parted, share)
    if unclear is None and abs(_lean(parted)) > MAX_LEAN_DEG:
        return dataclasses.replace(body, unclear=Unclear.ASKEW, lean_deg=_lean(parted))
    return dataclasses.replace(body, unclear=unclear)


def _without_body(soft: Mask, body: Mask) -> Mask:
    """The parts that hold nothing of the body."""
    count, labels = cv2.connectedComponents(soft.astype(np.uint8))
    with_body = np.bincount(labels[body & soft], minlength=count) > 0
    with_body[0] = True
    return np.asarray(~with_body[labels])


def _doubt(parted: Split, left_out_share: float) -> Unclear | None:
    """Why the piece can't be worn: too much would be left out, or it hangs by a part of its
    chain.
    """
    if left_out_share > MAX_LEFT_OUT:
        return Unclear.PARTS_ON_CHAIN
    if _stalk(parted) > _MAX_STALK:
        uneven = abs(parted.joints[0][1] - parted.joints[-1][1]) > 2 * parted.width
        return Unclear.PARTS_ON_CHAIN if uneven else Unclear.ASKEW
    return None


def _lean(parted: Split) -> float:
    """Degrees between the plumb line and the line from the joints to the middle of the body,
    positive where that is to the right.
    """
    down, across = np.nonzero(parted.body)
    x, y = np.mean(parted.joints, axis=0)
    return float(np.degrees(np.arctan2(across.mean() - x, max(down.mean() - y, 1e-3))))


def _stalk(parted: Split) -> float:
    """How far the farther joint is from the stout part, by its size: a long stalk is chain. A slim
    piece, a bolt or a feather, is stout in several places that count together.
    """
    edge = int(2.6 * parted.width) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    stout = cv2.morphologyEx(parted.filled.astype(np.uint8), cv2.MORPH_OPEN, disc)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(stout)
    if count < 2:
        return 0.0
    large = stats[:, cv2.CC_STAT_AREA] > _STOUT_TOO * stats[1:, cv2.CC_STAT_AREA].max()
    large[0] = False
    rows, columns = np.nonzero(large[labels])
    size = max(np.ptp(rows), np.ptp(columns)) + 1
    return max(float(np.hypot(columns - x, rows - y).min()) for x, y in parted.joints) / size


def _sizes(left_out: Mask, smallest_px: float) -> tuple[tuple[int, int], ...]:
    """Width and height of each part that is larger than a link."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(left_out.astype(np.uint8))
    return tuple((int(s[2]), int(s[3])) for s in stats[1:count] if s[4] > smallest_px)


def _top_of_middle(solid: Mask) -> Point:
    """The topmost place; between two equally high ones the top of what lies in the middle."""
    rows, columns = np.nonzero(solid)
    top = int(rows.min())
    highest = columns[rows <= top + 2]
    middle = float(highest.mean())
    if np.ptp(highest) < 0.1 * np.ptp(columns) or solid[top : top + 6, round(middle)].any():
        return middle, float(top)
    middle = float(columns.min() + columns.max()) / 2
    near = np.abs(columns - middle) <= 0.06 * np.ptp(columns) + 1
    return middle, float(rows[near].min() if near.any() else rows.max())


def _hangs_by_nothing(mask: Floats) -> Unclear | None:
    """A chain drawn to a place deep inside the piece would end in mid-air."""
    solid = np.asarray(mask > 0.5)
    rows = np.flatnonzero(solid.any(1))
    depth = _top_of_middle(solid)[1] - rows[0]
    return Unclear.NO_BAIL if depth > _LOWEST_HANG * (np.ptp(rows) + 1) else None


def _box(cover: Floats) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero((cover > 0.4).any(1)), np.flatnonzero((cover > 0.4).any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def photo_px_per_mm(alpha: Floats, kind: Kind, size_mm: float, body: Body | None = None) -> float:
    """Photo pixels per millimeter, from the piece's real size as RenderRequest defines it.
    `body` is a pendant's where it is known already.
    """
    return _measured_px(alpha, kind, body) / size_mm


def _measured_px(alpha: Floats, kind: Kind, body: Body | None) -> float:
    if kind is Kind.PENDANT:
        box = (body or find_body(alpha)).box
        return float(box[3] - box[1])
    if kind is Kind.EARRING:
        return find_fitting(floats(alpha * larger_earring(alpha).mask)).height_px
    x0, y0, x1, y1 = components_of(alpha)[0].box
    if kind in (Kind.RING, Kind.BRACELET):
        hole = largest_hole(np.asarray(alpha[y0:y1, x0:x1] > 0.5))
        if hole is not None and hole.any():
            across = int(np.ptp(np.flatnonzero(hole.any(0)))) + 1
            if across > 0.4 * (x1 - x0):
                return float(across)
    return float(x1 - x0)
