"""What a network sees stand out beside the piece in a generated scene; a shadow doesn't count."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, Mask
from jewelrymodel.studio.generated_scene import (
    MAX_EXPANSION,
    GeneratedScene,
    growth,
    with_piece,
)
from jewelrymodel.studio.matting import Matting, load_matting
from jewelrymodel.studio.matting_weights import U2NETP, default_models_dir
from jewelrymodel.studio.placement import Matrix, place, similarity
from jewelrymodel.studio.scene_canvas import Canvas, canvas_of
from jewelrymodel.studio.scene_matte import MOST, fault_of
from jewelrymodel.studio.scene_registration import SceneFault
from jewelrymodel.studio.scene_shadow import is_cast_shadow
from tests.support.generation import drawn_piece

SIZE = (480, 480)
PIECE = drawn_piece()
PLACED: Matrix = similarity(0.6, (180, 180), (240, 240))
CANVAS: Canvas = canvas_of(PIECE, PLACED, SIZE, 544)
HIGH, WIDE = CANVAS.paint.shape
GROUND = (120, 130, 140)
AT_ITS_SIDE = (int(np.nonzero(CANVAS.solid)[1].max()), HIGH // 2)


@pytest.fixture(scope="module")
def network() -> Matting:
    """The small network that the service asks."""
    return load_matting(default_models_dir(), U2NETP.name)


def surface() -> Bytes:
    noise = np.random.default_rng(4).normal(0, 30, (HIGH, WIDE, 3))
    return np.clip(np.array(GROUND) + cv2.GaussianBlur(noise, (0, 0), 2), 0, 255).astype(np.uint8)


def with_copy(picture: Bytes) -> Bytes:
    return np.where((CANVAS.paint > 0)[..., None], picture, CANVAS.picture)


def put(
    picture: Bytes, network: Matting | None, *, is_bare: bool = True
) -> GeneratedScene | SceneFault:
    scene = with_copy(picture)
    return with_piece(PIECE, PLACED, CANVAS, scene, is_bare=is_bare, network=network)


def with_an_arm() -> Bytes:
    """The copy goes on in an arm of a tone that the surface has in its shade."""
    grown = surface()
    x, y = AT_ITS_SIDE
    cv2.line(grown, (x - 20, y), (x + 75, y - 50), (78, 85, 92), 16, cv2.LINE_AA)
    return grown


def shade(picture: Bytes, right: int, down: int, light: float) -> Bytes:
    """The picture with the piece's sharp shadow on it, moved by so many pixels."""
    cast = np.roll(CANVAS.paint == 0, (down, right), (0, 1)).astype(np.float32)
    cover = cv2.GaussianBlur(cast, (0, 0), 1.0)[..., None]
    return np.asarray(picture * (1 - (1 - light) * cover), np.uint8)


def test_an_arm_in_the_surfaces_tones_is_seen_by_the_network_only(network: Matting) -> None:
    assert isinstance(put(with_an_arm(), None), GeneratedScene)
    assert put(with_an_arm(), network) is SceneFault.EXPANDED


def test_a_scene_as_it_should_be_stays_one(network: Matting) -> None:
    assert isinstance(put(surface(), network), GeneratedScene)


def test_it_isnt_asked_where_things_were_ordered(network: Matting) -> None:
    assert isinstance(put(with_an_arm(), network, is_bare=False), GeneratedScene)


class Drawn:
    """A network that answers what a test drew."""

    name = "drawn"

    def __init__(self, seen: Mask) -> None:
        self._seen = seen.astype(np.float32)

    def alpha(self, rgb: Bytes) -> Floats:
        size = (rgb.shape[1], rgb.shape[0])
        return np.asarray(cv2.resize(self._seen, size, interpolation=cv2.INTER_AREA), np.float32)


def ring() -> Mask:
    """A piece with an opening, 400 pixels square."""
    mask = np.zeros((400, 400), np.uint8)
    cv2.circle(mask, (200, 200), 90, 1, 24)
    return mask > 0


def seen_besides(x: int, y: int, radius: int) -> Drawn:
    mask = ring().astype(np.uint8)
    cv2.circle(mask, (x, y), radius, 1, -1)
    return Drawn(mask > 0)


PLAIN = np.full((400, 400, 3), GROUND, np.uint8)


@pytest.mark.parametrize(
    ("x", "y", "radius", "fault"),
    [
        (310, 200, 20, SceneFault.EXPANDED),
        (60, 60, 20, SceneFault.OTHER_OBJECT),
        (60, 60, 4, None),  # less than it takes
        (200, 200, 95, None),  # the opening: a small network fills it
    ],
)
def test_what_hangs_on_the_piece_grew_and_the_rest_is_another_thing(
    x: int, y: int, radius: int, fault: SceneFault | None
) -> None:
    assert fault_of(PLAIN, ring(), seen_besides(x, y, radius)) is fault


def test_a_large_picture_is_judged_like_a_small_one() -> None:
    large = np.asarray(cv2.resize(PLAIN, (1600, 1600)), np.uint8)
    covered = cv2.resize(ring().astype(np.uint8), (1600, 1600)) > 0
    assert fault_of(large, covered, seen_besides(310, 200, 20)) is SceneFault.EXPANDED
    assert fault_of(large, covered, Drawn(ring())) is None


def test_a_network_that_takes_a_shadow_for_the_piece_isnt_believed() -> None:
    cast = moved_ring(16, 12)
    assert fault_of(PLAIN, ring(), Drawn(ring() | cast)) is SceneFault.EXPANDED
    assert fault_of(dimmed(cast, (0.6, 0.6, 0.6)), ring(), Drawn(ring() | cast)) is None


def test_a_shadow_in_the_pieces_own_colors_is_no_growth() -> None:
    gray = np.dstack([*[PIECE[..., :3].mean(2).astype(np.uint8)] * 3, PIECE[..., 3]])
    canvas = canvas_of(gray, PLACED, SIZE, 544)
    even = np.full((HIGH, WIDE, 3), 200, np.uint8)
    scene = np.where((canvas.paint > 0)[..., None], shade(even, 16, 12, 0.6), canvas.picture)
    layer = place(gray, PLACED, SIZE)
    back = cv2.warpAffine(scene, canvas.from_final, SIZE, flags=cv2.WARP_INVERSE_MAP)
    grown = growth(layer, np.asarray(back, np.uint8), round(canvas.reach_px))
    assert grown.sum() > MAX_EXPANSION * (layer.cover > 0.94).sum()
    assert isinstance(with_piece(gray, PLACED, canvas, scene), GeneratedScene)


def moved_ring(right: int, down: int) -> Mask:
    return np.roll(ring(), (down, right), (0, 1)) & ~ring()


def dimmed(mask: Mask, light: tuple[float, float, float]) -> Bytes:
    return np.where(mask[..., None], PLAIN * np.array(light), PLAIN).astype(np.uint8)


def test_a_shadow_is_the_silhouette_moved_with_less_light_in_it() -> None:
    cast = moved_ring(16, 12)
    assert is_cast_shadow(cast, dimmed(cast, (0.6, 0.6, 0.6)), ring())
    assert not is_cast_shadow(cast, dimmed(cast, (1.4, 1.4, 1.4)), ring())  # brighter
    assert not is_cast_shadow(cast, dimmed(cast, (0.2, 0.2, 0.2)), ring())  # no light at all
    assert not is_cast_shadow(cast, dimmed(cast, (0.7, 0.6, 0.42)), ring())  # of another color
    streaks = cast & (np.indices(cast.shape)[1] // 4 % 2 > 0)
    streaked = np.where(streaks[..., None], PLAIN * 0.9, dimmed(cast, (0.4, 0.4, 0.4)))
    assert not is_cast_shadow(cast, streaked.astype(np.uint8), ring())
    lines = cast & (np.indices(cast.shape)[1] // 6 % 8 == 0)  # dark ones, as a copy has
    lined = np.where(lines[..., None], PLAIN * 0.2, dimmed(cast, (0.6, 0.6, 0.6)))
    assert not is_cast_shadow(cast, lined.astype(np.uint8), ring())


def test_an_arm_is_no_shadow_however_dark() -> None:
    arm = np.zeros((400, 400), np.uint8)
    cv2.line(arm, (290, 200), (380, 120), 1, 20)
    growth = (arm > 0) & ~ring()
    assert growth.sum() > MOST * ring().sum()
    assert not is_cast_shadow(growth, dimmed(growth, (0.6, 0.6, 0.6)), ring())


def test_no_growth_is_no_shadow() -> None:
    assert not is_cast_shadow(np.zeros((400, 400), bool), PLAIN, ring())
