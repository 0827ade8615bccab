"""One door to every look: the piece worn by a computer-made person, or on a styled surface."""

from jewelrymodel.studio.arrays import Step, silent
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.ear import render_ear
from jewelrymodel.studio.kinds import Kind
from jewelrymodel.studio.looks import LOOKS, looks_for
from jewelrymodel.studio.neck import render_neck
from jewelrymodel.studio.order import Rendered, RenderOrder, ViewRefused
from jewelrymodel.studio.ring import render_ring
from jewelrymodel.studio.scenes import render_scene

__all__ = ["LOOKS", "RenderOrder", "Rendered", "ViewRefused", "looks_for", "render"]
_WORN = {Kind.PENDANT: render_neck, Kind.RING: render_ring, Kind.EARRING: render_ear}


def render(cutout: Cutout, order: RenderOrder, on_step: Step = silent) -> Rendered:
    """Make one picture. Raises ViewRefused with a code and a sentence; KeyError on unknown
    looks.
    """
    look = LOOKS[order.look_id]
    if order.kind not in look.kinds:
        raise ViewRefused(
            "wrong_kind",
            f"“{look.title}” doesn't suit a {order.kind}. Choose one of its own looks.",
        )
    if look.sort == "scene":
        return render_scene(cutout, look, order, on_step)
    return _WORN[order.kind](cutout, look, order, on_step)
