"""A line of words in a picture's lower edge, for sellers who have to say in it what it is."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, floats, to_bytes

HEIGHT = 0.026  # of the shorter edge: as high as letters are
LEAST_PX = 11
_ROOM = 0.6  # of the letters' height, round them
_PLATE, _COVER = 20, 0.62  # gray behind the words, and how much it covers


def with_line(image: Bytes, words: str) -> Bytes:
    """The picture (HxWx3 or HxWx4) with `words` in white on a dark plate at its lower left, smaller
    where they would be wider than it is. OpenCV's own font writes the letters of Europe.
    """
    high, wide = image.shape[:2]
    font = cv2.FontFace("sans")
    size = max(LEAST_PX, round(HEIGHT * min(high, wide)))
    room = round(_ROOM * size)
    while size > LEAST_PX and _width(words, font, size) > wide - 4 * room:
        size -= 1
    width = min(wide, _width(words, font, size) + 2 * room)
    top = high - size - 2 * room
    written = np.zeros((high, wide, 3), np.uint8)
    cv2.putText(written, words, (room, high - room - size // 6), (255, 255, 255), font, size)
    letters = floats(written[..., :1]) / 255
    plate = np.zeros((high, wide, 1), np.float32)
    plate[top:, :width] = _COVER
    picture = floats(image[..., :3]) / 255
    shown = picture * (1 - plate) + plate * np.float32(_PLATE / 255)
    shown = shown * (1 - letters) + letters
    rest = np.maximum(floats(image[..., 3:]) / 255, np.maximum(plate, letters))
    return to_bytes(floats(np.concatenate([shown, rest[..., : image.shape[2] - 3]], axis=2)))


def _width(words: str, font: cv2.FontFace, size: int) -> int:
    _x, _y, width, _height = cv2.getTextSize((0, 0), words, (0, 0), font, size)
    return int(width)
