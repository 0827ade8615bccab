"""What the photo says of a pixel at a cutout's edge: is it the ground seen past the piece?"""

from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, shrunk
from jewelrymodel.studio.color_samples import WEIGHTS

FREE = 0.05  # of cover: less is no cutout
_SURE = 0.9
_LEAST_GROUND_PX = 60
_LEAST_PIECE_PX = 24
_MOST_SAMPLES = 1500
_NEIGHBORS = 4
_NEARLY = 0.5  # of the distance: so much farther than the nearest will do, for its time
_PER_PX = 0.25  # ΔE that a pixel's distance counts: 40 px are as far as 10 ΔE
_SHADES = (1.0, 0.9, 0.8)  # of the ground's colors: a soft shadow on it is ground as well
_OWN_COLOR = 0.3  # of the sure pixels: so many unlike any shade stand for the piece
_LEAST_NOISE = 1.5
_BLUR_PX = 5  # twice the blur at an edge, and one: what lies deeper has the piece's own color
_CORE = 0.2  # of the sure pixels: so many lie deeper, else all stand for the piece
_UNLIKE = 0.4  # of how unlike the ground the piece gets: what is less may be mixed with its shadow


@dataclass(frozen=True)
class GroundEvidence:
    """For each pixel of a window: the distance (ΔE) `from_ground` and `from_piece` (HxW), of colors
    nearby; the ground's own `noise`; and the share of the surest pixels of the piece that look
    like ground, its `confusion`: silver on gray stone.
    """

    from_ground: Floats
    from_piece: Floats
    noise: float
    confusion: float

    @property
    def is_plain(self) -> Mask:
        """Where it can't be anything else than ground."""
        near = self.from_ground <= 1.3 * self.noise
        return np.asarray(near & (self.from_piece > 2.5 * self.from_ground + 5))


def ground_evidence(
    alpha: Floats, colors: Floats, where: Mask, *, is_pure: bool = False
) -> GroundEvidence | None:
    """The evidence for the pixels `where` (HxW) of a window of a cutout's `alpha` and of its photo
    in Lab; None where there is too little ground or piece beside them to compare with. `is_pure`
    where the network may be sure of a shadow: then only what lies deeper in the piece and is most
    unlike the ground stands for it.

    Near in color and place at once, as in Q. Chen et al., "KNN Matting", CVPR 2012: wood is of many
    colors, and only those beside a link say what is seen through it.
    """
    free = np.asarray(alpha < FREE)
    ground = np.asarray(free & shrunk(free, 5))
    ground = ground if ground.sum() >= _LEAST_GROUND_PX else free
    if ground.sum() < _LEAST_GROUND_PX:
        return None
    weighted = floats(colors * WEIGHTS)
    noise = _noise_of(weighted, ground)
    lit = _distance(weighted, where, ground, (1.0,))
    piece = where & (alpha > _SURE) & (lit > 2 * noise + 3)
    if piece.sum() < _LEAST_PIECE_PX:
        return None
    if is_pure:
        piece = _deeper(alpha, np.asarray(piece))
    shaded = _distance(weighted, where, ground, _SHADES)
    unlike = _UNLIKE * float(np.percentile(shaded[piece], 90)) if is_pure else 0
    own = piece & (shaded > max(2 * noise + 3, unlike))
    if own.sum() >= max(_LEAST_PIECE_PX, _OWN_COLOR * piece.sum()):
        piece = own
    from_piece = _distance(weighted, where, np.asarray(piece), (1.0,))
    sure = where & (alpha > _SURE)
    return GroundEvidence(shaded, from_piece, noise, float((shaded < from_piece)[sure].mean()))


def ground_distance(alpha: Floats, colors: Floats, where: Mask) -> Floats | None:
    """The distance (ΔE) of the pixels `where` (HxW) from the ground's colors near by, as they are
    and shaded, 0 elsewhere; None where there is too little ground in the window.
    """
    free = np.asarray(alpha < FREE)
    ground = np.asarray(free & shrunk(free, 5))
    if ground.sum() < _LEAST_GROUND_PX:
        return None
    return _distance(floats(colors * WEIGHTS), where, ground, _SHADES)


def _deeper(alpha: Floats, piece: Mask) -> Mask:
    """The piece without its edge, if that leaves enough."""
    core = piece & shrunk(np.asarray(alpha > _SURE), _BLUR_PX)
    return core if core.sum() >= max(_LEAST_PIECE_PX, _CORE * piece.sum()) else piece


def _noise_of(weighted: Floats, ground: Mask) -> float:
    """How far pixels of the ground are from their neighbors in it."""
    rows, columns = np.indices(ground.shape)
    odd = np.asarray((rows + columns) % 2 == 1)
    probe = ground & odd
    far = _distance(weighted, np.asarray(probe), np.asarray(ground & ~odd), (1.0,))
    return max(_LEAST_NOISE, 1.5 * float(np.percentile(far[probe], 75)))


def _distance(weighted: Floats, where: Mask, samples: Mask, shades: tuple[float, ...]) -> Floats:
    """How far the color of each pixel `where` is from those of its nearest samples, as they are
    and darker; 0 elsewhere.
    """
    from scipy.spatial import cKDTree  # slow to load: only where it works

    rows, columns = np.nonzero(samples)
    step = max(1, len(rows) // _MOST_SAMPLES)
    rows, columns = rows[::step], columns[::step]
    known = np.vstack(
        [np.c_[weighted[rows, columns] * one, _PER_PX * columns, _PER_PX * rows] for one in shades]
    )
    distance = np.zeros(where.shape, np.float32)
    rows, columns = np.nonzero(where)
    if len(rows):
        asked = np.c_[weighted[rows, columns], _PER_PX * columns, _PER_PX * rows]
        nearest = cKDTree(known).query(asked, k=min(_NEIGHBORS, len(known)), eps=_NEARLY)[1]
        apart = known[nearest.reshape(len(rows), -1), :3] - asked[:, None, :3]
        distance[rows, columns] = np.median(np.linalg.norm(apart, axis=2), axis=1)
    return distance
