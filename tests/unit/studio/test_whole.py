"""Nothing that was approved is dropped, cropped, mirrored or stretched unsaid, in any look."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from jewelrymodel.studio import (
    earring_on_ear,
    packshot,
    pendant_on_neck,
    ring_on_hand,
    scenes,
)
from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.fidelity import MAX_MISSING
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.studio.messages import Alteration, Code, ViewProblem, message
from jewelrymodel.studio.pendant_body import find_body
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Layer, Matrix, place
from jewelrymodel.studio.plumb_pendant import PlumbBody, find_plumb_body
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from jewelrymodel.studio.ring_view import RingView, ring_view
from jewelrymodel.studio.scene_placement import Plan, planned
from tests.support import pieces

EDGE = 440
PENDANT = pieces.on_chain().cutout
BARE = pieces.golden(pieces.pendant(chain=False))
RING = pieces.golden(pieces.ring())
PAIR = pieces.hooked_pair()
WORN = {Kind.PENDANT: pieces.on_chain(500).cutout, Kind.RING: RING, Kind.EARRING: PAIR}
EVERY = [(kind, look.id) for kind in WORN for look in LOOKS.values() if kind in look.piece_kinds]


def made(piece: Cutout, look_id: str, size_mm: float = 20, aspect: str = "1:1") -> Rendered:
    return render(piece, RenderRequest(piece.kind, look_id, size_mm, EDGE, aspect))


RUNS_OUT = {Alteration.RUNS_OUT, Alteration.RUNS_OUT_BEYOND}


def codes(result: Rendered) -> set[Code]:
    return {one.code for one in result.alterations}


def without_its_foot(rgba: Bytes, matrix: Matrix, size: tuple[int, int]) -> Layer:
    """Places the piece without its lowest seventh: a renderer that forgets something."""
    rows = np.flatnonzero((rgba[..., 3] > 127).any(1))
    less = rgba.copy()
    less[rows[-1] - len(rows) // 7 :, :, 3] = 0
    return place(less, matrix, size)


def without_its_top(rgba: Bytes, matrix: Matrix, size: tuple[int, int]) -> Layer:
    """Places the piece without its upper quarter: an earring's wire, a ring's stone."""
    rows = np.flatnonzero((rgba[..., 3] > 127).any(1))
    less = rgba.copy()
    less[: rows[0] + len(rows) // 4, :, 3] = 0
    return place(less, matrix, size)


@pytest.mark.parametrize(("kind", "look_id"), EVERY)
def test_all_that_was_approved_shows_or_the_picture_fails(
    kind: Kind, look_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(WORN[kind], look_id).fidelity
    assert whole.passed, whole
    assert whole.missing < MAX_MISSING / 5
    # Worn, a ring's lowest part is behind the finger: its top is what must not be lost.
    forgets = without_its_top if kind is Kind.RING else without_its_foot
    for module in (earring_on_ear, packshot, pendant_on_neck, ring_on_hand, scenes):
        monkeypatch.setattr(module, "place", forgets)
    less = made(WORN[kind], look_id).fidelity
    assert not less.passed, less
    assert less.missing > MAX_MISSING


def upside_down(piece: Cutout) -> Cutout:
    rgba = np.ascontiguousarray(piece.rgba[::-1])
    return pieces.of(rgba[..., 3], rgba[..., :3], piece.kind)


@pytest.mark.parametrize("look_id", ["ear-light", "linen"])
def test_a_lost_ear_wire_fails(look_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (earring_on_ear, scenes):
        monkeypatch.setattr(module, "place", without_its_top)
    assert not made(PAIR, look_id, 40).fidelity.passed


@pytest.mark.parametrize("piece", [PENDANT, BARE])
def test_half_a_body_taken_for_chain_fails(piece: Cutout, monkeypatch: pytest.MonkeyPatch) -> None:
    def halved(alpha: Floats) -> PlumbBody:
        plumb = find_plumb_body(alpha)
        mask = plumb.body.mask.copy()
        _, top, _, bottom = plumb.body.box
        mask[: (top + bottom) // 2] = 0
        return dataclasses.replace(plumb, body=dataclasses.replace(plumb.body, mask=mask))

    monkeypatch.setattr(pendant_on_neck, "find_plumb_body", halved)
    assert not delivered(piece, "neck-light")


def test_a_ring_on_its_head_is_worn_with_its_stone_up() -> None:
    """Which side is the front is read from the ring, not from how the photo was held."""
    rows = []
    for ring in (RING, upside_down(RING)):
        result = made(ring, "hand-light")
        red, green = (result.image[..., channel].astype(int) for channel in (0, 1))
        stone = np.flatnonzero((red > 2 * green + 20).sum(1) > 2)
        rows.append((result.fidelity.passed, stone[0], stone[-1]))
    assert rows[0] == pytest.approx(rows[1], abs=2)
    assert rows[0][0]


def test_a_stone_behind_the_finger_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ring was read the wrong way round, nothing is delivered."""

    def turned(rgba: Bytes) -> RingView:
        view = ring_view(rgba)
        return dataclasses.replace(view, facing=floats(-view.facing), head=None)

    monkeypatch.setattr(ring_on_hand, "ring_view", turned)
    with pytest.raises(ViewRefused) as caught:
        made(RING, "hand-light")
    assert caught.value.code == ViewProblem.HEAD_HIDDEN


def test_what_the_finger_hides_is_said_in_figures() -> None:
    changes = {one.code: one for one in made(RING, "hand-light").alterations}
    assert 0 < changes[Alteration.BAND_HIDDEN].parameters["percent"] < 100
    tilts = changes.keys() & {Alteration.TILT_SHORTER, Alteration.TILT_TALLER}
    assert [changes[tilt].parameters["percent"] > 0 for tilt in tilts] == [True]


def test_one_earring_of_a_pair_is_said() -> None:
    single = message(Alteration.ONE_EARRING_OF, count=2)
    assert single in made(PAIR, "ear-light").alterations


Change = Callable[[Matrix], Matrix]
CHANGES: dict[str, Change] = {
    "cropped": lambda matrix: matrix + np.array([[0, 0, 0.42 * EDGE], [0, 0, 0]]),
    "mirrored": lambda matrix: (
        np.array([[-1.0, 0, EDGE], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    ),
    "stretched": lambda matrix: matrix * np.array([[1.0], [1.6]]),
}


@pytest.mark.parametrize("how", list(CHANGES))
@pytest.mark.parametrize("kind", list(WORN))
def test_a_piece_that_is_changed_in_a_scene_fails(
    kind: Kind, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(*options: object) -> Plan:
        plan = planned(*options)  # type: ignore[arg-type]  # handed on as they came
        return dataclasses.replace(plan, matrix=CHANGES[how](plan.matrix))

    monkeypatch.setattr(scenes, "planned", spoiled)
    assert not made(WORN[kind], "linen").fidelity.passed


def delivered(piece: Cutout, look_id: str, size_mm: float = 20, aspect: str = "1:1") -> bool:
    """Whether the seller gets a picture: a refusal costs nothing, nor does a failed one."""
    try:
        return made(piece, look_id, size_mm, aspect).fidelity.passed
    except ViewRefused:
        return False


@pytest.mark.parametrize("look_id", ["neck-light", "ear-light"])
@pytest.mark.parametrize("aspect", ["9:16", "16:9"])
def test_no_piece_is_cropped_by_the_picture(look_id: str, aspect: str) -> None:
    piece = PAIR if look_id == "ear-light" else BARE
    assert delivered(piece, look_id, 20, aspect)
    with pytest.raises(ViewRefused) as caught:
        made(piece, look_id, 74, "16:9")
    assert caught.value.code == "too_large"


def test_a_whole_necklace_stays_in_the_picture() -> None:
    mask = np.zeros((800, 800), np.uint8)
    x, y = np.meshgrid(np.arange(800), np.arange(800))
    oval = np.hypot((x - 400) / 300, (y - 400) / 200)
    mask[np.abs(oval - 1) < 0.03] = 255
    whole = pieces.of(mask, pieces.metal(800), Kind.NECKLACE)
    result = made(whole, "linen", 140)
    assert result.fidelity.passed
    assert result.fidelity.missing == 0
    assert codes(result).isdisjoint(RUNS_OUT)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_chain_that_the_photo_cut_runs_out_of_the_picture(quarters: int) -> None:
    rgba = np.ascontiguousarray(np.rot90(pieces.on_chain(spread=0.2).cutout.rgba, quarters))
    # Cut by the photo's edge itself, as real chains are.
    rgba = np.pad(rgba, ((0, 0), (0, 0), (0, 0)))
    rgba = np.rot90(np.rot90(rgba, -quarters)[8:], quarters).copy()
    piece = pieces.of(rgba[..., 3].copy(), rgba[..., :3].copy(), Kind.NECKLACE)
    result = made(piece, "linen", 140)
    assert result.fidelity.passed, result.fidelity
    assert codes(result) & RUNS_OUT
    alpha = piece.alpha
    ends = np.argwhere(alpha > 0.5)
    edge = {0: ends[:, 0].min(), 1: ends[:, 1].min()}.get(quarters)
    if edge is not None:
        axis = 1 - quarters
        place_px = (
            result.declaration.transform[axis, axis] * edge + result.declaration.transform[axis, 2]
        )
        assert place_px <= 1


def test_a_scene_shows_no_loose_end() -> None:
    piece = pieces.on_chain(top=60, bead=18, bead_at=0.94).cutout
    result = made(piece, "linen", 22)
    assert result.fidelity.passed
    assert Alteration.RUNS_OUT_BEYOND in codes(result)
    top = find_body(piece.alpha).open_top
    assert top is not None
    assert result.declaration.transform[1, 1] * top + result.declaration.transform[1, 2] <= 1


def test_the_light_of_a_place_sells_no_other_metal() -> None:
    from jewelrymodel.studio.lighting import Light

    assert Light(floats([0.9, 0.82, 0.76])).is_plausible
    assert not Light(floats([0.9, 0.7, 0.9])).is_plausible
    assert not Light(floats([0.45, 0.45, 0.45])).is_plausible
