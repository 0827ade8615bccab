"""The curves on which chains lie on a template's neck, for any length.

A template holds curves of some lengths; those between and a little beyond follow from them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats
from jewelrymodel.studio.model_templates import Template

SHORTEST_MM, LONGEST_MM = 360.0, 530.0
_POINTS = 400
_CALM = 8  # points: the direction out of the skin follows no single fold of it
_ABOVE_SKIN_MM = 1.2  # the middle of the fine chains that were hung on the template


@dataclass(frozen=True)
class NeckCurve:
    """The visible run of a chain, from left to right: `px` in the template's picture (Nx2) and
    `camera_mm` in space (Nx3); `out` leads out of the skin there (Nx3, of unit length, or zero
    where that isn't known).
    """

    template: Template
    camera_mm: Floats
    out: Floats

    @property
    def px(self) -> Floats:
        """The places in the template's picture (Nx2)."""
        camera = self.camera_mm
        template = self.template
        return floats(template.focal_px * camera[:, :2] / camera[:, 2:] + template.center_px)

    @property
    def arc_mm(self) -> Floats:
        """How far along the curve each point is, from its left end."""
        steps = np.linalg.norm(np.diff(self.camera_mm, axis=0), axis=1)
        return floats(np.concatenate([[0], np.cumsum(steps)]))

    def lifted(self, middle_mm: float) -> "NeckCurve":
        """The curve of a strand whose middle is so far above the skin."""
        higher = (middle_mm - _ABOVE_SKIN_MM) * self.out
        return NeckCurve(self.template, floats(self.camera_mm + higher), self.out)


def curve_of(template: Template, length_mm: float, *, pendant: bool = False) -> NeckCurve:
    """The curve of a necklace of this length, clasped behind the neck; `pendant` pulls it down to
    a V. A person of whom one curve is known wears every length on that.
    """
    hanging = [chain for chain in template.anchors["chains"] if chain["pendant"] == pendant]
    known = sorted(hanging, key=lambda chain: float(chain["length_mm"]))
    if len(known) == 1:
        return NeckCurve(template, *_even(known[0]))
    lengths = [float(chain["length_mm"]) for chain in known]
    place = int(np.clip(np.searchsorted(lengths, length_mm), 1, len(known) - 1))
    shorter, longer = known[place - 1], known[place]
    share = (length_mm - lengths[place - 1]) / (lengths[place] - lengths[place - 1])
    between = (
        (1 - share) * one + share * two
        for one, two in zip(_even(shorter), _even(longer), strict=True)
    )
    camera, out = between
    size = np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)
    return NeckCurve(template, floats(camera), floats(out / size))


def shown_mm(template: Template, length_mm: float) -> float:
    """How much of a necklace of this length isn't behind the neck."""
    return float(curve_of(template, length_mm).arc_mm[-1])


def _even(chain: dict[str, Any]) -> tuple[Floats, Floats]:
    """A chain's visible run at evenly spaced points, from left to right, and what leads out of the
    skin there.
    """
    from scipy.interpolate import CubicSpline  # slow to load: only where it works

    points = np.array(chain["camera_mm"], np.float64)
    out = np.array(chain.get("out_camera", np.zeros_like(points)), np.float64)
    if points[0, 0] > points[-1, 0]:
        points, out = points[::-1], out[::-1]
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    even = np.linspace(0, along[-1], _POINTS)
    across = np.column_stack([np.interp(even, along, out[:, axis]) for axis in range(3)])
    return floats(CubicSpline(along, points)(even)), floats(blur(across[:, None, :], _CALM)[:, 0])
