"""A neutral spot becomes gray, within what a lamp can do, and the check knows it."""

import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, to_bytes, to_linear, to_srgb
from jewelrymodel.studio.fidelity import FAILED, measure
from jewelrymodel.studio.looks import PACKSHOTS
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.packshot_settings import PackshotSettings
from jewelrymodel.studio.render import Rendered, RenderRequest, render
from jewelrymodel.studio.retouch import Retouch
from jewelrymodel.studio.white_balance import (
    AS_PHOTOGRAPHED,
    Gains,
    NotNeutral,
    balanced,
    gains_at,
    is_bounded,
)
from tests.support import pieces

WARM = np.array([1.22, 1.0, 0.68], np.float32)


def under(lamp: np.ndarray, gray: float = 0.5) -> Bytes:
    """Gray paper under a lamp."""
    return to_bytes(to_srgb(np.broadcast_to(gray * lamp, (80, 120, 3))))


def shot(gains: Gains) -> Rendered:
    piece = pieces.golden(pieces.ring())
    settings = PackshotSettings(gains=gains)
    return render(piece, RenderRequest(piece.kind, PACKSHOTS[0].id, 18, 4000, packshot=settings))


def test_the_spot_becomes_gray_and_stays_as_bright() -> None:
    paper = under(WARM)
    gains = gains_at(paper, 0.5, 0.5)
    assert gains[0] < 1 < gains[2]
    made = to_linear(balanced(paper, gains)).reshape(-1, 3).mean(0)
    luminance = np.array([0.2126, 0.7152, 0.0722])
    assert np.ptp(made) < 0.01
    assert made @ luminance == pytest.approx(to_linear(paper)[0, 0] @ luminance, abs=0.01)


def test_neutral_paper_changes_nothing() -> None:
    paper = under(np.ones(3, np.float32))
    assert gains_at(paper, 0.2, 0.9) == pytest.approx(AS_PHOTOGRAPHED, abs=0.01)
    assert balanced(paper, AS_PHOTOGRAPHED) is paper


@pytest.mark.parametrize(
    ("picture", "place", "code"),
    [
        (under(np.array([1.5, 1.0, 0.2], np.float32), 0.3), (0.5, 0.5), "colored"),
        (under(np.ones(3, np.float32), 0.005), (0.5, 0.5), "too_dark"),
        (under(np.ones(3, np.float32), 1.0), (0.5, 0.5), "burnt_out"),
        (under(np.array([1.0, 0.6, 0.5], np.float32), 1.0), (0.5, 0.5), "burnt_out"),
        (under(WARM), (1.5, 0.5), "outside"),
        (under(WARM), (0.5, -0.5), "outside"),
    ],
)
def test_what_is_not_neutral_is_refused(
    picture: Bytes, place: tuple[float, float], code: str
) -> None:
    with pytest.raises(NotNeutral) as caught:
        gains_at(picture, *place)
    assert caught.value.code == code


def test_what_the_camera_burnt_out_stays_white() -> None:
    white = np.full((4, 4, 3), 255, np.uint8)
    assert (balanced(white, (0.82, 1.0, 1.45)) == 255).all()


def test_a_faithful_packshot_passes_with_the_gains_that_it_declares() -> None:
    gains = gains_at(under(WARM), 0.5, 0.5)
    made = shot(gains)
    assert made.fidelity.passed, made.fidelity
    assert made.retouch.gains == gains
    assert Alteration.WHITE_BALANCED in {one.code for one in made.alterations}
    assert Alteration.WHITE_BALANCED not in {one.code for one in shot(AS_PHOTOGRAPHED).alterations}


def test_gains_that_are_not_declared_fail_and_so_do_gains_without_bounds() -> None:
    piece = pieces.golden(pieces.ring())
    made = shot((0.86, 1.0, 1.4))
    assert not measure(piece.rgba, made.image, made.declaration).passed
    silver = (0.55, 1.0, 2.2)
    assert not is_bounded(silver)
    assert shot(silver).fidelity == FAILED
    assert not Retouch(solid_from=0.5).is_plausible


def test_a_changed_stone_fails_under_gains_too() -> None:
    piece = pieces.golden(pieces.ring())
    made = shot((0.86, 1.0, 1.3))
    damaged = made.image.copy()
    rows, columns = np.nonzero(piece.rgba[..., 3] == 255)
    down, across = (round(made.declaration.transform[axis, 2]) for axis in (1, 0))
    middle = len(rows) // 3
    y, x = rows[middle] + down, columns[middle] + across
    damaged[y - 6 : y + 7, x - 6 : x + 7] = (40, 160, 90)
    approved = made.retouch.of(piece.rgba)
    assert measure(approved, made.image, made.declaration).passed
    assert not measure(approved, damaged, made.declaration).passed
