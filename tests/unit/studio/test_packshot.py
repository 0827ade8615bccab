"""The piece alone: on white that is white, upright, in the middle, in its own pixels."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, floats, shrunk
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import PACKSHOTS
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.packshot_axes import MAX_TURN_DEG, turn_deg
from jewelrymodel.studio.packshot_settings import FILLS, PackshotSettings
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from jewelrymodel.studio.render_request import ASPECTS
from tests.support import pieces
from tests.support.seeded_jewelry import drawn

WHITE, CLEAR = (look.id for look in PACKSHOTS)


def cropped(piece: Cutout, *, top: int = 0) -> Cutout:
    """The piece in a photo whose frame cut it."""
    rgba = piece.rgba[top:].copy()
    return pieces.of(rgba[..., 3], rgba[..., :3], piece.kind)


PIECES = {
    "ring": pieces.ring(),
    "slim ring": pieces.ring(squeeze=0.4),
    "pendant on its chain": cropped(pieces.pendant(), top=12),
    "pendant": pieces.pendant(chain=False),
    "studs": pieces.pair(),
    "golden ring": pieces.golden(pieces.ring()),
    "golden studs": pieces.golden(pieces.pair()),
}


def shot(piece: Cutout, look_id: str = WHITE, **settings: object) -> Rendered:
    packshot = PackshotSettings(**settings)  # type: ignore[arg-type]
    return render(piece, RenderRequest(piece.kind, look_id, 18, 4000, packshot=packshot))


def codes(made: Rendered) -> set[object]:
    return {one.code for one in made.alterations}


def edge_of(image: Bytes) -> Bytes:
    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])


def tilted(piece: Cutout, degrees: float) -> Cutout:
    height, width = piece.rgba.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    rgba = cv2.warpAffine(piece.rgba, turn, (width, height), flags=cv2.INTER_CUBIC)
    return pieces.of(rgba[..., 3], np.asarray(rgba[..., :3], np.uint8), piece.kind)


@pytest.mark.parametrize("name", list(PIECES))
@pytest.mark.parametrize("shadow", [True, False])
def test_every_pixel_at_the_edge_is_white_and_the_piece_is_kept(name: str, shadow: bool) -> None:
    made = shot(PIECES[name], shadow=shadow)
    assert (edge_of(made.image) == 255).all()
    assert made.fidelity.passed, made.fidelity
    assert (Alteration.SHADOW in codes(made)) is shadow
    assert Alteration.BACKGROUND_WHITE in codes(made)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("name", ["ring", "pendant", "studs"])
def test_every_share_of_the_frame_on_offer_leaves_the_edge_white(name: str, fill: float) -> None:
    made = shot(PIECES[name], fill=fill)
    assert (edge_of(made.image) == 255).all()
    assert made.fidelity.passed, made.fidelity
    rows, columns = np.nonzero((shot(PIECES[name], fill=fill, shadow=False).image < 250).any(2))
    share = max(np.ptp(rows) + 1, np.ptp(columns) + 1) / len(made.image)
    assert share == pytest.approx(fill, abs=0.015)


@pytest.mark.parametrize("kind", list(Kind))
def test_drawn_jewelry_of_every_kind_is_kept_on_white(kind: Kind) -> None:
    piece = drawn(907, kind, edge=480)
    asked = RenderRequest(kind, WHITE, piece.size_mm, 4000)
    made = render(piece.cutout, asked)
    assert (edge_of(made.image) == 255).all()
    assert made.fidelity.passed, made.fidelity


@pytest.mark.parametrize("aspect", list(ASPECTS))
def test_a_piece_fills_its_share_of_any_aspect_and_lies_in_the_middle(aspect: str) -> None:
    piece = PIECES["ring"]
    bare = PackshotSettings(shadow=False)
    asked = RenderRequest(piece.kind, WHITE, 18, 4000, aspect, packshot=bare)
    image = render(piece, asked).image
    height, width = image.shape[:2]
    wide, tall = ASPECTS[aspect]
    assert width / height == pytest.approx(wide / tall, abs=0.01)
    rows, columns = np.nonzero((image < 250).any(2))
    high, broad = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert max(high / height, broad / width) == pytest.approx(0.85, abs=0.01)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(height / 2, abs=2)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(width / 2, abs=2)
    assert (edge_of(image) == 255).all()


def test_another_rule_of_margins_gives_another_frame() -> None:
    tight, loose = (shot(PIECES["ring"], fill=fill).image.shape[0] for fill in (0.95, 0.6))
    assert loose / tight == pytest.approx(0.95 / 0.6, abs=0.01)


def test_an_upright_piece_keeps_its_own_pixels() -> None:
    piece = PIECES["ring"]
    made = shot(piece)
    across, down = (int(made.declaration.transform[axis, 2]) for axis in (0, 1))
    rows, columns = np.nonzero(piece.rgba[..., 3] == 255)
    assert (made.image[rows + down, columns + across] == piece.rgba[rows, columns, :3]).all()


def test_nothing_is_enlarged_and_the_edge_has_a_limit() -> None:
    piece = PIECES["ring"]
    own = shot(piece).image.shape[0]
    assert own < 600
    small = render(piece, RenderRequest(piece.kind, WHITE, 18, 300))
    assert small.image.shape[:2] == (300, 300)
    assert small.fidelity.passed
    assert (edge_of(small.image) == 255).all()


@pytest.mark.parametrize("degrees", [-9.0, -3.5, 2.0, 8.0])
def test_a_leaning_piece_is_turned_upright_and_that_is_said(degrees: float) -> None:
    piece = tilted(PIECES["pendant"], degrees)
    made = shot(piece)
    assert made.fidelity.passed, made.fidelity
    (turned,) = (one for one in made.alterations if one.code is Alteration.TURNED)
    assert turned.parameters["degrees"] == pytest.approx(abs(degrees), abs=0.5)
    assert turn_deg(piece.alpha) == pytest.approx(-degrees, abs=0.5)
    as_photographed = shot(piece, straighten=False)
    assert Alteration.TURNED not in codes(as_photographed)
    assert (as_photographed.declaration.transform[:, :2] == np.eye(2)).all()


def test_a_piece_that_leans_far_or_has_no_axis_is_left_as_it_is() -> None:
    assert turn_deg(tilted(PIECES["pendant"], MAX_TURN_DEG + 8).alpha) == 0
    hoop = np.zeros((400, 400), np.uint8)
    cv2.circle(hoop, (200, 200), 120, 255, 14, cv2.LINE_AA)
    assert turn_deg(floats(hoop / 255)) == 0
    hook = np.zeros((400, 400), np.uint8)
    outline = np.array([[80, 60], [130, 60], [140, 250], [320, 290], [310, 340], [80, 320]])
    cv2.fillPoly(hook, [outline], 255, cv2.LINE_AA)
    assert turn_deg(floats(hook / 255)) == 0


def test_over_white_a_transparent_packshot_is_the_white_one() -> None:
    for name in ("ring", "pendant on its chain", "golden studs"):
        white, clear = shot(PIECES[name]), shot(PIECES[name], CLEAR)
        assert clear.fidelity.passed
        assert clear.image.shape[2] == 4
        assert (edge_of(clear.image)[:, 3] == 0).all()
        share = clear.image[..., 3:] / 255
        laid = clear.image[..., :3] * share + 255 * (1 - share)
        assert np.abs(laid - white.image).max() <= 2
        assert Alteration.BACKGROUND_REMOVED in codes(clear)


def test_white_metal_on_white_has_an_outline_and_it_is_the_shadow() -> None:
    pearl = PIECES["studs"]
    white = pieces.of(pearl.rgba[..., 3], np.full_like(pearl.rgba[..., :3], 250), pearl.kind)
    shadow, bare = shot(white), shot(white, shadow=False)
    assert bare.image.min() == 250
    assert 150 < int(shadow.image.min()) < 230
    assert (shadow.image[shrunk(np.asarray(bare.image.max(2) == 250), 3)] == 250).all()


def test_a_cut_chain_fades_out_and_a_body_that_was_cut_is_refused() -> None:
    made = shot(PIECES["pendant on its chain"])
    assert Alteration.FADES_OUT in codes(made)
    half, stone = PIECES["ring"].rgba[:260], PIECES["pendant"].rgba[:375]
    for cut, kind in ((half, Kind.RING), (stone, Kind.BRACELET)):
        with pytest.raises(ViewRefused) as caught:
            shot(pieces.of(cut[..., 3].copy(), cut[..., :3].copy(), kind))
        assert caught.value.code == "piece_cut"
