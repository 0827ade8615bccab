"""A piece that was moved by a fraction of a pixel and compressed is found where it is; one that was
moved farther or blurred is not taken for the same.
"""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import shrunk, window_round
from jewelrymodel.studio.fidelity import MAX_TINT_COMPRESSED, Fidelity, measure
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.registration import as_soft, moved, straight
from tests.support.seeded_damage import DAMAGES, Scene, honest, unknown_behind
from tests.support.seeded_hosted import hosted_scene
from tests.support.seeded_jewelry import drawn
from tests.support.seeded_shapes import shaped

EDGE = 768
SEEN = hosted_scene(drawn(2, Kind.PENDANT), "velvet", EDGE, 3)


def verdict(view: Scene) -> Fidelity:
    return measure(view.piece.cutout.rgba, view.image, unknown_behind(view.declared))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_half_a_pixel_another_lamp_and_a_compressed_file_are_no_change(seed: int) -> None:
    image = honest(SEEN, np.random.default_rng(seed))
    said = verdict(replace(SEEN, image=image))
    assert said.passed, said


def test_the_noise_of_a_compressed_file_is_no_change_of_dark_metal_and_softness_is() -> None:
    piece = shaped(1, "bracelet")
    assert piece.metal == "dark"
    view = hosted_scene(piece, "linen", EDGE, 1)
    random = np.random.default_rng(4)
    assert verdict(replace(view, image=honest(view, random))).passed
    soft = replace(view, image=DAMAGES["softened"](view, random))
    assert not verdict(replace(view, image=honest(soft, random))).passed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_chain_is_found_where_it_is_along_its_whole_length(seed: int) -> None:
    """All that is wide enough to be compared is its clasp, a stone and a tag."""
    view = hosted_scene(shaped(1, "chain"), "white", EDGE, 1)
    said = verdict(replace(view, image=honest(view, np.random.default_rng(seed))))
    assert said.passed, said
    assert said.missing == 0


def test_colors_that_a_file_draws_into_thin_wires_are_no_change_and_another_hue_is() -> None:
    view = hosted_scene(shaped(5, "chain"), "tinted", EDGE, 5)
    random = np.random.default_rng(4)
    said = verdict(replace(view, image=honest(view, random)))
    assert said.material_delta_e < 2 > said.material_tint
    other = DAMAGES["metal hue ΔE 4"](view, random)
    assert other is not None
    said = verdict(replace(view, image=honest(replace(view, image=other), random)))
    assert said.material_tint > MAX_TINT_COMPRESSED


@pytest.mark.parametrize("name", ["necklace", "chain", "ring"])
def test_a_picture_that_nobody_softened_is_compared_as_sharp_as_it_is(name: str) -> None:
    view = hosted_scene(shaped(4, name), "linen", EDGE, 4)
    window = window_round(np.asarray(view.layer.cover > 0), 12)
    layer = Layer(view.layer.light[window], view.layer.cover[window])
    inside = shrunk(np.asarray(layer.cover > 0.94), 3)
    assert as_soft(layer, view.image[window], inside) is layer
    assert verdict(view).detail_ratio == pytest.approx(1, abs=0.02)


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
    planned = SEEN.declared.transform
    made = np.ascontiguousarray(image[window])
    found = moved(planned, straight(SEEN.layer)[window], made, inside)
    if not is_found:
        assert found is planned
        return
    assert found[:, 2] - planned[:, 2] == pytest.approx((shift, -shift), abs=0.3)
