"""How far worn earrings, pendants and necklaces are from the truth.

Run with ``python bench/worn_neck.py``. A simple piece in space (spheres on a thread, a disc on its
chain, a drop on a hook, a hoop) is put on the template by its anchors and seen by its camera, and
hidden where the template's depth is nearer: the truth. The same piece is photographed alone, lying
flat, and worn by our code. Printed are, per piece and template: how far its parts lie apart
(millimeters, median and largest), how much larger it is shown (percent), and how far what shows of
both agrees (intersection over union of the covers, half shown or more).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from scipy.spatial import cKDTree

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.model_templates import Template, View, load_template
from jewelrymodel.studio.neck_curves import curve_of
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import Rendered, RenderRequest, render

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support import pieces

EDGE, PHOTO, PHOTO_PX_PER_MM = 1024, 1400, 7.0
TONES = ("light", "tan", "deep")
BEADS_MM = (6.0, 2.9)  # from one bead to the next; a bead's radius
_SLACK_MM = 1.5  # the person's depth is kept coarsely
_ON_SKIN_MM = 20.0  # a disc that lies on the skin leans as that does


@dataclass(frozen=True)
class Balls:
    """A piece made of balls: `middles` in camera space (Nx3, mm), `radii` (N, mm), and for each its
    place in the flat photo (Nx2, mm). It is hidden by what is nearer by more than `slack_mm`.
    """

    middles: Floats
    radii: Floats
    flat: Floats
    slack_mm: float = _SLACK_MM


def shown(balls: Balls, view: View) -> tuple[Mask, Mask]:
    """What of the balls shows in the picture (HxW) by depth, and whether each one's middle does."""
    width, height = view.size_px
    person, nearest = view.depth_mm(), np.full((height, width), np.inf, np.float32)
    pixels, scale = projected(balls, view)
    for (x, y), radius, ball in zip(pixels, balls.radii * scale, balls.middles, strict=True):
        disc = np.zeros((height, width), np.uint8)
        at = (round(float(x) * 16), round(float(y) * 16))
        cv2.circle(disc, at, max(1, round(float(radius) * 16)), 1, -1, shift=4)
        nearest[disc > 0] = np.minimum(nearest[disc > 0], ball[2])
    visible = np.isfinite(nearest) & (nearest < person + balls.slack_mm)
    columns, rows = (
        np.clip(np.round(pixels[:, axis]).astype(int), 0, (width, height)[axis] - 1)
        for axis in (0, 1)
    )
    return np.asarray(visible), np.asarray(visible[rows, columns])


def projected(balls: Balls, view: View) -> tuple[Floats, Floats]:
    """Where the middles are in the picture (Nx2), and the pixels per millimeter there."""
    template, depth = view.template, balls.middles[:, 2]
    px = template.focal_px * balls.middles[:, :2] / depth[:, None] + template.center_px
    return view.points(px), view.px_per_mm(depth)


def photographed(balls: Balls, kind: Kind) -> Cutout:
    """The balls alone, flat on a table, from above; every one in its own color."""
    mask, rgb = np.zeros((PHOTO, PHOTO), np.uint8), pieces.metal(PHOTO).copy()
    colors = np.random.default_rng(5).integers(60, 210, (len(balls.radii), 3))
    for (x, y), radius, color in zip(balls.flat, balls.radii, colors, strict=True):
        at = (round(float(x) * PHOTO_PX_PER_MM), round(float(y) * PHOTO_PX_PER_MM))
        cv2.circle(mask, at, round(float(radius) * PHOTO_PX_PER_MM), 255, -1, cv2.LINE_AA)
        shade = [int(value) for value in color]
        cv2.circle(rgb, at, round(float(radius) * PHOTO_PX_PER_MM) + 1, shade, -1)
    grain = np.random.default_rng(6).normal(1, 0.25, (PHOTO // 6, PHOTO // 6))
    relief = cv2.resize(grain, (PHOTO, PHOTO), interpolation=cv2.INTER_CUBIC)[..., None]
    return pieces.of(mask, np.asarray(np.clip(rgb * relief, 0, 255), np.uint8), kind)


def strand(template: Template, length_mm: float) -> Balls:
    """Beads along the neck's curve, and in the photo round an oval."""
    pitch, radius = BEADS_MM
    curve = curve_of(template, length_mm).lifted(radius)
    arc, lowest = curve.arc_mm, int(np.argmax(curve.px[:, 1]))
    offsets = np.arange(-int(arc[lowest] / pitch), int((arc[-1] - arc[lowest]) / pitch) + 1) * pitch
    middles = np.column_stack(
        [np.interp(arc[lowest] + offsets, arc, curve.camera_mm[:, axis]) for axis in range(3)]
    )
    around = np.arange(-int(length_mm / 2 / pitch), int(length_mm / 2 / pitch)) * pitch
    turn = 2 * np.pi * around / length_mm
    oval = length_mm / (2 * np.pi)
    flat = np.column_stack([100 + oval * np.sin(turn), 100 + oval * np.cos(turn)])
    mine = np.isin(around, offsets)
    rest = np.full((int((~mine).sum()), 3), (0.0, -500.0, 5000.0))
    order = np.concatenate([np.flatnonzero(mine), np.flatnonzero(~mine)])
    whole = np.vstack([middles[: int(mine.sum())], rest])
    return Balls(floats(whole), floats(np.full(len(whole), radius)), floats(flat[order]))


def hooked(template: Template, yaw_deg: float) -> Balls:
    """A drop on a hook through the lobe, its plane turned from the picture's by `yaw_deg`; in the
    photo it lies flat.
    """
    lobe = np.array(template.anchors["lobe"]["camera_mm"])
    arc = np.radians(np.linspace(0, 180, 60))
    radius = 4.5
    bow = np.column_stack([radius * np.cos(arc), -radius * np.sin(arc)]) + np.array([0, radius])
    front = np.column_stack([np.full(40, -radius), np.linspace(radius, radius + 9, 40)])
    rear = np.column_stack([np.full(40, radius), np.linspace(radius, radius + 8, 40)])
    wire = np.vstack([bow, front, rear])
    drop = np.array([[-radius, radius + 9 + 5.5]])
    flat = np.vstack([wire, drop])
    yaw = np.radians(yaw_deg)
    aside, depth = flat[:, 0] * np.cos(yaw), flat[:, 0] * np.sin(yaw)
    middles = lobe + np.column_stack([aside, flat[:, 1], depth])
    radii = np.concatenate([np.full(len(wire), 0.45), [5.5]])
    return Balls(floats(middles), floats(radii), floats(flat + 60))


def hoop(template: Template, yaw_deg: float) -> Balls:
    """A hoop of 26 mm through the lobe."""
    lobe = np.array(template.anchors["lobe"]["camera_mm"])
    turn = np.linspace(0, 2 * np.pi, 240)[:-1]
    flat = 12 * np.column_stack([np.sin(turn), 1 - np.cos(turn)])
    yaw = np.radians(yaw_deg)
    depth = -flat[:, 0] * np.sin(yaw)
    middles = lobe + np.column_stack([flat[:, 0] * np.cos(yaw), flat[:, 1], depth])
    return Balls(floats(middles), floats(np.full(len(flat), 1.0)), floats(flat + 60))


def disc(template: Template) -> Balls:
    """A round pendant with its bail, hung from the lowest point of the shortest chain."""
    hanging = [chain for chain in template.anchors["chains"] if chain["pendant"]]
    chain = min(hanging, key=lambda one: float(one["length_mm"]))
    bottom = np.array(chain["bottom"]["camera_mm"])
    flat = np.array([(0, 1.6), (0, 14.0)])
    middles = bottom + np.column_stack([flat, [-1.0, -2.0]])
    return Balls(floats(middles), floats([1.6, 11.0]), floats(flat + 60), _ON_SKIN_MM)


def framed(template: Template, made: Rendered, scale: float, at: Floats, source: Floats) -> View:
    """The view of a picture, found again from its transform: `at` (template pixels) came from the
    cutout's `source`, `scale` template pixels to one of the cutout's there.
    """
    matrix = made.declaration.transform
    zoom = float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))) / scale
    target = matrix @ np.array([*source, 1.0])
    return View(template, floats(np.asarray(at) - target / zoom), zoom, (EDGE, EDGE))


def compared(name: str, balls: Balls, made: Rendered, view: View, *, seen_mm: float) -> None:
    """Print a line: positions by middle, size by scale, what shows by cover."""
    truth, seen = shown(balls, view)
    px, scale = projected(balls, view)
    photo = balls.flat * PHOTO_PX_PER_MM
    bend = made.declaration.bend
    if bend is None:
        matrix = made.declaration.transform
        places = floats(photo @ matrix[:, :2].T + matrix[:, 2])
        sizes = floats(np.full(len(places), np.sqrt(abs(np.linalg.det(matrix[:, :2])))))
    else:
        places, sizes = _laid_at(made, photo)
    large = seen & (balls.radii >= seen_mm)
    off = np.linalg.norm(places - px, axis=1)[large] / scale[large]
    larger = 100 * (sizes[large] * PHOTO_PX_PER_MM / scale[large] - 1)
    ours = made_cover(made, balls)
    union = float((truth | ours).sum())
    agree = float((truth & ours).sum()) / max(union, 1)
    print(
        f"{name:26} {np.nanmedian(off):6.2f} {np.nanmax(off):6.2f} {np.nanmedian(larger):7.1f}"
        f" {agree:6.2f} {made.fidelity.passed!s:>6}"
    )


def _laid_at(made: Rendered, photo: Floats) -> tuple[Floats, Floats]:
    bend = made.declaration.bend
    assert bend is not None
    known = np.isfinite(bend.places).all(-1)
    rows, columns = np.nonzero(known)
    away, nearest = cKDTree(bend.places[known]).query(photo)
    at = np.column_stack([columns[nearest], rows[nearest]]) / 2 + np.array(bend.corner)
    at[away > 2] = np.nan
    return floats(at), floats(np.full(len(photo), bend.scale))


def made_cover(made: Rendered, balls: Balls) -> Mask:
    """Where our picture shows the piece, its chain not counted."""
    cutout: Bytes = CUTOUTS[id(balls)].rgba
    layer = made.declaration.placed(cutout, (EDGE, EDGE))
    cover = layer.cover
    if made.declaration.visible is not None:
        cover = cover * made.declaration.visible
    return np.asarray(cover > 0.5)


CUTOUTS: dict[int, Cutout] = {}


def worn(balls: Balls, kind: Kind, look_id: str, size_mm: float) -> Rendered:
    """The piece, photographed flat, worn by our code."""
    CUTOUTS[id(balls)] = photographed(balls, kind)
    return render(CUTOUTS[id(balls)], RenderRequest(kind, look_id, size_mm, EDGE))


def of_ear(tone: str) -> None:
    """Earrings on one template."""
    template = load_template(f"ear-{tone}")
    lobe = template.anchors["lobe"]["px"]
    unit = float(template.anchors["px_per_mm"]) / PHOTO_PX_PER_MM
    for yaw in (0, 30, 60):
        hook = hooked(template, yaw)
        made = worn(hook, Kind.EARRING, f"ear-{tone}", 25.0 - 0.45 + 0.9)
        view = framed(template, made, unit, lobe, floats([60, 60]) * PHOTO_PX_PER_MM)
        compared(f"hook {yaw}° ear-{tone}", hook, made, view, seen_mm=2)
    for yaw in (20, 45):
        ring = hoop(template, yaw)
        made = worn(ring, Kind.EARRING, f"ear-{tone}", 26.0)
        view = framed(template, made, unit, lobe, floats([60, 60]) * PHOTO_PX_PER_MM)
        compared(f"hoop {yaw}° ear-{tone}", ring, made, view, seen_mm=0)


def of_neck(tone: str) -> None:
    """Pendants and necklaces on one template."""
    template = load_template(f"neck-{tone}")
    piece = disc(template)
    made = worn(piece, Kind.PENDANT, f"neck-{tone}", 25.0)
    hanging = [chain for chain in template.anchors["chains"] if chain["pendant"]]
    bottom = min(hanging, key=lambda one: float(one["length_mm"]))["bottom"]
    unit = template.focal_px / bottom["camera_mm"][2] / PHOTO_PX_PER_MM
    source = floats([60, 60]) * PHOTO_PX_PER_MM
    view = framed(template, made, unit, bottom["px"], source)
    compared(f"pendant neck-{tone}", piece, made, view, seen_mm=0)
    for length in (380, 430, 490):
        beads = strand(template, length)
        made = worn(beads, Kind.NECKLACE, f"neck-{tone}", 2 * length / (2 * np.pi) + 5.8)
        curve = curve_of(template, length).lifted(BEADS_MM[1])
        lowest = int(np.argmax(curve.px[:, 1]))
        unit = template.focal_px / curve.camera_mm[lowest, 2] / PHOTO_PX_PER_MM
        low = floats([100, 100 + length / (2 * np.pi)]) * PHOTO_PX_PER_MM
        view = framed(template, made, unit, curve.px[lowest], low)
        compared(f"beads {length} mm neck-{tone}", beads, made, view, seen_mm=0)


def main() -> None:
    """Print the table."""
    print(f"{'piece':26} {'mm':>6} {'most':>6} {'size %':>7} {'IoU':>6} {'passed':>6}")
    for tone in TONES:
        of_ear(tone)
        of_neck(tone)


if __name__ == "__main__":
    main()
