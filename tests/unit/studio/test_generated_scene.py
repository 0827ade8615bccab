"""A scene that a generator made: found where the piece went, moved back, or refused."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, floats, to_linear
from jewelrymodel.studio.generated_scene import GeneratedScene, with_piece
from jewelrymodel.studio.placement import Matrix, place, similarity
from jewelrymodel.studio.scene_canvas import CELL_PX, Canvas, canvas_of, widened
from jewelrymodel.studio.scene_fill import filled
from jewelrymodel.studio.scene_registration import Registration, SceneFault, register
from tests.support.generation import drawn_piece
from tests.support.seeded_shapes import shaped

SIZE = (480, 600)
TRUTH = Path(__file__).parents[2] / "photos" / "truth" / "hoops-3"
PIECE = drawn_piece()
PLACED: Matrix = similarity(0.7, (180, 180), (240, 300))
CANVAS: Canvas = canvas_of(PIECE, PLACED, SIZE, 640)


def scene() -> Bytes:
    """A gray surface round the piece, which keeps its place."""
    height, width = CANVAS.paint.shape
    grain = cv2.GaussianBlur(np.random.default_rng(4).normal(0, 30, (height, width, 3)), (0, 0), 2)
    surface = np.clip(np.array((120, 130, 140)) + grain, 0, 255).astype(np.uint8)
    return np.where((CANVAS.paint > 0)[..., None], surface, CANVAS.picture)


def moved(scale: float = 1, turn_deg: float = 0, right: float = 0, down: float = 0) -> Bytes:
    """The scene as a generator may move it, in shares of its longer edge."""
    height, width = CANVAS.paint.shape
    middle = ((width - 1) / 2, (height - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -turn_deg, scale)
    matrix[:, 2] += np.array([right, down]) * max(height, width)
    edges = cv2.BORDER_REFLECT
    how = cv2.INTER_CUBIC
    return np.asarray(
        cv2.warpAffine(scene(), matrix, (width, height), flags=how, borderMode=edges), np.uint8
    )


def put(picture: Bytes) -> GeneratedScene | SceneFault:
    return with_piece(PIECE, PLACED, CANVAS, picture)


def test_the_canvas_keeps_a_little_more_than_the_piece_in_whole_cells() -> None:
    height, width = CANVAS.paint.shape
    assert (height % CELL_PX, width % CELL_PX) == (0, 0)
    kept = CANVAS.paint == 0
    assert kept[CANVAS.solid].all()
    beyond = widened(CANVAS.solid, round(0.04 * CANVAS.reach_px))
    assert not kept[~beyond].any()
    corner = CANVAS.from_final @ np.array([0, 0, 1])
    assert (corner > 0.05 * np.array([width, height])).all()


@pytest.mark.parametrize(
    ("scale", "turn_deg", "right"), [(1, 0, 0), (1.04, 1.5, 0.01), (0.97, -2, -0.02)]
)
def test_a_scene_that_moved_is_moved_back(scale: float, turn_deg: float, right: float) -> None:
    made = put(moved(scale, turn_deg, right))
    assert isinstance(made, GeneratedScene)
    found = made.registration
    assert found.scale == pytest.approx(scale, abs=0.004)
    assert found.turn_deg == pytest.approx(turn_deg, abs=0.2)
    layer = place(PIECE, PLACED, SIZE)
    solid = layer.cover > 0.99
    assert np.array_equal(made.image[solid], put(scene()).image[solid])  # type: ignore[union-attr]  # it fits


def test_an_even_band_that_fits_itself_elsewhere_is_found_in_a_larger_picture() -> None:
    band = shaped(49, "bracelet", 520).cutout.rgba
    rows, columns = np.nonzero(band[..., 3] > 40)
    scale = 256 / (max(np.ptp(rows), np.ptp(columns)) + 1)
    middle = ((columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2)
    canvas = canvas_of(band, similarity(scale, middle, (256, 256)), (512, 512), 512)
    near = cv2.GaussianBlur((canvas.paint == 0).astype(np.float32), (0, 0), 4)[..., None]
    ground = np.full(canvas.picture.shape, 44.0) * (1 - 0.3 * near)
    grain = np.random.default_rng(49).normal(0, 3, canvas.paint.shape)[..., None]
    shown = np.where(canvas.solid[..., None], canvas.picture, ground) + grain
    soft = np.clip(cv2.GaussianBlur(shown.astype(np.float32), (0, 0), 0.7), 0, 255)
    found = register(canvas, soft.astype(np.uint8))
    assert isinstance(found, Registration)
    assert found.scale == pytest.approx(1, abs=0.01)


def test_any_size_will_do_and_another_shape_will_not() -> None:
    height, width = CANVAS.paint.shape
    smaller = np.asarray(cv2.resize(scene(), (width * 3 // 4, height * 3 // 4)), np.uint8)
    assert isinstance(put(smaller), GeneratedScene)
    assert put(smaller[: height // 2]) is SceneFault.SHAPE


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        (moved(right=0.2), SceneFault.SHIFTED),
        (moved(scale=1.1), SceneFault.SCALED),
        (moved(turn_deg=7), SceneFault.TURNED),
        (np.full_like(CANVAS.picture, 128), SceneFault.PIECE_NOT_FOUND),
        (moved(scale=1.06, turn_deg=-3.5, down=0.04), SceneFault.UNCOVERED),
    ],
    ids=["shifted", "scaled", "turned", "gone", "uncovered"],
)
def test_what_went_too_far_is_refused(picture: Bytes, fault: SceneFault) -> None:
    assert put(picture) is fault


def tinted(picture: Bytes, blue: float) -> Bytes:
    return np.asarray(np.clip(picture * np.array([1, 1, blue]), 0, 255), np.uint8)


def seamed(step: int) -> Bytes:
    """What lies near the piece is brighter by a step, all round."""
    made = scene().astype(np.int64)
    away = cv2.distanceTransform((~CANVAS.solid).astype(np.uint8), cv2.DIST_L2, 5)
    ring = (away > 2) & (away < 0.09 * CANVAS.reach_px)
    made[ring] += step
    return np.asarray(np.clip(made, 0, 255), np.uint8)


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        (tinted(scene(), 0.6), SceneFault.OTHER_LIGHT),
        (cv2.GaussianBlur(scene(), (0, 0), 3.2), SceneFault.BLURRED),
        (cv2.resize(scene(), None, fx=0.3, fy=0.3), SceneFault.TOO_SMALL),
        (seamed(40), SceneFault.SEAM),
    ],
    ids=["another light", "out of focus", "tiny", "a seam"],
)
def test_a_scene_that_is_not_of_the_pieces_world_is_refused(
    picture: Bytes, fault: SceneFault
) -> None:
    assert put(picture) is fault


@pytest.mark.parametrize(
    "picture",
    [tinted(scene(), 0.93), cv2.GaussianBlur(scene(), (0, 0), 0.9), seamed(0)],
    ids=["a little warmer", "a decoder's softness", "as it is"],
)
def test_what_a_generator_leaves_a_little_otherwise_is_taken(picture: Bytes) -> None:
    assert isinstance(put(picture), GeneratedScene)


def test_a_wire_that_moved_is_found_though_it_is_all_outline() -> None:
    """Shrunk to where the search begins, two hoops of wire are less than two pixels thick."""
    photo, alpha = (np.asarray(Image.open(f"{TRUTH}.{end}")) for end in ("jpg", "png"))
    wire = np.dstack([photo, alpha if alpha.ndim == 2 else alpha[..., -1]])
    rows, columns = np.nonzero(wire[..., 3] > 40)
    middle = (float(columns.min() + columns.max()) / 2, float(rows.min() + rows.max()) / 2)
    placed = similarity(256 / float(np.ptp(columns)), middle, (256, 256))
    canvas = canvas_of(wire, placed, (512, 512), 512)
    there = np.array([[1, 0, -9], [0, 1, 5]], np.float64)
    dark = np.where((canvas.paint > 0)[..., None], np.array((54, 58, 70), np.uint8), canvas.picture)
    moved_so = cv2.warpAffine(dark, there, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    found = register(canvas, np.asarray(moved_so, np.uint8))
    assert isinstance(found, Registration)
    points = np.array([(x, y, 1) for x in (140, 370) for y in (200, 310)])
    assert np.abs(points @ found.transform.T - points @ there.T).max() < 2


def test_the_rim_of_the_copy_is_healed_from_the_scene() -> None:
    """The canvas' own gray, which a mask keeps round the piece, isn't seen in the end."""
    bright = scene()
    bright[CANVAS.paint > 0] = (235, 225, 215)
    made = put(bright)
    assert isinstance(made, GeneratedScene)
    layer = place(PIECE, PLACED, SIZE)
    upper = np.zeros(layer.cover.shape, bool)
    upper[: SIZE[1] // 2, : SIZE[0] // 2] = True  # the shadow falls to the other side
    rim = widened(layer.cover > 0.02, 5) & ~widened(layer.cover > 0.02, 2) & upper
    assert made.image[rim].min() > 190


def test_a_hole_is_filled_with_what_is_round_it() -> None:
    light = to_linear(np.full((64, 48, 3), 200, np.uint8))
    hole = np.zeros((64, 48), bool)
    hole[20:40, 10:30] = True
    spoilt = floats(np.where(hole[..., None], 0, light))
    assert np.allclose(filled(spoilt, hole), light, atol=1e-4)
