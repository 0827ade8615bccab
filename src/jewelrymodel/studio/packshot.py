"""The piece alone, as shops list it: on pure white or on nothing, with a soft shadow.

The pixels are the photo's own; they are turned upright and moved to the middle. What is added is
the white and the shadow.
"""

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, to_bytes, to_srgb
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, message
from jewelrymodel.studio.packshot_frame import Frame, framed
from jewelrymodel.studio.packshot_shadow import lying_shadow, standing_shadow
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import place
from jewelrymodel.studio.render_request import Rendered, RenderRequest, checked
from jewelrymodel.studio.steps import OnStep, Step


def render_packshot(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep
) -> Rendered:
    """The piece on white, which is pure at the picture's edge; HxWx4 where the look is
    transparent. Raises ViewRefused where the photo cut it through its body.
    """
    on_step(Step.PLACING_PIECE)
    frame = framed(cutout, request)
    shown = cutout.rgba if frame.left_out is None else without(cutout.rgba, frame.left_out)
    layer = place(shown, frame.matrix, frame.size)
    on_step(Step.LIGHTING_PIECE)
    shadow = _shadow(layer.cover, frame, request)
    behind = floats(np.repeat(shadow[..., None], 3, 2))
    image = to_bytes(to_srgb(layer.over(behind)))
    on_step(Step.CHECKING)
    declared = Declaration(
        frame.matrix, left_out=frame.left_out, behind=behind, px_per_mm=frame.px_per_mm
    )
    fidelity = checked(cutout.rgba, image, declared, request)
    if look.transparent:
        image = _over_nothing(image, layer.cover, shadow)
    return Rendered(image, _alterations(look, request, frame), fidelity, declared)


def _shadow(cover: Floats, frame: Frame, request: RenderRequest) -> Floats:
    if not request.packshot.shadow:
        return floats(np.ones_like(cover))
    # A ring is photographed standing; what the photo cut lies, whatever it is.
    if request.kind is Kind.RING and frame.left_out is None:
        return standing_shadow(cover)
    return lying_shadow(cover, frame.px_per_mm)


def _over_nothing(image: Bytes, cover: Floats, shadow: Floats) -> Bytes:
    """The picture less its white (HxWx4, straight alpha): laid over white as browsers do it, in
    sRGB's own values, it is the picture again.
    """
    alpha = to_bytes(1 - (1 - cover) * to_srgb(shadow))
    share = np.maximum(alpha, 1)[..., None] / 255
    color = (image / 255 - (1 - share)) / share
    return np.dstack([to_bytes(np.where(alpha[..., None] > 0, color, 1)), alpha])


def _alterations(look: Look, request: RenderRequest, frame: Frame) -> tuple[Message, ...]:
    removed = Alteration.BACKGROUND_REMOVED if look.transparent else Alteration.BACKGROUND_WHITE
    notes = [message(removed)]
    if request.packshot.shadow:
        notes.append(message(Alteration.SHADOW))
    if frame.turn:
        notes.append(message(Alteration.TURNED, degrees=round(abs(frame.turn), 1)))
    if frame.left_out is not None:
        notes.append(message(Alteration.FADES_OUT))
    return tuple(notes)
