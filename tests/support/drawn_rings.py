"""A ring as a solid in space, photographed alone or worn by a template's finger: rays are cast, so
where it is, how large, and what the finger hides is known to the pixel.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.studio.model_templates import View, load_template
from jewelrymodel.studio.piece_kinds import Kind, KindReason
from jewelrymodel.studio.render_request import RenderRequest
from jewelrymodel.studio.ring_on_hand import framed, limb_of, nearest_hand
from jewelrymodel.studio.ring_view import ring_view

Vectors = NDArray[np.float64]
FAR = 1e9
_METAL, _STONE = np.array([206.0, 168.0, 92.0]), np.array([120.0, 30.0, 60.0])


@dataclass(frozen=True)
class SolidRing:
    """Millimeters: inner diameter, wall, width of the band along the finger, and half axes of a
    head (along the finger, round it, out of it); zeros for a plain band.
    """

    inner: float = 17.0
    wall: float = 1.5
    breadth: float = 3.0
    head: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Placed:
    """Where a ring is before a camera: its middle in mm, its axis towards the finger's tip and the
    direction of its head, both of unit length, in the camera's space (x right, y down, z away).
    """

    center: Vectors
    axis: Vectors
    back: Vectors
    across: Vectors = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "across", np.cross(self.back, self.axis))


def turned(tilt_deg: float, roll_deg: float = 0.0, head_deg: float = 0.0) -> Placed:
    """A ring whose axis comes towards the camera by a tilt, downwards in the picture but for the
    roll; its head sits in the middle of the side that is near, but for `head_deg` round the axis.
    """
    tilt, roll, aside = np.radians([tilt_deg, roll_deg, head_deg])
    axis = np.array([0.0, np.cos(tilt), -np.sin(tilt)])
    back = np.array([0.0, -np.sin(tilt), -np.cos(tilt)])
    across = np.cross(back, axis)
    back = np.cos(aside) * back + np.sin(aside) * across
    about = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return Placed(np.array([0.0, 0.0, 400.0]), about @ axis, about @ back)


def cast(ring: SolidRing, placed: Placed, rays: Vectors) -> tuple[Vectors, Vectors]:
    """Distance along each ray (HxWx3 from the origin; FAR where it passes by) and color (HxWx3)."""
    frame = np.stack([placed.across, placed.back, placed.axis])
    start, way = -(frame @ placed.center), rays @ frame.T
    inner, outer, half = ring.inner / 2, ring.inner / 2 + ring.wall, ring.breadth / 2
    best = np.full(rays.shape[:2], FAR)
    color = np.zeros_like(rays)

    def take(distance: Vectors, hit: Mask, shade: Vectors, base: Vectors) -> None:
        nearer = hit & (distance > 0) & (distance < best)
        best[nearer] = distance[nearer]
        color[nearer] = (base * shade[..., None])[nearer]

    for radius, far_side in ((outer, False), (inner, True)):
        distance, hit = _tube(start, way, radius, far_side=far_side)
        at = start + distance[..., None] * way
        angle = np.arctan2(at[..., 0], at[..., 1])
        engraved = 0.78 + 0.22 * np.cos(23 * angle) * np.cos(1.9 * at[..., 2])
        dark = 0.55 if far_side else 1.0
        shade = dark * engraved * (0.75 + 0.25 * np.cos(angle - 0.7))
        take(distance, hit & (np.abs(at[..., 2]) <= half), shade, _METAL)
    for end in (half, -half):
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = (end - start[2]) / way[..., 2]
        at = start + np.nan_to_num(distance, posinf=FAR, neginf=-FAR)[..., None] * way
        across = np.hypot(at[..., 0], at[..., 1])
        take(distance, (across >= inner) & (across <= outer), np.full(across.shape, 1.1), _METAL)
    if ring.head[0] > 0:
        axes = np.array([ring.head[1], ring.head[2], ring.head[0]])
        distance, hit = _ellipsoid(start - [0, outer + 0.3 * axes[1], 0], way, axes)
        at = start + distance[..., None] * way
        facets = 0.7 + 0.5 * (np.floor(2.2 * at[..., 0]) + np.floor(2.2 * at[..., 2])) % 2
        take(distance, hit, facets, _STONE)
    return best, np.clip(color, 0, 255)


def _tube(start: Vectors, way: Vectors, radius: float, *, far_side: bool) -> tuple[Vectors, Mask]:
    a = (way[..., :2] ** 2).sum(-1)
    b = (way[..., :2] * start[:2]).sum(-1)
    root = b * b - a * (start[:2] @ start[:2] - radius**2)
    step = np.sqrt(np.maximum(root, 0))
    return (-b + (step if far_side else -step)) / np.maximum(a, 1e-12), np.asarray(root > 0)


def _ellipsoid(start: Vectors, way: Vectors, axes: Vectors) -> tuple[Vectors, Mask]:
    start, way = start / axes, way / axes
    a, b = (way**2).sum(-1), (way * start).sum(-1)
    root = b * b - a * (start @ start - 1)
    return (-b - np.sqrt(np.maximum(root, 0))) / a, np.asarray(root > 0)


def photographed(ring: SolidRing, placed: Placed, edge: int = 640) -> Cutout:
    """The cutout of a photo of the ring alone."""
    fine = 2 * edge
    at = (np.arange(fine) + 0.5 - fine / 2) * 30 / 400 / fine
    x, y = np.meshgrid(at, at)
    distance, color = cast(ring, placed, np.dstack([x, y, np.ones_like(x)]))
    seen = floats(distance < FAR)
    cover = _halved(seen[..., None])[..., 0]
    rgb = _halved(floats(color) * seen[..., None]) / np.maximum(cover, 1e-3)[..., None]
    rgba = np.dstack([np.clip(rgb, 0, 255), 255 * cover]).round().astype(np.uint8)
    parts = components_of(floats(cover))
    return Cutout(rgba, 0.0, "good", Kind.RING, KindReason.NAMED_BY_SELLER, parts, ())


def worn(ring: SolidRing, view: View, snug: float = 1.03) -> Floats:
    """How much of each pixel of a template's window shows the ring on its best finger or wrist,
    the ring `snug` times as wide as that.
    """
    finger = limb_of(view.template.anchors)
    scale = float(finger["width_mm"]) * snug / ring.inner
    fitting = SolidRing(
        ring.inner * scale,
        ring.wall * scale,
        ring.breadth * scale,
        (ring.head[0] * scale, ring.head[1] * scale, ring.head[2] * scale),
    )
    seat = Placed(
        *(np.array(finger[one], np.float64) for one in
          ("seat_camera_mm", "axis_camera", "back_camera"))
    )  # fmt: skip
    distance, _ = cast(fitting, seat, view.rays().astype(np.float64))
    return floats((distance < FAR) & (distance < view.depth_mm()))


def worn_like(ring: SolidRing, piece: Cutout, look_id: str, edge: int) -> Floats:
    """The same on the hand that the renderer takes for this photo, in a square picture of `edge`
    pixels.
    """
    look = LOOKS[look_id]
    seat = nearest_hand(look, ring_view(piece.rgba))
    request = RenderRequest(Kind.RING, look_id, ring.inner, edge)
    template = load_template(seat.template_id)
    return worn(ring, framed(template, seat.finger, look.span_mm, request))


def _halved(values: Floats) -> Floats:
    height, width, channels = values.shape
    blocks = values.reshape(height // 2, 2, width // 2, 2, channels)
    return floats(blocks.mean((1, 3)))


def image_of(cutout: Cutout) -> Bytes:
    """The cutout on a plain ground, to look at."""
    cover = cutout.alpha[..., None]
    return np.asarray(cutout.rgba[..., :3] * cover + 200 * (1 - cover), np.uint8)
