"""One door to every look: the piece alone, worn by a virtual model, or on a styled surface."""

from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.earring_on_ear import render_ear
from jewelrymodel.studio.looks import LOOKS, LookKind, looks_for
from jewelrymodel.studio.messages import ViewProblem
from jewelrymodel.studio.packshot import render_packshot
from jewelrymodel.studio.pendant_on_neck import render_neck
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused
from jewelrymodel.studio.ring_on_hand import render_ring
from jewelrymodel.studio.scenes import render_scene
from jewelrymodel.studio.steps import OnStep, silent

__all__ = ["LOOKS", "RenderRequest", "Rendered", "ViewRefused", "looks_for", "render"]
_WORN = {Kind.PENDANT: render_neck, Kind.RING: render_ring, Kind.EARRING: render_ear}


def render(cutout: Cutout, request: RenderRequest, on_step: OnStep = silent) -> Rendered:
    """Make one picture. Raises ViewRefused; KeyError on unknown looks."""
    look = LOOKS[request.look_id]
    if request.kind not in look.piece_kinds:
        raise ViewRefused(ViewProblem.WRONG_KIND)
    if look.kind is LookKind.PACKSHOT:
        return render_packshot(cutout, look, request, on_step)
    if look.kind is LookKind.SCENE:
        return render_scene(cutout, look, request, on_step)
    return _WORN[request.kind](cutout, look, request, on_step)
