"""The curves on which chains lie on a template's neck, for any length.

A template holds curves of some lengths; those between and a little beyond follow from them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.model_templates import Template

SHORTEST_MM, LONGEST_MM = 360.0, 530.0
_POINTS = 400


@dataclass(frozen=True)
class NeckCurve:
    """The visible run of a chain, from left to right: `px` in the template's picture (Nx2) and
    `camera_mm` in space (Nx3).
    """

    px: Floats
    camera_mm: Floats

    @property
    def arc_mm(self) -> Floats:
        """How far along the curve each point is, from its left end."""
        steps = np.linalg.norm(np.diff(self.camera_mm, axis=0), axis=1)
        return floats(np.concatenate([[0], np.cumsum(steps)]))


def curve_of(template: Template, length_mm: float, *, pendant: bool = False) -> NeckCurve:
    """The curve of a necklace of this length, clasped behind the neck; `pendant` pulls it down to
    a V. A person of whom one curve is known wears every length on that.
    """
    hanging = [chain for chain in template.anchors["chains"] if chain["pendant"] == pendant]
    known = sorted(hanging, key=lambda chain: float(chain["length_mm"]))
    if len(known) == 1:
        return _curve(template, _even(known[0]))
    lengths = [float(chain["length_mm"]) for chain in known]
    place = int(np.clip(np.searchsorted(lengths, length_mm), 1, len(known) - 1))
    shorter, longer = known[place - 1], known[place]
    share = (length_mm - lengths[place - 1]) / (lengths[place] - lengths[place - 1])
    return _curve(template, floats((1 - share) * _even(shorter) + share * _even(longer)))


def _curve(template: Template, camera: Floats) -> NeckCurve:
    px = template.focal_px * camera[:, :2] / camera[:, 2:] + template.center_px
    return NeckCurve(floats(px), floats(camera))


def shown_mm(template: Template, length_mm: float) -> float:
    """How much of a necklace of this length isn't behind the neck."""
    return float(curve_of(template, length_mm).arc_mm[-1])


def _even(chain: dict[str, Any]) -> Floats:
    """A chain's visible run at evenly spaced points, from left to right."""
    from scipy.interpolate import CubicSpline  # slow to load: only where it works

    points = np.array(chain["camera_mm"], np.float64)
    if points[0, 0] > points[-1, 0]:
        points = points[::-1]
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    return floats(CubicSpline(along, points)(np.linspace(0, along[-1], _POINTS)))
