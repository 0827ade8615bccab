"""The pictures that cutouts are measured by, and the figures of a cutout against the truth."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown, shrunk
from tests.support.drawn_grounds import GROUNDS
from tests.support.drawn_photos import Photo, drawn
from tests.support.drawn_pieces import KINDS

EACH = 4
_LEAST_OPENING_PX = 40
_SOURCES = ("drawn_solids", "drawn_pieces", "drawn_grounds", "drawn_photos")


@dataclass(frozen=True)
class Figures:
    """Shares, 0 to 1. `iou` is soft; `outside` is alpha beside the piece and `lost` the piece
    without alpha, both by the piece's area; `spot` is the largest connected wrong area by the
    piece's. `openings` (open) and `strands` (kept) are None where the piece has none.
    """

    iou: float
    outside: float
    lost: float
    spot: float
    openings: float | None
    strands: float | None

    @property
    def usable(self) -> bool:
        """Would a seller take it as it comes? Limits were set before anything was measured."""
        return (
            self.outside <= 0.015
            and self.lost <= 0.02
            and self.spot <= 0.004
            and (self.openings is None or self.openings >= 0.9)
            and (self.strands is None or self.strands >= 0.95)
        )


def figures(alpha: Floats, photo: Photo) -> Figures:
    """Measure a cutout's alpha. What is within two pixels of the outline counts for `iou` only."""
    truth = photo.alpha
    area = max(float(truth.sum()), 1.0)
    inner = shrunk(np.asarray(truth > 0.97), 2)
    outer = ~grown(np.asarray(truth > 0.03), 2)
    wrong = (inner & (alpha < 0.5)) | (outer & (alpha > 0.5))
    return Figures(
        iou=float(np.minimum(alpha, truth).sum() / max(float(np.maximum(alpha, truth).sum()), 1.0)),
        outside=float(alpha[outer].sum()) / area,
        lost=float((1 - alpha[inner]).sum()) / area,
        spot=_largest(wrong) / area,
        openings=_open_share(alpha, truth),
        strands=_kept_share(alpha, photo),
    )


def _largest(mask: Mask) -> float:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return float(stats[1:, 4].max(initial=0))


def _open_share(alpha: Floats, truth: Floats) -> float | None:
    """Of the piece's holes that are big enough to be missed, the share that is open."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        (truth < 0.5).astype(np.uint8), connectivity=4
    )
    height, width = truth.shape
    x, y, wide, tall, area = stats.T
    inside = (x > 0) & (y > 0) & (x + wide < width) & (y + tall < height)
    core = labels * shrunk(np.asarray(truth < 0.5), 1)
    pixels = np.bincount(core.ravel(), minlength=len(stats))
    covered = np.bincount(core.ravel(), weights=alpha.ravel(), minlength=len(stats))
    asked = inside & (area >= _LEAST_OPENING_PX) & (pixels >= 12)
    asked[0] = False
    return float((covered[asked] / pixels[asked] < 0.35).mean()) if asked.any() else None


def _kept_share(alpha: Floats, photo: Photo) -> float | None:
    x, y = photo.strands.T
    clear = photo.alpha[y, x] > 0.4 if len(x) else np.zeros(0, bool)
    if clear.sum() < 30:
        return None
    near = cv2.dilate(alpha, np.ones((3, 3), np.uint8))
    return float((near[y, x][clear] > 0.5).mean())


def plan() -> list[tuple[str, int, str, bool]]:
    """Kind, number, ground and whether a caption and a ruler lie beside, for every picture."""
    grounds = list(GROUNDS)
    return [
        (kind, number, grounds[(row + 2 * number) % len(grounds)], (row + number) % 5 == 4)
        for number in range(EACH)
        for row, kind in enumerate(KINDS)
    ]


def photos(cache: Path, each: int = EACH) -> Iterator[Photo]:
    """The truth set, by kinds in turn; drawn once and kept under *cache*."""
    here = Path(__file__).parent
    source = b"".join((here / f"{name}.py").read_bytes() for name in _SOURCES)
    folder = cache / hashlib.sha256(source).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    for kind, number, ground, captions in plan():
        if number < each:
            yield _kept(folder, kind, number, ground, captions)


def _kept(folder: Path, kind: str, number: int, ground: str, captions: bool) -> Photo:
    path = folder / f"{kind} {number}.npz"
    if not path.is_file():
        made = drawn(kind, number, ground, captions)
        part = path.with_suffix(".part.npz")
        np.savez_compressed(
            part, rgb=made.rgb, alpha=np.round(made.alpha * 255).astype(np.uint8),
            strands=made.strands, name=made.name,
        )  # fmt: skip
        part.replace(path)
    stored = np.load(path)
    alpha = floats(stored["alpha"] / 255)
    return Photo(str(stored["name"]), kind, ground, stored["rgb"], alpha, stored["strands"])
