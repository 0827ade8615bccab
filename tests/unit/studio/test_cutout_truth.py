"""The steps after the network, on ten drawn photographs whose cover is known exactly.

With the small network, whose passes are quick; the large one is measured by bench/cutouts.py.
"""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.chain_recovery import with_chain
from jewelrymodel.studio.matte_refinement import connected, seeds, two_passes
from jewelrymodel.studio.matting import load_matting
from jewelrymodel.studio.matting_weights import U2NETP, default_models_dir
from tests.support.cutout_truth import Figures, figures
from tests.support.drawn_photos import Photo, drawn
from tests.support.kept_answers import kept

FOLDER = Path(__file__).parents[2] / "photos" / "truth"


def kept_photos() -> list[Photo]:
    """The photographs that are part of the repository; their strands aren't."""
    made = []
    for path in sorted(FOLDER.glob("*.jpg")):
        rgb = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        alpha = cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
        nowhere = np.zeros((0, 2), np.int32)
        made.append(Photo(path.stem, path.stem, "", rgb, floats(alpha / 255), nowhere))
    return made


def test_the_networks_answer_gets_better_and_no_picture_much_worse(tmp_path: Path) -> None:
    matting = kept(lambda: load_matting(default_models_dir(), "u2netp"), U2NETP, tmp_path)
    before, after = {}, {}
    for photo in kept_photos():
        before[photo.name] = figures(floats(matting.alpha(photo.rgb)), photo)
        matte = two_passes(photo.rgb, matting)
        alpha = with_chain(matte, connected(matte, seeds(matte)))
        after[photo.name] = figures(alpha, photo)
    assert len(after) == 10
    gained = {name: after[name].iou - before[name].iou for name in after}
    assert float(np.mean(list(gained.values()))) > 0.004
    assert {name for name, gain in gained.items() if gain < -0.005} <= {"glass-0"}
    assert gained["glass-0"] > -0.03
    assert all(after[name].outside < before[name].outside + 0.002 for name in after)


def test_figures_of_the_truth_itself_are_perfect() -> None:
    for photo in kept_photos():
        found = figures(photo.alpha, photo)
        assert found.iou == 1
        assert found.openings in (None, 1)
        assert found.spot == 0
        assert found.usable


@pytest.mark.parametrize("name", ["hooks-2", "ring-three-quarter-1"])
def test_figures_notice_each_kind_of_harm(name: str) -> None:
    photo = next(one for one in kept_photos() if one.name == name)
    filled = photo.alpha.copy()
    outline = cv2.findContours(
        (photo.alpha > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )[0]
    cv2.drawContours(filled, outline, -1, 1.0, -1)
    found = figures(filled, photo)
    assert found.openings == 0
    assert found.outside > 0.05
    assert not found.usable
    rows = np.flatnonzero((photo.alpha > 0.5).any(1))
    half = photo.alpha.copy()
    half[rows[len(rows) // 2] :] = 0
    found = figures(half, photo)
    assert found.lost > 0.2
    assert found.spot > 0.05
    assert not found.usable


def test_usable_has_a_limit_for_every_figure() -> None:
    good = Figures(iou=0.5, outside=0.015, lost=0.02, spot=0.004, openings=0.9, strands=0.95)
    assert good.usable
    assert replace(good, openings=None, strands=None).usable
    for harm in (
        {"outside": 0.016},
        {"lost": 0.021},
        {"spot": 0.005},
        {"openings": 0.89},
        {"strands": 0.94},
    ):
        assert not replace(good, **harm).usable


def test_a_photo_is_drawn_alike_every_time() -> None:
    one, other = (drawn("hoops", 1, "sweep") for _ in range(2))
    assert np.array_equal(one.rgb, other.rgb)
    assert np.array_equal(one.alpha, other.alpha)
    assert 0.01 < float(one.alpha.mean()) < 0.2
    x, y = one.strands.T
    assert len(x) > 10
    assert (one.alpha[y, x] > 0.4).mean() > 0.9
