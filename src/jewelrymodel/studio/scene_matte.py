"""What stands out in a generated scene beyond the piece, as a matting network sees it.

A copy that grew beyond its outline is the usual fault of models that draw a scene round an object;
segmenting what came back and comparing it with what was sent shows it (Eshratifar et al. 2024,
"Salient Object-Aware Background Generation"). What the network sees apart from the piece is another
thing. What lies in the piece's openings isn't looked at: a small network fills them.

A network takes a hard shadow for a part of the piece; so a cast shadow is no growth.
"""

from typing import Protocol

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask
from jewelrymodel.studio.scene_canvas import healed_px, widened
from jewelrymodel.studio.scene_registration import SceneFault
from jewelrymodel.studio.scene_seam import outside
from jewelrymodel.studio.scene_shadow import is_cast_shadow

EDGE_PX = 512  # of the picture's longer edge: a network sees no finer
MOST, MOST_PX = 0.02, 40  # of the piece's area, and at all
_SEEN = 0.5


class Network(Protocol):
    """A matting network, such as ``studio.matting.Matting``."""

    @property
    def name(self) -> str:
        """Which network it is."""

    def alpha(self, rgb: Bytes) -> Floats:
        """Alpha of `rgb` (HxWx3), the same height and width, 0 to 1."""


def fault_of(scene: Bytes, covered: Mask, network: Network) -> SceneFault | None:
    """Why the scene (HxWx3) holds more than the piece, which has `covered` (HxW) of it: its copy
    grew, or something else stands out. None where neither is seen.
    """
    shrink = min(1.0, EDGE_PX / max(covered.shape))
    if shrink < 1:
        size = (round(covered.shape[1] * shrink), round(covered.shape[0] * shrink))
        scene = np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_AREA), np.uint8)
        covered = cv2.resize(covered.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    reach = max(int(np.ptp(np.flatnonzero(covered.any(axis)))) + 1 for axis in (0, 1))
    rim = widened(covered, healed_px(reach))
    seen = np.asarray(network.alpha(scene) > _SEEN) & outside(rim)
    hanging, apart_px = _split(seen, widened(rim, 3))
    most = max(MOST_PX, MOST * covered.sum())
    if apart_px > most:
        return SceneFault.OTHER_OBJECT
    if hanging.sum() > most and not is_cast_shadow(hanging, scene, covered):
        return SceneFault.EXPANDED
    return None


def _split(seen: Mask, near: Mask) -> tuple[Mask, int]:
    """What of the `seen` hangs on what is `near` the piece, and the largest part that doesn't."""
    opened = cv2.morphologyEx(seen.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    hangs = np.zeros(len(stats), bool)
    hangs[np.unique(labels[near])] = True
    hangs[0] = False
    apart = stats[1:, cv2.CC_STAT_AREA][~hangs[1:]]
    return np.asarray(hangs[labels]), int(apart.max(initial=0))
