"""The picture that a stand-in makes round a piece, honest or spoilt.

It knows no model: a plain surface with some grain, in colors by the seed. What was to be kept
stays, as soft as a model's own decoder leaves it.
"""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from jewelrymodel.sandbox.generator.provider_faults import Fault

Pixels = NDArray[np.uint8]
_SURFACES = ((112, 124, 138), (150, 162, 160), (92, 96, 110), (176, 186, 194))
_APART = 10  # of the background's color: so much is the piece, where no mask says it


def painted(canvas: Pixels, paint: Pixels | None, seed: int, fault: Fault) -> bytes:
    """Return a PNG of the canvas (HxWx3) with a scene where *paint* (HxW) is 255; without one,
    where the canvas has its background's color.
    """
    keep = _piece(canvas) if paint is None else paint < 128
    scene = _spoilt(_scene(canvas, keep, seed), canvas, keep, fault)
    data = _png(scene)
    return data[: len(data) // 2] if fault is Fault.BROKEN else data


def opened(data: bytes) -> Pixels:
    """Return a file that came with a request as pixels; raises OSError (UnidentifiedImageError)."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return np.asarray(image)


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Return *pixels* (HxWx3) at *size* (width, height), as a service that has sizes of its own."""
    return _bytes(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _scene(canvas: Pixels, keep: NDArray[np.bool_], seed: int) -> Pixels:
    height, width = keep.shape
    random = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(random.normal(0, 14, (height, width)).astype(np.float32), (0, 0), 1.6)
    ramp = np.linspace(1.08, 0.9, height)[:, None]
    color = np.array(_SURFACES[seed % len(_SURFACES)])
    surface = color[None, None] * ramp[..., None] + grain[..., None] * 3
    whole = np.where(keep[..., None], canvas, np.clip(surface, 0, 255))
    return _bytes(cv2.GaussianBlur(whole.astype(np.float32), (0, 0), 0.4))


def _piece(canvas: Pixels) -> NDArray[np.bool_]:
    apart = np.abs(canvas.astype(np.int64) - canvas[0, 0]).max(2) > _APART
    grown = cv2.dilate(apart.astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(grown > 0)


def _spoilt(scene: Pixels, canvas: Pixels, keep: NDArray[np.bool_], fault: Fault) -> Pixels:
    height, width = keep.shape
    if fault is Fault.BLACK:
        return np.zeros_like(scene)
    if fault is Fault.OTHER_SIZE:
        size = (width * 3 // 4, height * 3 // 4)
        return _bytes(cv2.resize(scene, size, interpolation=cv2.INTER_AREA))
    if fault is Fault.OTHER_SHAPE:
        return _bytes(cv2.resize(scene, (width, height * 3 // 4), interpolation=cv2.INTER_AREA))
    if fault is Fault.SHIFTED:
        return _moved(scene, 1.0, 0.2 * width)
    if fault is Fault.ZOOMED:
        return _moved(scene, 1.15, 0)
    if fault is Fault.REDRAWN:
        return _redrawn(scene, keep)
    if fault is Fault.EXPANDED:
        return _expanded(scene, canvas)
    return _with_second(scene, canvas) if fault is Fault.EXTRA_RING else scene


def _moved(scene: Pixels, scale: float, right: float) -> Pixels:
    height, width = scene.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0, scale)
    matrix[0, 2] += right
    edges = cv2.BORDER_REFLECT
    return _bytes(cv2.warpAffine(scene, matrix, (width, height), borderMode=edges))


def _redrawn(scene: Pixels, keep: NDArray[np.bool_]) -> Pixels:
    """Another piece of the same outline and colors."""
    rows, columns = np.flatnonzero(keep.any(1)), np.flatnonzero(keep.any(0))
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    turned = np.ascontiguousarray(np.roll(scene[part][::-1, ::-1], keep.sum() % 9 + 4, axis=0))
    spoilt = scene.copy()
    other = cv2.GaussianBlur(turned, (0, 0), 2.5)
    spoilt[part] = np.where(keep[part][..., None], other, scene[part])
    return spoilt


def _expanded(scene: Pixels, canvas: Pixels) -> Pixels:
    """The piece goes on beyond its outline."""
    piece = _piece(canvas)
    inner = cv2.erode(piece.astype(np.uint8), np.ones((7, 7), np.uint8))
    _, nearest = cv2.distanceTransformWithLabels(
        1 - inner, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colors = np.zeros((int(nearest.max()) + 1, 3), np.uint8)
    colors[nearest[inner > 0]] = canvas[inner > 0]
    reach = max(canvas.shape) // 14
    grown = cv2.dilate(piece.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return np.where((grown > 0)[..., None] & ~piece[..., None], colors[nearest], scene)


def _with_second(scene: Pixels, canvas: Pixels) -> Pixels:
    """A second piece, smaller, in the corner."""
    piece = _piece(canvas)
    rows, columns = np.flatnonzero(piece.any(1)), np.flatnonzero(piece.any(0))
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    size = (len(columns) * 2 // 5, len(rows) * 2 // 5)
    small = cv2.resize(canvas[part], size, interpolation=cv2.INTER_AREA)
    shown = cv2.resize(piece[part].astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    spoilt = scene.copy()
    corner = spoilt[4 : 4 + small.shape[0], 4 : 4 + small.shape[1]]
    corner[shown] = small[shown]
    return spoilt


def _bytes(values: object) -> Pixels:
    return np.asarray(np.clip(np.asarray(values), 0, 255), np.uint8)


def _png(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
