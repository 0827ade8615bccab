"""A piece that was moved by a fraction of a pixel and compressed is found where it is; one that was
moved farther or blurred is not taken for the same.
"""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import shrunk, window_round
from jewelrymodel.studio.fidelity import Fidelity, measure
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.registration import moved, straight
from tests.support.seeded_damage import DAMAGES, Scene, honest, unknown_behind
from tests.support.seeded_hosted import hosted_scene
from tests.support.seeded_jewelry import drawn

EDGE = 768
SEEN = hosted_scene(drawn(2, Kind.PENDANT), "velvet", EDGE, 3)


def verdict(view: Scene) -> Fidelity:
    return measure(view.piece.cutout.rgba, view.image, unknown_behind(view.declared))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_half_a_pixel_another_lamp_and_a_compressed_file_are_no_change(seed: int) -> None:
    image = honest(SEEN, np.random.default_rng(seed))
    said = verdict(replace(SEEN, image=image))
    assert said.passed, said


@pytest.mark.parametrize("name", ["lost prong", "metal hue ΔE 4", "softened", "missing strand"])
def test_damage_is_found_in_a_compressed_file_too(name: str) -> None:
    random = np.random.default_rng(4)
    image = DAMAGES[name](SEEN, random)
    assert image is not None
    assert not verdict(replace(SEEN, image=honest(replace(SEEN, image=image), random))).passed


@pytest.mark.parametrize(("shift", "is_found"), [(0.6, True), (6.0, False)])
def test_a_piece_is_followed_by_a_pixel_and_not_farther(shift: float, is_found: bool) -> None:
    matrix = np.array([[1, 0, shift], [0, 1, -shift]])
    image = cv2.warpAffine(SEEN.image, matrix, (EDGE, EDGE), flags=cv2.INTER_CUBIC)
    window = window_round(np.asarray(SEEN.layer.cover > 0), 12)
    inside = shrunk(np.asarray(SEEN.layer.cover > 0.94), 3)[window]
    corner = np.array([window[1].start, window[0].start], np.float64)
    planned = SEEN.declared.transform
    found = moved(
        planned, straight(SEEN.layer)[window], np.ascontiguousarray(image[window]), inside, corner
    )
    if not is_found:
        assert found is planned
        return
    assert found[:, 2] - planned[:, 2] == pytest.approx((shift, -shift), abs=0.3)
