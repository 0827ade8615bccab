"""How far a worn ring or bangle is off: the same solid, photographed alone and cast onto the limb.

Run with ``python bench/worn_hand.py`` (about a minute). Each ring is photographed in the views that
sellers send, turned at random in the picture; the renderer sees that photo only. What it shows is
compared with the ring as the template's finger would wear it, at its depth and before its camera:
how far the middle of what shows is off, how much wider it is across the finger, and how much of
both outlines is common. Refused are views that it won't show.
"""

import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.studio.model_templates import load_template
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import place
from jewelrymodel.studio.render import RenderRequest, ViewRefused, render
from jewelrymodel.studio.ring_on_hand import framed, limb_of, nearest_hand
from jewelrymodel.studio.ring_view import ring_view

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.drawn_rings import SolidRing, photographed, turned, worn, worn_like

EDGE, LOOK, WRIST = 900, "hand-light", "wrist-light"
BANGLE = SolidRing(inner=20, wall=1.2, breadth=2.5)  # a third of its size: the frame is 30 mm
LAID = {"at a slant": (20, 26, 32), "laid flat": (45, 60, 80)}
RINGS = {
    "plain, 3 mm": SolidRing(breadth=3),
    "plain, 6 mm": SolidRing(breadth=6),
    "solitaire": SolidRing(breadth=2.2, head=(2.8, 2.8, 2.2)),
    "cocktail": SolidRing(breadth=3, head=(6, 5, 3)),
}
VIEWS = {"from above": (4, 10), "three-quarter": (22, 32, 42), "from the front": (58, 72, 84)}


@dataclass(frozen=True)
class Off:
    """How far one worn ring is off: its middle in mm, its width in per cent, the common share."""

    place_mm: float
    width_percent: float
    common: float


def off(ring: SolidRing, tilt_deg: float, roll_deg: float) -> Off:
    """Wear one photographed ring and compare. Raises ViewRefused."""
    piece = photographed(ring, turned(tilt_deg, roll_deg), 600)
    made = render(piece, RenderRequest(Kind.RING, LOOK, ring.inner, EDGE, draft=True)).declaration
    shown = place(piece.rgba, made.transform, (EDGE, EDGE)).cover
    assert made.visible is not None
    assert made.px_per_mm is not None
    seen, truth = shown * made.visible > 0.5, worn_like(ring, piece, LOOK, EDGE) > 0.5
    finger = nearest_hand(LOOKS[LOOK], ring_view(piece.rgba)).finger
    axis = np.array(finger["axis_px"])
    across = np.array([axis[1], -axis[0]])
    apart = np.linalg.norm(_middle(seen) - _middle(truth)) / made.px_per_mm
    width = _extent(seen, across) / _extent(truth, across) - 1
    return Off(float(apart), float(100 * width), float((seen & truth).sum() / (seen | truth).sum()))


def bangle_off(tilt_deg: float) -> Off:
    """Wear one bangle that lies before the camera. Raises ViewRefused."""
    piece = replace(photographed(BANGLE, turned(tilt_deg, 180.0), 600), kind=Kind.BRACELET)
    request = RenderRequest(Kind.BRACELET, WRIST, 60, EDGE, draft=True)
    made = render(piece, request).declaration
    assert made.visible is not None
    template = load_template(WRIST)
    limb = limb_of(template.anchors)
    view = framed(template, limb, LOOKS[WRIST].span_mm, request)
    shown = made.placed(piece.rgba, (EDGE, EDGE)).cover * made.visible > 0.5
    truth = worn(BANGLE, view, 1.03) > 0.5
    apart = np.linalg.norm(_middle(shown) - _middle(truth))
    axis = np.array(limb["axis_px"])
    across = np.array([axis[1], -axis[0]])
    width = _extent(shown, across) / _extent(truth, across) - 1
    return Off(
        float(apart) / (float(limb["px_per_mm"]) * view.zoom),
        float(100 * width),
        float((shown & truth).sum() / (shown | truth).sum()),
    )


def _middle(mask: Mask) -> Floats:
    return np.asarray(np.argwhere(mask).mean(0), np.float32)


def _extent(mask: Mask, way: Floats) -> float:
    at = np.argwhere(mask)[:, ::-1] @ way
    return float(np.ptp(at))


def main() -> None:
    """Print a line for each ring and view."""
    random = np.random.default_rng(14)
    print(f"{'ring':12} {'view':15} made  place mm  width %  common")
    views: dict[str, list[Off]] = defaultdict(list)
    for name, ring in RINGS.items():
        for view, tilts in VIEWS.items():
            found, refused = [], 0
            for tilt in tilts:
                try:
                    found.append(off(ring, tilt, float(random.uniform(-180, 180))))
                except ViewRefused as refusal:
                    refused += 1
                    print(f"  {name} at {tilt} degrees: {refusal.message.code.value}")
            views[view] += found
            _tell(name, view, found, len(tilts))
    for view, tilts in LAID.items():
        _tell("bangle", view, [bangle_off(tilt) for tilt in tilts], len(tilts))
    for view, found in views.items():
        _tell("all", view, found, len(VIEWS[view]) * len(RINGS))


def _tell(name: str, view: str, found: list[Off], asked: int) -> None:
    if not found:
        print(f"{name:12} {view:15} 0/{asked}")
        return
    apart, width, common = np.array(
        [(one.place_mm, abs(one.width_percent), one.common) for one in found]
    ).mean(0)
    print(
        f"{name:12} {view:15} {len(found)}/{asked}  {apart:8.2f}  {width:7.1f}  {common:6.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
