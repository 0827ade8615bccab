"""One door to every look: the piece worn by a computer-made person, or on a styled surface."""

from jewelrymodel.studio.arrays import Step, silent
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.earring_on_ear import render_ear
from jewelrymodel.studio.looks import LOOKS, looks_for
from jewelrymodel.studio.pendant_on_neck import render_neck
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused
from jewelrymodel.studio.ring_on_hand import render_ring
from jewelrymodel.studio.scenes import render_scene

__all__ = ["LOOKS", "RenderRequest", "Rendered", "ViewRefused", "looks_for", "render"]
_WORN = {Kind.PENDANT: render_neck, Kind.RING: render_ring, Kind.EARRING: render_ear}


def render(cutout: Cutout, request: RenderRequest, on_step: Step = silent) -> Rendered:
    """Make one picture. Raises ViewRefused with a code and a sentence; KeyError on unknown
    looks.
    """
    look = LOOKS[request.look_id]
    if request.kind not in look.kinds:
        raise ViewRefused(
            "wrong_kind",
            f"“{look.title}” doesn't suit a {request.kind}. Choose one of its own looks.",
        )
    if look.sort == "scene":
        return render_scene(cutout, look, request, on_step)
    return _WORN[request.kind](cutout, look, request, on_step)
