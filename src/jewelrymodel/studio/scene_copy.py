"""What the copy of the piece in a generated scene says of the scene: its light and its sharpness.

The copy is covered by the real piece in the end. But where it is tinted, or out of focus, so is
everything round it, and the real piece would lie in a picture that isn't of its world.
"""

import math

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, shrunk, to_linear
from jewelrymodel.studio.placement import Matrix
from jewelrymodel.studio.scene_canvas import Canvas
from jewelrymodel.studio.scene_registration import SceneFault

MAX_TINT = 0.3  # natural logarithm, of a channel's light beside the mean of all three
MAX_EXPOSURE = 0.9  # the same, of all light
MIN_SHARPNESS = 0.18  # of the canvas's own fine detail
DETAIL = 0.008  # of the piece's longer edge: as fine as can be told from a decoder's softness
_CLIPPED = (8, 247)  # values beyond these say nothing of light


def fault_of(canvas: Canvas, scene: Bytes, transform: Matrix) -> SceneFault | None:
    """Why the scene (HxWx3) isn't of the piece's world; `transform` (2x3) leads from the canvas to
    it. None where nothing is wrong.
    """
    copy = copy_of(canvas, scene, transform)
    tint, exposure = tint_and_exposure(canvas, copy)
    if tint > MAX_TINT or exposure > MAX_EXPOSURE:
        return SceneFault.OTHER_LIGHT
    return SceneFault.BLURRED if sharpness(canvas, copy) < MIN_SHARPNESS else None


def copy_of(canvas: Canvas, scene: Bytes, transform: Matrix) -> Bytes:
    """The scene (HxWx3) as the canvas has it; `transform` (2x3) leads from the canvas to it."""
    high, wide = canvas.picture.shape[:2]
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    edges = cv2.BORDER_REPLICATE
    found = cv2.warpAffine(scene, transform, (wide, high), flags=how, borderMode=edges)
    return np.asarray(found, np.uint8)


def tint_and_exposure(canvas: Canvas, copy: Bytes) -> tuple[float, float]:
    """By how much, as natural logarithms of linear light, the copy's channels differ at most from
    their mean, and that mean from the canvas's; both 0 where nothing can be compared.
    """
    inner = _inner(canvas)
    pairs = canvas.picture[inner], copy[inner]
    clear = [(one > _CLIPPED[0]) & (one < _CLIPPED[1]) for one in pairs]
    told = np.asarray(clear[0].all(1) & clear[1].all(1))
    if told.mean() < 0.1:  # one of them is nearly black, or burnt out
        light = [max(1e-4, float(to_linear(one).mean())) for one in pairs]
        return 0.0, abs(math.log(light[1] / light[0]))
    ratio = np.log(to_linear(pairs[1][told]).mean(0) / to_linear(pairs[0][told]).mean(0))
    return float(np.abs(ratio - ratio.mean()).max()), abs(float(ratio.mean()))


def sharpness(canvas: Canvas, copy: Bytes) -> float:
    """How much of the canvas's fine detail the copy has, 1 for all; 1 where there is none."""
    inner = _inner(canvas)
    own, other = (_detail(one, DETAIL * canvas.reach_px) for one in (canvas.picture, copy))
    there = float(np.sqrt((own[inner] ** 2).mean()))
    if there < 0.5:  # gray levels
        return 1.0
    shared = float((own[inner] * other[inner]).mean())
    return max(0.0, shared / there**2)


def _detail(picture: Bytes, sigma_px: float) -> Floats:
    gray = floats(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    return floats(gray - cv2.GaussianBlur(gray, (0, 0), max(1.0, sigma_px)))


def _inner(canvas: Canvas) -> Mask:
    """The piece without its outline, where that leaves enough of it."""
    inner = shrunk(canvas.solid, 2)
    return inner if inner.sum() > 0.2 * canvas.solid.sum() else canvas.solid
