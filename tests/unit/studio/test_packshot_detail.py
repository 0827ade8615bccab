"""A packshot has as many pixels as the photo, and they are the photo's."""

import cv2
import numpy as np
import pytest
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, to_bytes, to_linear, to_srgb
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.looks import PACKSHOTS
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.packshot_detail import detail_of, original_of
from jewelrymodel.studio.packshot_settings import PackshotSettings
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.render import Rendered, RenderRequest, render
from tests.support import pieces

WHITE, CLEAR = (look.id for look in PACKSHOTS)
LARGE, SMALL = 1300, 540


def photographed(large: Cutout) -> tuple[Bytes, Cutout]:
    """A piece's photo, and its cutout at the working resolution."""
    photo = pieces.photographed(large)
    picture = Image.fromarray(photo).resize(
        (SMALL, SMALL), Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    alpha = cv2.resize(large.rgba[..., 3], (SMALL, SMALL), interpolation=cv2.INTER_AREA)
    return photo, pieces.of(alpha, np.asarray(picture, np.uint8), large.kind)


RING = pieces.golden(pieces.ring(LARGE))


def shot(photo: Bytes | None, cutout: Cutout, look_id: str = WHITE, **settings: object) -> Rendered:
    packshot = PackshotSettings(**settings)  # type: ignore[arg-type]
    asked = RenderRequest(cutout.kind, look_id, 18, 4000, packshot=packshot)
    return render(cutout, asked, photo=photo)


def test_the_photos_own_pixels_are_shown_byte_for_byte() -> None:
    photo, cutout = photographed(RING)
    made, coarse = shot(photo, cutout), shot(None, cutout)
    assert made.fidelity.passed, made.fidelity
    assert made.image.shape[0] == pytest.approx(coarse.image.shape[0] * LARGE / SMALL, abs=3)
    assert Alteration.ENLARGED not in {one.code for one in made.alterations}
    there = made.declaration.transform
    scale = LARGE / SMALL
    across, down = (float(there[axis, 2] - (0.5 * scale - 0.5)) for axis in (0, 1))
    assert (across, down) == (pytest.approx(round(across), abs=1e-6), pytest.approx(round(down)))
    solid = cv2.erode(RING.rgba[..., 3], np.ones((25, 25))) == 255
    rows, columns = np.nonzero(solid)
    assert len(rows) > 3_000
    shown = made.image[rows + round(down), columns + round(across)]
    assert (shown == photo[rows, columns]).all()


def test_turned_and_transparent_ones_have_the_photos_pixels_too() -> None:
    turn = cv2.getRotationMatrix2D((LARGE / 2, LARGE / 2), -5, 1.0)
    rgba = cv2.warpAffine(RING.rgba, turn, (LARGE, LARGE), flags=cv2.INTER_CUBIC)
    leaning = pieces.of(rgba[..., 3], np.asarray(rgba[..., :3], np.uint8), RING.kind)
    photo, cutout = photographed(leaning)
    for look_id in (WHITE, CLEAR):
        made = shot(photo, cutout, look_id)
        assert made.fidelity.passed, made.fidelity
        assert Alteration.TURNED in {one.code for one in made.alterations}
        assert made.image.shape[0] > 2 * SMALL * 0.8
        edge = np.concatenate([made.image[0], made.image[-1]])
        assert (edge[:, -1] == (255 if look_id == WHITE else 0)).all()


def test_a_limit_below_the_photos_own_size_is_kept() -> None:
    photo, cutout = photographed(RING)
    asked = RenderRequest(cutout.kind, WHITE, 18, 900)
    made = render(cutout, asked, photo=photo)
    assert made.image.shape[0] == made.image.shape[1] == pytest.approx(900, abs=1)
    assert made.fidelity.passed, made.fidelity
    assert detail_of(cutout.rgba, photo, most=1.0) is None


def test_what_is_changed_in_the_large_picture_is_seen_in_the_small_one() -> None:
    photo, cutout = photographed(RING)
    detail = detail_of(cutout.rgba, photo, most=9)
    assert detail is not None
    place = np.array([[LARGE / SMALL, 0, 40], [0, LARGE / SMALL, 25.0]])
    size = (LARGE + 80, LARGE + 50)
    layer = detail.placed(place, size)
    white = np.ones((size[1], size[0], 3), np.float32)
    image = to_bytes(to_srgb(layer.over(white)))
    approved = Layer(to_linear(cutout.rgba[..., :3]) * cutout.alpha[..., None], cutout.alpha)
    rows, columns = np.nonzero(cv2.erode(np.asarray(layer.cover == 1, np.uint8), np.ones((31, 31))))
    y, x = rows[len(rows) // 3], columns[len(rows) // 3]
    spot = np.s_[y - 9 : y + 10, x - 9 : x + 10]
    for passes in (True, False):
        original = original_of(image, layer, white, detail, place)
        assert original.is_same_outline(approved)
        declared = Declaration(np.eye(2, 3), behind=original.behind, px_per_mm=10)
        assert measure(cutout.rgba, original.as_compared(approved), declared).passed is passes
        image[spot] = (30, 160, 90)
    thinner = Layer(layer.light, layer.cover * (layer.cover > 0.99) * 0.6)
    assert not original_of(image, thinner, white, detail, place).is_same_outline(approved)


def test_what_the_seller_had_healed_stays_healed() -> None:
    photo, cutout = photographed(RING)
    spotted = photo.copy()
    rows, columns = np.nonzero(cv2.erode(RING.rgba[..., 3], np.ones((41, 41))) == 255)
    y, x = rows[len(rows) // 2], columns[len(rows) // 2]
    cv2.circle(spotted, (int(x), int(y)), 12, (20, 220, 220), -1)
    detail = detail_of(cutout.rgba, spotted, most=9)
    assert detail is not None
    left, top = detail.corner
    healed = detail.rgba[y - top, x - left, :3].astype(int)
    assert np.abs(healed - photo[y, x]).max() < 60
    assert shot(spotted, cutout).fidelity.passed
