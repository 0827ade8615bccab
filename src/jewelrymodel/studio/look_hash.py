"""A picture's perceptual hash: 64 bits that stay nearly the same when it is made smaller or encoded
anew, so that an image is known again when a shop has stripped what its file said.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, floats

NEAR_BITS = 8
"""Pictures whose hashes differ by no more are taken for copies of one another."""
_EDGE_PX, _LOW = 32, 8


def look_hash(image: Bytes) -> int:
    """Return the hash of a picture (HxWx3, or HxWx4: laid on white) as a signed integer of 64 bits:
    which of the lowest frequencies of its brightness lie above their median (Zauner 2010, pHash).
    """
    picture = floats(image[..., :3])
    if image.shape[2] == 4:
        cover = floats(image[..., 3:]) / 255
        picture = floats(picture * cover + 255 * (1 - cover))
    gray = cv2.cvtColor(np.asarray(picture, np.float32), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(gray, (_EDGE_PX, _EDGE_PX), interpolation=cv2.INTER_AREA)
    low = floats(cv2.dct(small))[:_LOW, : _LOW + 1].ravel()[1:65]  # without the mean brightness
    bits = low > np.median(low)
    number = int("".join("1" if one else "0" for one in bits), 2)
    return number - 2**64 if number >= 2**63 else number


def bits_apart(one: int, other: int) -> int:
    """Return in how many bits two hashes differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()
