"""The other ear: a template's person seen from the other side, as a mirror shows her.

Only the person is turned over. The earring keeps its own pixels as they are.
"""

import functools
from dataclasses import replace
from typing import Any

import numpy as np

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.model_templates import Template, load_template

_POINTS = ("lobe", "lobe_tip")
_TURNED = floats([-1, 1, 1])


@functools.lru_cache(maxsize=2)
def mirrored_ear(template_id: str) -> Template:
    """A template of an ear with its picture, its passes, its lamp and its anchors mirrored from
    left to right; the rear of the head is at the right then. Raises KeyError for an unknown id.
    """
    template = load_template(template_id)
    wide = template.picture.shape[1]
    anchors: dict[str, Any] = dict(template.anchors, rear_side=1)
    for name in _POINTS:
        spot = template.anchors[name]
        x, y = spot["px"]
        camera = (floats(spot["camera_mm"]) * _TURNED).tolist()
        anchors[name] = {"px": [wide - x, y], "camera_mm": camera}
    down_x, down_y = template.anchors["down_px"]
    anchors["down_px"] = [-down_x, down_y]
    return replace(
        template,
        id=f"{template.id}-left",
        key_direction=floats(template.key_direction * _TURNED),
        anchors=anchors,
        picture=np.ascontiguousarray(template.picture[:, ::-1]),
        parts=np.ascontiguousarray(template.parts[:, ::-1]),
        depth_mm=np.ascontiguousarray(template.depth_mm[:, ::-1]),
        center_px=floats([wide - template.center_px[0], template.center_px[1]]),
    )
