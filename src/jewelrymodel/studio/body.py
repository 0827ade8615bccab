"""Which part of a cut-out is the piece's body and which are the strands of its chain."""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats
from jewelrymodel.studio.kinds import Kind, components_of, largest_hole, runs_of, upward_strands

Point = tuple[float, float]


@dataclass(frozen=True)
class Body:
    """`mask` is the body (HxW, 0…1) in the photo, without the strands; `box` its frame (x0, y0, x1,
    y1); `strands` are the centre lines of the chain's two runs (each Nx2, from the body upwards),
    empty where the photo shows none; `joints` are the places where they meet the body.
    """

    mask: Floats
    box: tuple[int, int, int, int]
    strands: tuple[Floats, ...]
    joints: tuple[Point, ...]

    @property
    def hang(self) -> Point:
        """The point by which the body hangs: between its joints, or the top of its middle."""
        if self.joints:
            xs, ys = zip(*self.joints, strict=True)
            return sum(xs) / len(xs), sum(ys) / len(ys)
        rows, columns = np.nonzero(self.mask > 0.5)
        top = int(rows.min())
        return float(columns[rows <= top + 2].mean()), float(top)


def find_body(alpha: Floats) -> Body:
    """Split a pendant from its chain. Without strands the whole piece is the body."""
    solid = np.asarray(alpha > 0.5)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    framed = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if not upward_strands(framed):
        return _whole(alpha)
    core = _core(solid)
    lines, split_y = _strand_lines(solid, int(rows[0]), int(np.flatnonzero(core.any(1))[0]))
    if len(lines[0]) < 30:
        return _whole(alpha)
    mask = np.zeros(alpha.shape, np.float32)
    mask[split_y:] = 1
    # Feathered over three pixels, so that the strands laid anew meet it without a step.
    mask = floats(cv2.GaussianBlur(mask, (0, 0), 1.2)) * (alpha > 0)
    joints = tuple((float(line[0, 0]), float(line[0, 1])) for line in lines)
    return Body(floats(mask), _box(mask * alpha), lines, joints)


def _whole(alpha: Floats) -> Body:
    mask = floats(alpha > 0)
    return Body(mask, _box(alpha), (), ())


def _box(cover: Floats) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero((cover > 0.4).any(1)), np.flatnonzero((cover > 0.4).any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _core(solid: Mask) -> Mask:
    """The stout part: what a disc of a fourteenth of the piece's width fits into."""
    width = int(np.ptp(np.flatnonzero(solid.any(0)))) + 1
    edge = max(5, width // 14) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    opened = cv2.morphologyEx(solid.astype(np.uint8), cv2.MORPH_OPEN, disc)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    if count < 2:
        return solid
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, 4])))


def _strand_lines(solid: Mask, top: int, core_top: int) -> tuple[tuple[Floats, Floats], int]:
    """Centres of the left and right run, row by row, and the row where body and strands part."""
    bridged = cv2.morphologyEx(solid.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 3), np.uint8))
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    split = core_top
    for y in range(top, core_top):
        runs = runs_of(np.asarray(bridged[y] > 0))
        if len(runs) < 2:
            if left and y > top + (core_top - top) // 2:
                split = y
                break
            continue
        left.append((sum(runs[0]) / 2, y))
        right.append((sum(runs[-1]) / 2, y))
    return (_smooth(left), _smooth(right)), int(split)


def _smooth(points: list[tuple[float, float]]) -> Floats:
    """The line from the body upwards, its sideways jitter (single links) averaged out."""
    if len(points) < 30:
        return np.zeros((0, 2), np.float32)
    line = np.array(points[::-1], np.float64)
    # A crumb beside the chain mustn't bend its course.
    from scipy.ndimage import median_filter  # slow to load: only where it works

    line[:, 0] = median_filter(line[:, 0], 31, mode="nearest")
    window = np.hanning(25)
    padded = np.pad(line[:, 0], 12, mode="reflect", reflect_type="odd")
    line[:, 0] = np.convolve(padded, window / window.sum(), "valid")
    return floats(line)


def photo_px_per_mm(alpha: Floats, kind: Kind, size_mm: float) -> float:
    """Photo pixels per millimetre, from the piece's real size as RenderOrder defines it."""
    return _measured_px(alpha, kind) / size_mm


def _measured_px(alpha: Floats, kind: Kind) -> float:
    part = components_of(alpha)[0]
    x0, y0, x1, y1 = part.box
    if kind is Kind.PENDANT:
        box = find_body(alpha).box
        return float(box[3] - box[1])
    if kind is Kind.EARRING:
        return float(y1 - y0)
    if kind in (Kind.RING, Kind.BRACELET):
        hole = largest_hole(np.asarray(alpha[y0:y1, x0:x1] > 0.5))
        if hole is not None and hole.any():
            across = int(np.ptp(np.flatnonzero(hole.any(0)))) + 1
            if across > 0.4 * (x1 - x0):
                return float(across)
    return float(x1 - x0)
