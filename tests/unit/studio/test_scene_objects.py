"""What lies in a generated scene beside the piece, and whether a mask's edge runs round it."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.generated_scene import GeneratedScene, with_piece
from jewelrymodel.studio.placement import Matrix, place, similarity
from jewelrymodel.studio.scene_canvas import CELL_PX, Canvas, canvas_of, widened
from jewelrymodel.studio.scene_mask_edge import steps_along_a_mask
from jewelrymodel.studio.scene_objects import objects
from jewelrymodel.studio.scene_registration import SceneFault
from tests.support.generation import drawn_piece

SIZE = (480, 480)
PIECE = drawn_piece()
PLACED: Matrix = similarity(0.6, (180, 180), (240, 240))
CANVAS: Canvas = canvas_of(PIECE, PLACED, SIZE, 544)
HIGH, WIDE = CANVAS.paint.shape
CORNER = (WIDE - 90, 90)  # away from the piece


def surface(tone: tuple[int, int, int] = (120, 130, 140), grain: float = 30) -> Bytes:
    noise = np.random.default_rng(4).normal(0, grain, (HIGH, WIDE, 3))
    return np.clip(np.array(tone) + cv2.GaussianBlur(noise, (0, 0), 2), 0, 255).astype(np.uint8)


def veined() -> Bytes:
    """A surface as restless as marble: two tones with sharp bounds."""
    waves = cv2.GaussianBlur(np.random.default_rng(3).normal(0, 1, (HIGH, WIDE)), (0, 0), 12)
    return np.where((waves > 0)[..., None], surface(), surface((168, 172, 176))).astype(np.uint8)


def with_copy(picture: Bytes) -> Bytes:
    """The generator's scene: the piece's copy in it, at its place."""
    return np.where((CANVAS.paint > 0)[..., None], picture, CANVAS.picture)


def put(picture: Bytes, *, is_bare: bool = True) -> GeneratedScene | SceneFault:
    return with_piece(PIECE, PLACED, CANVAS, with_copy(picture), is_bare=is_bare)


def pattern(colors: tuple[tuple[int, int, int], ...], edge: int = 48) -> Bytes:
    """A jewel: facets from dark to light."""
    down, across = np.indices((edge, edge))
    number = (down // 6 * 3 + across // 6) % len(colors)
    return np.array(colors, np.uint8)[number]


def laid(picture: Bytes, thing: Bytes, at: tuple[int, int] = CORNER) -> Bytes:
    """The thing, cut round, on the picture with its middle there."""
    made, edge = picture.copy(), len(thing)
    round_it = np.zeros((edge, edge), np.uint8)
    cv2.circle(round_it, (edge // 2, edge // 2), edge // 2 - 1, 255, -1)
    part = made[at[1] - edge // 2 :, at[0] - edge // 2 :][:edge, :edge]
    part[round_it > 0] = thing[round_it > 0]
    return made


RUBY = pattern(((40, 0, 10), (120, 6, 30), (214, 24, 62), (255, 190, 205)))
PETAL = np.full((48, 48, 3), (238, 150, 170), np.uint8)


def own_facets() -> Bytes:
    """The piece's own middle, a third as large."""
    part = PIECE[90:270, 90:270, :3]
    return np.asarray(cv2.resize(part, (60, 60), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.mark.parametrize("ground", [surface(), veined()], ids=["even", "veined"])
def test_a_surface_holds_no_things_however_restless_it_is(ground: Bytes) -> None:
    assert isinstance(put(ground), GeneratedScene)
    layer = place(PIECE, PLACED, SIZE)
    assert objects(ground[:480, :480], layer.cover, widened(layer.cover > 0.02, 6)) == []


@pytest.mark.parametrize("ground", [surface(), veined()], ids=["even", "veined"])
def test_another_jewel_is_refused_on_a_bare_surface(ground: Bytes) -> None:
    assert put(laid(ground, RUBY)) is SceneFault.OTHER_OBJECT


def test_a_petal_glints_as_little_as_a_knot() -> None:
    assert isinstance(put(laid(surface(), PETAL)), GeneratedScene)
    knot = np.full((40, 40, 3), (58, 52, 48), np.uint8)
    assert isinstance(put(laid(surface(), knot)), GeneratedScene)


def test_where_things_were_ordered_only_what_could_be_the_piece_is_refused() -> None:
    assert isinstance(put(laid(surface(), RUBY), is_bare=False), GeneratedScene)
    assert put(laid(surface(), own_facets()), is_bare=False) is SceneFault.SECOND_PIECE
    assert isinstance(put(laid(surface(), PETAL), is_bare=False), GeneratedScene)


def beside_the_outline() -> tuple[int, int]:
    """A place in the canvas where a thing of 40 pixels overlaps the piece by a third."""
    rows, columns = np.nonzero(CANVAS.solid)
    row = int(rows[columns.argmax()])
    return int(columns.max()) + 14, row


def test_a_copy_that_grew_in_no_color_of_its_own_is_refused() -> None:
    grown = laid(surface(), np.full((40, 40, 3), (20, 96, 60), np.uint8), beside_the_outline())
    assert put(grown) is SceneFault.EXPANDED
    assert isinstance(put(grown, is_bare=False), GeneratedScene)  # a leaf, perhaps


def test_a_hard_shadow_is_no_growth() -> None:
    away = cv2.distanceTransform((~CANVAS.solid).astype(np.uint8), cv2.DIST_L2, 5)
    dark = np.roll(away < 2, (14, 18), (0, 1))
    shaded = np.where(dark[..., None], surface() * 0.5, surface()).astype(np.uint8)
    assert isinstance(put(shaded), GeneratedScene)


def ringed(ground: Bytes, *, in_cells: bool) -> Bytes:
    """A step along the mask, as it is or in the cells of a model."""
    reach = CANVAS.reach_px
    away = cv2.distanceTransform((~CANVAS.solid).astype(np.uint8), cv2.DIST_L2, 5)
    inside = away < 0.09 * reach
    if in_cells:
        cells = inside.reshape(HIGH // CELL_PX, CELL_PX, WIDE // CELL_PX, CELL_PX).any((1, 3))
        inside = cells.repeat(CELL_PX, 0).repeat(CELL_PX, 1)
    return np.where(inside[..., None], np.minimum(ground.astype(int) + 24, 255), ground).astype(
        np.uint8
    )


def seams(ground: Bytes) -> bool:
    whole = with_copy(ground)
    back = CANVAS.from_final
    final = cv2.warpAffine(whole, back, SIZE, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    covered = np.asarray(place(PIECE, PLACED, SIZE).cover > 0.02)
    return steps_along_a_mask(np.asarray(final, np.uint8), covered, CANVAS)


@pytest.mark.parametrize("in_cells", [False, True], ids=["outline", "cells"])
@pytest.mark.parametrize("ground", [surface(), veined()], ids=["even", "veined"])
def test_a_step_along_the_mask_is_found_in_a_restless_scene_too(
    ground: Bytes, in_cells: bool
) -> None:
    assert seams(ringed(ground, in_cells=in_cells))
    assert not seams(ground)
    assert put(ringed(ground, in_cells=in_cells)) is SceneFault.SEAM


def test_edges_that_cross_the_scene_are_no_seam() -> None:
    boards = surface()
    boards[:, ::64] //= 2
    boards[HIGH // 3 :] = np.minimum(boards[HIGH // 3 :].astype(int) + 30, 255)
    assert not seams(boards)


def test_a_large_picture_is_looked_at_no_finer() -> None:
    size = (1100, 1100)
    placed = similarity(0.6 * size[0] / SIZE[0], (180, 180), (size[0] / 2, size[1] / 2))
    large = canvas_of(PIECE, placed, size, 544)
    assert large.paint.shape == CANVAS.paint.shape
    scene = with_copy(laid(ringed(veined(), in_cells=True), RUBY))
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    final = np.asarray(cv2.warpAffine(scene, large.from_final, size, flags=how), np.uint8)
    layer = place(PIECE, placed, size)
    covered = np.asarray(layer.cover > 0.02)
    assert steps_along_a_mask(final, covered, large)
    assert any(one.glints for one in objects(final, layer.cover, widened(covered, 15)))
