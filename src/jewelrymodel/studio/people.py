"""Whether somebody is in a picture: a face, a part of a body, a hand.

A hand that fills the picture or is cut off by its edge is seen better with ground around it, so
hands are looked for twice. What lies within the piece is the piece's: a cameo has a face too.
"""

import functools
import math
from enum import StrEnum

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.people_networks import BODY_PX, HAND_PX, PALM_PX, PeopleNetworks

SURE_FACE, SURE_BODY, SURE_PALM, SURE_HAND = 0.45, 0.5, 0.4, 0.6
"""From where on each counts. On photographs without anybody a hand came to 0.54, a body to 0.47 (on
the piece itself) and a face to 0.3; drawn hands come to 0.74 at least."""
_FACES = (1, 12)  # of the body detector's classes
_GROUND = 0.25  # of the longer edge, laid round the picture for the second look
_MOST_PALMS = 3
_WITHIN = 0.5  # of a box that the piece covers: what is seen through a necklace isn't the piece
_HAND_SIDE, _HAND_UP = 2.6, 0.5  # the hand's cut beside its palm: edge, and shift to the fingers
_WRIST, _MIDDLE_FINGER = 0, 2  # of a palm's points

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class PersonSign(StrEnum):
    """What of a person was seen."""

    FACE = "face"
    BODY = "body"
    HAND = "hand"


def person_in(rgb: Bytes, piece: Mask, networks: PeopleNetworks) -> PersonSign | None:
    """What of a person is seen in a picture (HxWx3) beside the `piece` (HxW), None where nothing
    is. Half a second of one core at most.
    """
    return _body(rgb, piece, networks) or _hand(rgb, piece, networks)


def _body(rgb: Bytes, piece: Mask, networks: PeopleNetworks) -> PersonSign | None:
    edge = max(rgb.shape[:2])
    square = np.zeros((edge, edge, 3), np.uint8)
    square[: rgb.shape[0], : rgb.shape[1]] = rgb
    found = networks.bodies_in(_batch(square, BODY_PX))
    sure = found[:, 4:].max(1)
    for row in found[np.argsort(-sure)[: int((sure >= SURE_FACE).sum())]]:
        is_face = int(row[4:].argmax()) in _FACES
        x, y, width, height = (row[:4] * edge / BODY_PX).tolist()
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if (is_face or row[4:].max() >= SURE_BODY) and not _is_of(piece, box):
            return PersonSign.FACE if is_face else PersonSign.BODY
    return None


def _hand(rgb: Bytes, piece: Mask, networks: PeopleNetworks) -> PersonSign | None:
    border = round(_GROUND * max(rgb.shape[:2]))
    for px in (0, border):
        view = cv2.copyMakeBorder(rgb, px, px, px, px, cv2.BORDER_REPLICATE) if px else rgb
        if _has_hand(np.asarray(view, np.uint8), np.pad(piece, px), networks):
            return PersonSign.HAND
    return None


def _has_hand(rgb: Bytes, piece: Mask, networks: PeopleNetworks) -> bool:
    height, width = rgb.shape[:2]
    edge = max(height, width)
    left, top = (edge - width) // 2, (edge - height) // 2
    square = np.zeros((edge, edge, 3), np.uint8)
    square[top : top + height, left : left + width] = rgb
    sure, boxes = networks.palms_in(_batch(square, PALM_PX))
    logit = math.log(SURE_PALM / (1 - SURE_PALM))
    for at in np.argsort(-sure)[:_MOST_PALMS]:
        if sure[at] < logit:
            break
        middle, side = _palm(boxes[at], _anchors()[at])
        half = side * edge / 2
        x, y = middle[0][0] * edge - left, middle[0][1] * edge - top
        if _is_of(piece, (x - half, y - half, x + half, y + half)):
            continue
        if networks.hand_in(_hand_cut(square, middle, side)) >= SURE_HAND:
            return True
    return False


def _palm(box: Floats, anchor: Floats) -> tuple[list[Floats], float]:
    """A palm's middle, wrist and base of the middle finger, and its longer side, as shares of the
    square.
    """
    middle = floats(box[:2] / PALM_PX + anchor)
    points = box[4:].reshape(7, 2) / PALM_PX + anchor
    side = float(box[2:4].max() / PALM_PX)
    return [middle, floats(points[_WRIST]), floats(points[_MIDDLE_FINGER])], side


def _hand_cut(square: Bytes, points: list[Floats], side: float) -> Floats:
    """The hand of a palm, turned so that its fingers point up, as the hand network takes it."""
    edge = square.shape[0]
    middle, wrist, finger = points
    along = finger - wrist
    up = along / max(float(np.hypot(*along)), 1e-6)
    right = np.array((-up[1], up[0]))
    center = middle + up * _HAND_UP * side
    half = side * _HAND_SIDE / 2
    corners = [center + half * (dx * right + dy * up) for dx, dy in ((-1, 1), (1, 1), (-1, -1))]
    into = np.array(((0, 0), (HAND_PX, 0), (0, HAND_PX)), np.float32)
    turned = cv2.getAffineTransform(np.asarray(corners, np.float32) * np.float32(edge), into)
    cut = cv2.warpAffine(square, turned, (HAND_PX, HAND_PX))
    return _batch(np.asarray(cut, np.uint8), HAND_PX)


def _batch(square: Bytes, edge: int) -> Floats:
    small = cv2.resize(square, (edge, edge), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small.transpose(2, 0, 1)[None], np.float32) / np.float32(255)


@functools.cache
def _anchors() -> Floats:
    """Middles of the palm detector's 2,016 anchors (x, y, shares of the square): two for each
    place of a grid of 24, then six for each of one of 12.
    """
    rows = []
    for places, each in ((24, 2), (12, 6)):
        y, x = np.mgrid[:places, :places]
        rows.append(np.repeat(np.stack((x, y), -1).reshape(-1, 2) + 0.5, each, 0) / places)
    return floats(np.concatenate(rows))


def _is_of(piece: Mask, box: Box) -> bool:
    """Whether the piece covers most of a box, of which only what lies in the picture counts."""
    left, top, right, bottom = (max(0, round(at)) for at in box)
    part = piece[top:bottom, left:right]
    return bool(part.size) and float(part.mean()) > _WITHIN
