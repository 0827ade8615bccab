"""An earring on the ear of a virtual model, cropped to lobe and neck.

One earring is hung plumb at its real size: a stud sits on the lobe, a drop hangs from it, a wire or
a hoop goes through it, so that the lobe hides what runs behind.
"""

from dataclasses import replace

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_bytes, to_linear
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.earring_fitting import Fitting, Through, find_fitting
from jewelrymodel.studio.earring_pairs import SingleEarring, larger_earring, other_earring
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.lighting import SKIN_TINT, developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.mirrored_ear import mirrored_ear
from jewelrymodel.studio.model_templates import Template, View, load_template
from jewelrymodel.studio.placement import Layer, Matrix, by_hand, place
from jewelrymodel.studio.render_request import (
    Rendered,
    RenderRequest,
    ViewRefused,
    checked,
    refuse_cropped,
    refuse_cut,
)
from jewelrymodel.studio.skin_lighting import hanging_light
from jewelrymodel.studio.skin_shadows import skin_shadow
from jewelrymodel.studio.steps import OnStep, Step

MAX_HEIGHT_MM = 75
MAX_ABOVE_MM = 7  # of a stud, above its post
_EAR = (17,)
_NEAR_MM, _LEAST_MM, _FAR_MM = 0.7, 0.3, 18.0  # from the lobe at the piercing; of a shadow
_DENT, _DENT_MM = 0.7, 0.28  # how dark, how wide


def render_ear(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """One earring worn. Raises ViewRefused where it is too long for the picture, and where two lie
    over each other.
    """
    on_step(Step.CHOOSING_VIEW)
    if request.size_mm > MAX_HEIGHT_MM:
        raise ViewRefused(ViewProblem.TOO_LARGE, size_mm=request.size_mm)
    chosen = _earring_for(look, cutout.alpha)
    if chosen.overlaps:
        raise ViewRefused(ViewProblem.OVERLAP)
    name = look.templates[0]
    template = mirrored_ear(name) if look.mirrored else load_template(name)
    view = _framed(template, look.span_mm, request)
    on_step(Step.PLACING_PIECE)
    refuse_cut(floats(cutout.alpha * chosen.mask), hangs=True)
    single = without(cutout.rgba, floats(~chosen.mask))
    alpha = floats(single[..., 3] / 255)
    fitting = _fitting(template, alpha)
    px_per_mm = float(template.anchors["px_per_mm"]) * view.zoom
    scale = px_per_mm * request.size_mm / fitting.height_px
    hole = _hole(fitting, request.size_mm)
    matrix = _hung(view, hole, fitting.turn_deg, scale)
    matrix = by_hand(matrix, hole, request.adjustment, request.size_px)
    scale *= request.adjustment.size
    visible = _visible(view, fitting, matrix, scale)
    pierced = None if fitting.through is Through.POST else matrix @ np.array([*hole, 1.0])
    refuse_cropped(alpha, matrix, request)
    earring = place(single, matrix, request.size_px).clipped(visible)
    on_step(Step.LIGHTING_PIECE)
    skin = floats(1 - view.part_mask((0,)))
    light = hanging_light(view, earring, skin, px_per_mm)
    behind = _shaded(view, earring, skin, pierced)
    grain = 0.6 * grain_of(view.picture()) + 0.002
    image = to_bytes(developed(earring.lit(light.gains).over(behind), grain, earring.cover))
    on_step(Step.CHECKING)
    others = floats(~chosen.mask)
    declared = Declaration(
        matrix,
        light,
        left_out=others,
        visible=visible,
        behind=behind,
        px_per_mm=px_per_mm * request.adjustment.size,
    )
    fidelity = checked(cutout.rgba, image, declared, request)
    return Rendered(image, _alterations(look, fitting, chosen.others), fidelity, declared)


def _earring_for(look: Look, alpha: Floats) -> SingleEarring:
    """The larger earring of the photo, and on the other ear the other one, where there is one."""
    larger = larger_earring(alpha)
    if not look.mirrored or larger.overlaps or not larger.others:
        return larger
    return other_earring(alpha, larger)


def _fitting(template: Template, alpha: Floats) -> Fitting:
    """How the earring hangs: on our own people its rear is at the left; on a photo of somebody who
    looks to the left, it is what would be at the left in a mirror.
    """
    if template.anchors.get("rear_side", -1) < 0:
        return find_fitting(alpha)
    mirrored = find_fitting(floats(alpha[:, ::-1]))
    x, y = mirrored.hole
    rear = None if mirrored.rear is None else mirrored.rear[:, ::-1]
    hole = (alpha.shape[1] - 1 - x, y)
    return replace(mirrored, hole=hole, turn_deg=-mirrored.turn_deg, rear=rear)


def _hole(fitting: Fitting, size_mm: float) -> tuple[float, float]:
    """The photo's point that sits at the piercing. A large stud's post is nearer to its top than
    its middle is, or it would cover the ear.
    """
    x, y = fitting.hole
    if fitting.middle_px is None:
        return x, y
    higher = max(0.0, fitting.middle_px - MAX_ABOVE_MM * fitting.height_px / size_mm)
    angle = np.radians(fitting.turn_deg)
    return x - higher * float(np.sin(angle)), y - higher * float(np.cos(angle))


def _hung(view: View, hole: tuple[float, float], turn_deg: float, scale: float) -> Matrix:
    """The transform that turns the earring plumb and takes its hole to the lobe's."""
    lobe = view.points(view.template.anchors["lobe"]["px"])
    angle = np.radians(turn_deg)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([turn, lobe - turn @ np.array(hole)])


def _framed(template: Template, span_mm: float, request: RenderRequest) -> View:
    """A window round the lobe, with more room below it than above."""
    high, wide = template.picture.shape[:2]
    width, height = request.size_px
    span_mm = max(span_mm, request.size_mm * 1.8) * request.breadth
    across = min(span_mm * float(template.anchors["px_per_mm"]), wide, high * width / height)
    down = across * height / width
    x, y = template.anchors["lobe"]["px"]
    origin = [np.clip(x - across / 2, 0, wide - across), np.clip(y - 0.34 * down, 0, high - down)]
    return View(template, floats(origin), width / across, request.size_px)


def _visible(view: View, fitting: Fitting, matrix: Matrix, scale: float) -> Floats:
    """What runs behind the lobe is hidden, up to the round end where it goes in."""
    width, height = view.size_px
    if fitting.rear is None:
        return view.uncovered()
    source = blur(floats(fitting.rear), max(0.3, 0.5 / scale))
    rear = cv2.warpAffine(source, matrix, view.size_px, flags=cv2.INTER_LINEAR)
    x, y = matrix @ np.array([*fitting.hole, 1.0])
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = np.hypot(across - x, (down - y) * 0.96)
    past_the_end = np.clip(distance - fitting.wire_px * scale / 2 + 0.5, 0, 1)
    behind = view.part_mask(_EAR) if fitting.returns else np.float32(1)
    return floats((1 - rear * past_the_end * behind) * view.uncovered())


def _shaded(view: View, earring: Layer, skin: Floats, hole: Floats | None) -> Floats:
    """The ear and the neck, in linear light, under the earring's shadow; round the hole that a wire
    goes into the lobe is dented.
    """
    template = view.template
    unit = float(template.anchors["px_per_mm"]) * view.zoom
    # It hangs in a plane from the piercing; the lobe's lower end and the neck are farther away.
    plane_mm = float(template.anchors["lobe"]["camera_mm"][2]) - _NEAR_MM
    heights = np.clip(view.depth_mm() - plane_mm, _LEAST_MM, _FAR_MM)
    cast = skin_shadow(view, earring.cover, floats(heights), unit)
    if hole is not None:
        height, width = earring.cover.shape
        down, across = np.mgrid[0:height, 0:width].astype(np.float32)
        apart_mm = np.hypot(across - hole[0], down - hole[1]) / unit
        dented = _DENT * np.exp(-((apart_mm / _DENT_MM) ** 2) / 2)
        cast = cast * (1 - dented[..., None] * SKIN_TINT)
    return floats(to_linear(view.picture()) * (1 - skin[..., None] * (1 - cast)))


def _alterations(look: Look, fitting: Fitting, others: int) -> tuple[Message, ...]:
    alterations = [message(one) for one in (*look.alterations, Alteration.SKIN_LIGHT)]
    if others:
        alterations.append(message(Alteration.ONE_EARRING_OF, count=others + 1))
    if fitting.turn_deg:
        alterations.append(message(Alteration.TURNED, degrees=round(abs(fitting.turn_deg))))
    if fitting.rear is not None:
        hoop = fitting.through is Through.HOOP
        alterations.append(message(Alteration.HOOP_HIDDEN if hoop else Alteration.WIRE_HIDDEN))
    return tuple(alterations)
