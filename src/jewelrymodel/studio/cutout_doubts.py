"""Where a cutout may be wrong, judged against the photo: lost parts, and what may not belong.

Three kinds of evidence, none of which changes the cutout: what the network half saw; on a calm
backdrop, color unlike it just outside the cutout; and backdrop-like color inside, parted from the
rest by an edge of the photo. A soft shadow is backdrop; so is its darker half.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, blur, floats, grown, lab, shrunk
from jewelrymodel.studio.background import Background, fit_background
from jewelrymodel.studio.messages import CutoutNote, Message, message
from jewelrymodel.studio.not_jewelry import edge_strength
from jewelrymodel.studio.piece_shapes import disc
from jewelrymodel.studio.printed_text import Print, find_print

_WORK_EDGE_PX = 1000
_ROOM = 0.45  # of the piece's longer side, looked at around it
_LEAST_AREA = 0.002  # of the piece's area
_SHADOW_TINT = 25  # of chroma: gold throws a golden shadow
_FAINT = 0.2  # of cover; what is fainter counts as unseen
_SOLID = 0.7  # of cover; what is fainter shines through
_PIECE_LIKE, _PIECE_SMOOTH = 0.45, 0.7  # of the piece's own distance from the backdrop
_CROSSING = 0.06  # of the view's longer side: wider than that, no strand crosses its border
_CRISP = 6.0  # ΔE from pixel to pixel: the rim of an opening, and of no highlight
_FINE = 2.0  # of lightness: detail finer than the slope of a shadow, however steep
_BUSY = 3.5  # ΔE from pixel to pixel, on average over a few of them


@dataclass(frozen=True)
class Doubts:
    """Two masks as large as the photo (HxW): what may be missing from the cutout, and what is in
    it and may not belong. `codes` say what to look at.
    """

    missing: Mask
    extra: Mask
    codes: tuple[CutoutNote, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.missing.any() or self.extra.any())

    def share_of(self, alpha: Floats) -> float:
        """The marked area by the piece's."""
        return float((self.missing | self.extra).sum() / max(1, int((alpha > 0.5).sum())))


@dataclass(frozen=True)
class _View:
    """The piece and its surroundings at working size; `crop` is its window in the photo."""

    colors: Floats
    alpha: Floats
    matte: Floats
    edges: Floats
    backdrop: Background
    print: Print
    crop: tuple[slice, slice]

    @property
    def solid(self) -> Mask:
        return np.asarray(self.alpha > 0.5)

    @property
    def least_px(self) -> int:
        return max(24, int(_LEAST_AREA * int(self.solid.sum())))


def find_doubts(rgb: Bytes, alpha: Floats, matte: Floats, settled: Mask | None = None) -> Doubts:
    """The doubts about the cutout `alpha` (HxW) of a photo; `matte` is the network's own answer.
    Where it is `settled` (HxW) what belongs to the piece, there are none.
    """
    empty = np.zeros(alpha.shape, bool)
    if not (alpha > 0.5).any():
        return Doubts(empty, empty)
    view = _view(rgb, alpha, matte)
    decided = np.zeros(view.alpha.shape, bool)
    if settled is not None and settled.any():
        decided = grown(_in_view(settled, view), 9)
    thin, foreign = faint(view)
    found = {
        CutoutNote.PARTS_MISSING: half_seen(view) | thin | unlike_backdrop(view),
        CutoutNote.OPENINGS_FILLED: like_backdrop(view),
        CutoutNote.PARTS_EXTRA: foreign | print_beside(view),
    }
    left = {code: _not_touching(mask, decided) for code, mask in found.items()}
    missing = left.pop(CutoutNote.PARTS_MISSING)
    extra = np.logical_or.reduce(list(left.values()))
    codes = tuple(code for code, mask in left.items() if mask.any())
    if missing.any():
        codes = (CutoutNote.PARTS_MISSING, *codes)
    return Doubts(_in_photo(missing, view, alpha.shape), _in_photo(extra, view, alpha.shape), codes)


def notes_of(doubts: Doubts) -> tuple[Message, ...]:
    """What to look at before the cutout is approved: only where something is marked."""
    return tuple(message(code) for code in doubts.codes)


def half_seen(view: _View) -> Mask:
    """What the network half saw beside the piece, or saw and the cutout leaves out."""
    seen = np.asarray((view.matte > _FAINT) & ~grown(view.solid, 7) & ~view.print.mask)
    near = grown(view.solid, 2 * _reach_px(view) + 1)
    return _parts(seen & ~_shadow(view), view.least_px, touching=near)


def faint(view: _View) -> tuple[Mask, Mask]:
    """The parts of the cutout that light shines through: those of the piece, of which some is
    missing, and those that are a shadow or the backdrop, and don't belong.
    """
    between = np.asarray((view.alpha > _FAINT) & (view.alpha < _SOLID))
    opened = cv2.morphologyEx(between.astype(np.uint8), cv2.MORPH_OPEN, disc(9)) > 0
    parts = _parts(grown(np.asarray(opened), 3), 3 * view.least_px)
    near_backdrop = view.backdrop.distance < max(12.0, 2 * view.backdrop.noise)
    foreign = np.asarray(_shadow(view) | near_backdrop)
    count, labels = cv2.connectedComponents(parts.astype(np.uint8))
    areas = np.bincount(labels.ravel(), minlength=count)
    belongs = 2 * np.bincount(labels[foreign], minlength=count) < areas
    belongs[0] = False
    missing = np.asarray(belongs[labels])
    return missing, parts & ~missing


def unlike_backdrop(view: _View) -> Mask:
    """On a calm backdrop: what differs from it about as much as the piece does, and goes on from
    the piece.
    """
    if not view.backdrop.is_calm:
        return np.zeros(view.alpha.shape, bool)
    rim = grown(np.asarray(view.alpha > 0.3), 5)
    distance = view.backdrop.distance
    usual = float(np.median(distance[view.solid]))
    least = max(12.0, 4 * view.backdrop.noise)
    # A smooth spot is a reflection or an opening in the shade sooner than a part of the piece.
    textured = cv2.blur(view.edges, (9, 9)) > _BUSY
    unlike = distance > np.maximum(least, np.where(textured, _PIECE_LIKE, _PIECE_SMOOTH) * usual)
    part = np.asarray(unlike & ~rim & ~_shadow(view) & ~view.print.mask)
    part = np.asarray(cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_CLOSE, disc(3)) > 0)
    part = np.asarray(cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_OPEN, disc(3)) > 0)
    return _within(_parts(part, view.least_px, touching=grown(rim, 7)))


def like_backdrop(view: _View) -> Mask:
    """On a calm backdrop: what has its color, and is parted from the piece by an edge."""
    if not view.backdrop.is_calm:
        return np.zeros(view.alpha.shape, bool)
    inside = shrunk(np.asarray(view.alpha > 0.8), 3)
    like = np.asarray(view.backdrop.distance < view.backdrop.noise + 1.5) & inside
    closed = cv2.morphologyEx(like.astype(np.uint8), cv2.MORPH_CLOSE, disc(3))  # across the grain
    like = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, disc(5)) > 0) & inside
    return _with_crisp_rim(_parts(like, view.least_px), view)


def print_beside(view: _View) -> Mask:
    """Letters and figures that the cutout holds: as parts of their own, or of a caption that goes
    on outside of it. What is written on the piece is neither.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(view.solid.astype(np.uint8))
    printed = np.bincount(labels[view.print.mask], minlength=count)
    apart = (printed > 0.7 * stats[:, 4]) & (stats[:, 4] < 0.1 * view.solid.sum())
    apart[0] = False
    kept = view.print.mostly_in(view.solid)
    caption = [one for one in kept if not kept.issuperset(view.print.company[one])]
    return np.asarray(apart[labels] | np.isin(view.print.letters, caption))


def _shadow(view: _View) -> Mask:
    """Darker than the backdrop, and without edges inside: a shadow, which the piece itself may
    tint. Metal and stones have edges everywhere; where the ground has them too, they tell nothing.
    """
    darker = view.colors[..., 0] < view.backdrop.field[..., 0]
    tint = np.hypot(*np.moveaxis((view.colors - view.backdrop.field)[..., 1:], 2, 0))
    dull = np.asarray(darker & (tint < _SHADOW_TINT))
    if not view.backdrop.is_calm:
        return dull
    beside = floats(~grown(np.asarray(view.alpha > 0.1), 7))  # the piece's own edges don't count
    fine = np.abs(view.colors[..., 0] - blur(view.colors[..., 0], 2.0))
    room = cv2.blur(beside, (9, 9))
    flat = cv2.blur(view.edges * beside, (9, 9)) < _BUSY * room
    calm = flat | (cv2.blur(fine * beside, (9, 9)) < _FINE * room)
    return np.asarray(dull & calm)


def _with_crisp_rim(mask: Mask, view: _View) -> Mask:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8))
    keep = np.zeros(count, bool)
    for label in range(1, count):
        part = np.asarray(labels == label)
        rim = grown(part, 7) & ~shrunk(part, 3) & shrunk(np.asarray(view.alpha > 0.8), 5)
        keep[label] = not rim.any() or float(np.median(view.edges[rim])) > _CRISP
    return np.asarray(keep[labels])


def _parts(mask: Mask, least_px: int, touching: Mask | None = None) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    keep = stats[:, 4] >= least_px
    if touching is not None:
        keep &= np.bincount(labels[touching], minlength=count) > 0
    keep[0] = False
    return np.asarray(keep[labels])


def _within(mask: Mask) -> Mask:
    """Without what runs out of the view: a box or a card behind the piece, or another piece."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8))
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    keep = np.bincount(edges, minlength=count) <= _CROSSING * max(mask.shape)
    keep[0] = False
    return np.asarray(keep[labels])


def _not_touching(mask: Mask, decided: Mask) -> Mask:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8))
    keep = np.bincount(labels[decided], minlength=count) == 0
    keep[0] = False
    return np.asarray(keep[labels])


def _view(rgb: Bytes, alpha: Floats, matte: Floats) -> _View:
    rows, columns = np.flatnonzero((alpha > 0.3).any(1)), np.flatnonzero((alpha > 0.3).any(0))
    room = int(_ROOM * max(np.ptp(rows), np.ptp(columns))) + 8
    crop = (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + room),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + room),
    )
    size = _work_size(rgb[crop].shape[:2])
    small = cv2.resize(rgb[crop], size, interpolation=cv2.INTER_AREA)
    cover, answer = (
        floats(cv2.resize(one[crop], size, interpolation=cv2.INTER_AREA)) for one in (alpha, matte)
    )
    colors = lab(small)
    backdrop = fit_background(np.asarray(small, np.uint8), floats(np.maximum(cover, answer)))
    print_ = find_print(np.asarray(small, np.uint8))
    return _View(colors, cover, answer, edge_strength(colors), backdrop, print_, crop)


def _work_size(shape: tuple[int, ...]) -> tuple[int, int]:
    scale = min(1.0, _WORK_EDGE_PX / max(shape))
    return max(8, round(shape[1] * scale)), max(8, round(shape[0] * scale))


def _reach_px(view: _View) -> int:
    return max(4, int(0.03 * max(view.alpha.shape)))


def _in_view(mask: Mask, view: _View) -> Mask:
    size = (view.alpha.shape[1], view.alpha.shape[0])
    small = cv2.resize(mask[view.crop].astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(small > 0)


def _in_photo(mask: Mask, view: _View, shape: tuple[int, ...]) -> Mask:
    whole = np.zeros(shape, bool)
    window = whole[view.crop]
    size = (window.shape[1], window.shape[0])
    scaled = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    whole[view.crop] = scaled > 0
    return whole
