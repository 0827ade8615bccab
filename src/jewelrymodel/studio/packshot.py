"""The piece alone, as shops list it: on pure white or on nothing, with a soft shadow.

The pixels are the photo's own, as many as it has; they are turned upright and moved to the middle.
What is added is the white and the shadow.
"""

import dataclasses

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, to_bytes, to_srgb
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import FAILED, Fidelity, measure, without
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, message
from jewelrymodel.studio.packshot_detail import Detail, detail_of, original_of
from jewelrymodel.studio.packshot_frame import Frame, framed
from jewelrymodel.studio.packshot_settings import MAX_EDGE_PX
from jewelrymodel.studio.packshot_shadow import lying_shadow, standing_shadow
from jewelrymodel.studio.placement import Layer, place
from jewelrymodel.studio.render_request import Rendered, RenderRequest, checked
from jewelrymodel.studio.retouch import Retouch
from jewelrymodel.studio.ring_pose import LYING, pose_of
from jewelrymodel.studio.steps import OnStep, Step
from jewelrymodel.studio.white_balance import AS_PHOTOGRAPHED

_STRIP_PX = 256
_SOLID = 0.94  # of cover: where the check compares the piece alone


def render_packshot(
    cutout: Cutout,
    look: Look,
    request: RenderRequest,
    on_step: OnStep,
    photo: Bytes | None = None,
) -> Rendered:
    """The piece on white, which is pure at the picture's edge; HxWx4 where the look is
    transparent. `photo` (HxWx3) is the whole photo, where it has more pixels than the cutout.

    Raises ViewRefused where the photo cut the piece through its body.
    """
    on_step(Step.PLACING_PIECE)
    retouch = Retouch(request.packshot.gains, _SOLID)
    frame = framed(cutout, request)
    detail = _detail(cutout, photo, frame, request)
    if detail is not None:
        frame = framed(cutout, request, detail.scales)
    layer = _layer(cutout, detail, frame, retouch)
    on_step(Step.LIGHTING_PIECE)
    shadow = _shadow(layer.cover, frame, request)
    behind = floats(np.broadcast_to(shadow[..., None], (*shadow.shape, 3)))
    image = _developed(layer, behind)
    on_step(Step.CHECKING)
    declared = Declaration(
        frame.transform, left_out=frame.left_out, behind=behind, px_per_mm=frame.px_per_mm
    )
    approved = retouch.of(cutout.rgba)
    if not retouch.is_plausible:
        fidelity = FAILED
    elif request.draft or detail is None:
        fidelity = checked(approved, image, declared, request)
    else:
        fidelity = _fidelity(approved, image, layer, declared, detail)
    if look.transparent:
        image = _over_nothing(image, layer.cover, shadow)
    scale = 1.0 if detail is None else min(detail.scales)
    notes = _alterations(look, request, frame)
    return Rendered(image, notes, fidelity, declared, scale, retouch)


def _detail(
    cutout: Cutout, photo: Bytes | None, frame: Frame, request: RenderRequest
) -> Detail | None:
    if photo is None or request.adjustment.size < 1:
        return None
    solid = Retouch(solid_from=_SOLID).of(cutout.rgba)
    return detail_of(solid, photo, min(MAX_EDGE_PX, request.edge_px) / frame.own_px)


def _layer(cutout: Cutout, detail: Detail | None, frame: Frame, retouch: Retouch) -> Layer:
    """The piece in its place, with what the photo cut fading out."""
    if detail is None:
        shown = _shown(retouch.of(cutout.rgba), frame.left_out)
        return place(shown, frame.transform, frame.size)
    rgba = Retouch(retouch.gains).of(detail.rgba)
    if frame.left_out is not None:
        rgba = without(rgba, floats(np.clip(detail.enlarged(frame.left_out), 0, 1)))
    return dataclasses.replace(detail, rgba=rgba).placed(frame.transform, frame.size)


def _shown(rgba: Bytes, left_out: Floats | None) -> Bytes:
    return rgba if left_out is None else without(rgba, left_out)


def _fidelity(
    approved: Bytes, image: Bytes, layer: Layer, declared: Declaration, detail: Detail
) -> Fidelity:
    """How true the picture is to the cutout (HxWx4), compared where and as large as that is."""
    original = original_of(image, layer, floats(declared.behind), detail, declared.transform)
    unmoved = np.eye(2, 3)
    there = place(_shown(approved, declared.left_out), unmoved, detail.cutout_size)
    if not original.is_same_outline(there):
        return FAILED
    px_per_mm = (declared.px_per_mm or 0) / min(detail.scales)
    at_home = dataclasses.replace(
        declared, transform=unmoved, behind=original.behind, px_per_mm=px_per_mm
    )
    return measure(approved, original.as_compared(there), at_home)


def _developed(layer: Layer, behind: Floats) -> Bytes:
    """The piece over what is behind it as sRGB bytes, in strips: a large picture is computed in
    several times its own memory.
    """
    image = np.empty(behind.shape, np.uint8)
    for start in range(0, len(image), _STRIP_PX):
        rows = np.s_[start : start + _STRIP_PX]
        strip = Layer(layer.light[rows], layer.cover[rows])
        image[rows] = to_bytes(to_srgb(strip.over(behind[rows])))
    return image


def _shadow(cover: Floats, frame: Frame, request: RenderRequest) -> Floats:
    if not request.packshot.shadow:
        return floats(np.ones_like(cover))
    pose = LYING if frame.left_out is not None else pose_of(cover, request.kind)
    return standing_shadow(cover) if pose.stands else lying_shadow(cover, frame.px_per_mm)


def _over_nothing(image: Bytes, cover: Floats, shadow: Floats) -> Bytes:
    """The picture less its white (HxWx4, straight alpha): laid over white as browsers do it, in
    sRGB's own values, it is the picture again.
    """
    alpha = to_bytes(1 - (1 - cover) * to_srgb(shadow))
    share = np.maximum(alpha, 1)[..., None] / np.float32(255)
    color = (image / np.float32(255) - (1 - share)) / share
    return np.dstack([to_bytes(np.where(alpha[..., None] > 0, color, 1)), alpha])


def _alterations(look: Look, request: RenderRequest, frame: Frame) -> tuple[Message, ...]:
    removed = Alteration.BACKGROUND_REMOVED if look.transparent else Alteration.BACKGROUND_WHITE
    notes = [message(removed)]
    if request.packshot.shadow:
        notes.append(message(Alteration.SHADOW))
    if request.packshot.gains != AS_PHOTOGRAPHED:
        red, green, blue = (round(100 * (gain - 1)) for gain in request.packshot.gains)
        notes.append(message(Alteration.WHITE_BALANCED, red=red, green=green, blue=blue))
    if frame.turn:
        notes.append(message(Alteration.TURNED, degrees=round(abs(frame.turn), 1)))
    if frame.left_out is not None:
        notes.append(message(Alteration.FADES_OUT))
    return tuple(notes)
