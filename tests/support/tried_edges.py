"""Ways to a truer edge that weren't kept; docs/cutouts.md has the figures.

Each takes a photo (HxWx3) and its cutout's alpha (HxW), and changes only a narrow band along the
outline.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from scipy import sparse
from scipy.sparse.linalg import cg

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, lab
from jewelrymodel.studio.edge_cleaning import cleaned_outline

Refinement = Callable[[Bytes, Floats], Floats]
_ROOM_PX = 12
_TOLERANCE, _MOST_STEPS = 1e-3, 60


def guided(rgb: Bytes, alpha: Floats, radius: int = 3, noise: float = 1e-4) -> Floats:
    """Alpha as a local linear function of color: K. He et al., "Guided Image Filtering", ECCV 2010,
    equations 14 to 16.
    """
    window = _window(alpha)
    photo, cover = floats(rgb[window] / 255), alpha[window]
    side = (2 * radius + 1,) * 2
    mean, mean_cover = cv2.blur(photo, side), cv2.blur(cover, side)
    spread = np.stack([cv2.blur(photo * photo[..., [one]], side) for one in range(3)], -1)
    spread += noise * np.eye(3) - mean[..., None] * mean[..., None, :]
    along = cv2.blur(photo * cover[..., None], side) - mean * mean_cover[..., None]
    slope = floats(np.linalg.solve(spread, along[..., None])[..., 0])
    rest = floats(mean_cover - (slope * mean).sum(2))
    smooth = np.clip((cv2.blur(slope, side) * photo).sum(2) + cv2.blur(rest, side), 0, 1)
    band = cv2.GaussianBlur(floats(_band(cover, 4)), (0, 0), 1)
    refined = alpha.copy()
    refined[window] = band * smooth + (1 - band) * cover
    return refined


def closed_form(rgb: Bytes, alpha: Floats, trust: float = 0.02) -> Floats:
    """Alpha of least cost where neighbors' colors lie on one line; `trust` is how much the network
    counts in the band: A. Levin et al., "A Closed-Form Solution to Natural Image Matting", CVPR
    2006, equation 12.
    """
    window = _window(alpha)
    photo, cover = rgb[window] / 255.0, alpha[window].astype(np.float64)
    open_ = _band(alpha[window], 3).ravel()
    costs = _matting_laplacian(photo, _band(alpha[window], 3))[np.flatnonzero(open_)]
    known = cover.ravel()
    system = costs[:, np.flatnonzero(open_)] + trust * sparse.eye(int(open_.sum()))
    wanted = trust * known[open_] - costs[:, np.flatnonzero(~open_)] @ known[~open_]
    guess = sparse.diags(1 / system.diagonal())
    found, _ = cg(system, wanted, x0=known[open_], rtol=_TOLERANCE, maxiter=_MOST_STEPS, M=guess)
    solved = known.copy()
    solved[open_] = np.clip(found, 0, 1)
    refined = alpha.copy()
    refined[window] = solved.reshape(cover.shape)
    return refined


def _matting_laplacian(photo: Any, open_: Mask, noise: float = 1e-5) -> Any:
    """Costs between the pixels of every 3x3 square that touches an open one, sparse."""
    middle = cv2.dilate(open_.astype(np.uint8), np.ones((3, 3), np.uint8))
    middle[[0, -1]] = 0
    middle[:, [0, -1]] = 0
    rows, columns = np.nonzero(middle)
    numbers = np.arange(open_.size).reshape(open_.shape)
    steps = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    squares = np.stack([numbers[rows + down, columns + across] for down, across in steps], 1)
    apart = photo.reshape(-1, 3)[squares]
    apart = apart - apart.mean(1, keepdims=True)
    spread = np.einsum("nki,nkj->nij", apart, apart) / 9 + np.eye(3) * noise / 9
    alike = np.einsum("nki,nij->nkj", apart, np.linalg.solve(spread, apart.transpose(0, 2, 1)))
    costs = np.eye(9) - (1 + alike) / 9
    places = np.repeat(squares, 9, 1).ravel(), np.tile(squares, (1, 9)).ravel()
    return sparse.csr_matrix((costs.ravel(), places), shape=(open_.size, open_.size))


def _window(alpha: Floats) -> tuple[slice, slice]:
    rows, columns = (np.flatnonzero((alpha > 0.02).any(axis)) for axis in (1, 0))
    top, left = max(0, int(rows[0]) - _ROOM_PX), max(0, int(columns[0]) - _ROOM_PX)
    return slice(top, int(rows[-1]) + _ROOM_PX), slice(left, int(columns[-1]) + _ROOM_PX)


def _band(alpha: Floats, reach_px: int) -> Mask:
    solid = (alpha > 0.5).astype(np.uint8)
    edge_px = 2 * reach_px + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge_px, edge_px))
    return np.asarray((cv2.dilate(solid, disc) > 0) & (cv2.erode(solid, disc) == 0))


def cleaned_unasked(rgb: Bytes, alpha: Floats) -> Floats:
    """The seller's brush along the whole outline, without being asked."""
    return cleaned_outline(alpha, lab(rgb))


def cleaned_where_wide(rgb: Bytes, alpha: Floats, least_px: int = 3) -> Floats:
    """The same, only where what goes is wider than an outline."""
    gone = floats(alpha - cleaned_unasked(rgb, alpha))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (least_px, least_px))
    core = cv2.morphologyEx((gone > 0.3).astype(np.uint8), cv2.MORPH_OPEN, disc)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    return floats(alpha - gone * cv2.GaussianBlur(floats(cv2.dilate(core, disc)), (0, 0), 0.8))


def steeper(_rgb: Bytes, alpha: Floats) -> Floats:
    """Half as soft again."""
    return floats(np.clip((alpha - 0.5) * 1.5 + 0.5, 0, 1))


def narrower(_rgb: Bytes, alpha: Floats) -> Floats:
    """A pixel less all round."""
    return floats(cv2.erode(alpha, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))))


EDGES: dict[str, Refinement] = {
    "guided filter": guided,
    "closed form": closed_form,
    "cleaning brush unasked": cleaned_unasked,
    "cleaning brush, wide fringes": cleaned_where_wide,
    "steeper": steeper,
    "a pixel narrower": narrower,
}
