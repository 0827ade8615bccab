"""The plain chain that is drawn where a photo shows none."""

import numpy as np

from jewelrymodel.studio.cable_chain import plain_strip_of
from tests.support import pieces


def test_links_face_the_light_differently() -> None:
    piece = pieces.on_chain().cutout
    pixels = plain_strip_of(piece.rgba, np.asarray(piece.alpha > 0.5)).pixels
    links = np.array_split(pixels, 12)
    shine = [float(link[..., :3].sum() / link[..., 3].sum()) for link in links]
    assert max(shine) > 1.25 * min(shine)
