"""How an earring is worn: what goes through the ear, what is hidden, and how plumb it hangs."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.earring_fitting import Through, find_fitting
from jewelrymodel.studio.earring_pairs import larger_earring
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from tests.support import pieces

EDGE = 640


def canvas() -> Bytes:
    return np.zeros((EDGE, EDGE), np.uint8)


def cover(mask: Bytes) -> Floats:
    return floats(mask / 255)


def on_hook(mask: Bytes, x: int, y: int, side: int = 1) -> None:
    """A round drop at (x, y) on a French wire whose free end comes down at this side of it."""
    cv2.circle(mask, (x, y), 60, 255, -1, cv2.LINE_AA)
    cv2.line(mask, (x, y - 55), (x, y - 150), 255, 6, cv2.LINE_AA)
    middle = (x + side * 30, y - 150)
    cv2.ellipse(mask, middle, (30, 30), 0, 180, 360, 255, 6, cv2.LINE_AA)
    cv2.line(mask, (x + side * 60, y - 150), (x + side * 66, y - 80), 255, 6, cv2.LINE_AA)


def turned(mask: Bytes, degrees: float) -> Bytes:
    matrix = cv2.getRotationMatrix2D((EDGE / 2, EDGE / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(mask, matrix, (EDGE, EDGE)), np.uint8)


def earring(mask: Bytes) -> Cutout:
    return pieces.golden(pieces.of(mask, pieces.facets(EDGE), Kind.EARRING))


def worn(mask: Bytes, size_mm: float = 30) -> Rendered:
    return render(earring(mask), RenderRequest(Kind.EARRING, "ear-light", size_mm, EDGE))


@pytest.mark.parametrize("degrees", [0, 25, -60])
def test_a_hook_hangs_by_its_bend_however_it_lies_in_the_photo(degrees: float) -> None:
    mask = canvas()
    on_hook(mask, 280, 400)
    fitting = find_fitting(cover(turned(mask, degrees)))
    assert fitting.through is Through.WIRE
    assert not fitting.returns
    assert abs(fitting.turn_deg - degrees) < 4
    # From the top of the bend to the foot of the drop, the free leg not counted.
    assert abs(fitting.height_px - 243) < 12
    back = cv2.getRotationMatrix2D((EDGE / 2, EDGE / 2), -degrees, 1)
    x, y = back @ np.array([*fitting.hole, 1.0])
    assert abs(x - 310) < 12
    assert abs(y - 220) < 8


def test_of_a_hook_only_the_leg_behind_the_ear_is_hidden() -> None:
    mask = canvas()
    on_hook(mask, 280, 400)
    rear = find_fitting(cover(mask)).rear
    assert rear is not None
    solid = mask > 127
    assert rear[260:320, 330:360][solid[260:320, 330:360]].all()
    assert not (rear & solid)[:, :300].any()
    assert not (rear & solid)[335:].any()
    made = worn(mask)
    assert made.fidelity.passed, made.fidelity
    assert Alteration.WIRE_HIDDEN in {one.code for one in made.alterations}


@pytest.mark.parametrize("foot", [(4, 330), (2, 350), (-18, 340)], ids=["meets", "low", "crosses"])
@pytest.mark.parametrize("side", [1, -1])
def test_a_hook_whose_free_end_meets_its_front_leg_is_a_hook(
    foot: tuple[int, int], side: int
) -> None:
    mask = canvas()
    cv2.circle(mask, (280, 430), 60, 255, -1, cv2.LINE_AA)
    cv2.line(mask, (280, 380), (280, 250), 255, 6, cv2.LINE_AA)
    cv2.ellipse(mask, (280 + 30 * side, 250), (30, 30), 0, 180, 360, 255, 6, cv2.LINE_AA)
    end = (280 + foot[0] * side, foot[1])
    cv2.line(mask, (280 + 60 * side, 250), end, 255, 6, cv2.LINE_AA)
    fitting = find_fitting(cover(mask))
    assert fitting.through is Through.WIRE
    assert fitting.returns
    assert fitting.turn_deg == 0
    assert abs(fitting.hole[0] - (280 + side * 30)) < 12
    assert abs(fitting.hole[1] - 220) < 8
    assert fitting.rear is not None
    assert not (fitting.rear & (mask > 127))[255:360, 276:284].any()
    free = mask[250:280] > 127
    free[:, 270:290] = False
    assert fitting.rear[250:280][free].mean() > 0.9


def test_nothing_is_left_of_the_soft_rim_of_a_hidden_leg() -> None:
    mask = canvas()
    on_hook(mask, 280, 400)
    alpha = floats(cv2.GaussianBlur(cover(mask), (0, 0), 2.5))
    fitting = find_fitting(alpha)
    assert fitting.rear is not None
    left = np.asarray((alpha > 0.01) & ~fitting.rear)
    count, labels = cv2.connectedComponents(left.astype(np.uint8))
    assert {int(label) for label in np.unique(labels[alpha > 0.5])} >= set(range(1, count))


def test_a_small_ring_on_a_hooks_stem_is_no_meeting_of_its_legs() -> None:
    mask = canvas()
    on_hook(mask, 280, 420)
    cv2.circle(mask, (292, 320), 10, 255, 4, cv2.LINE_AA)
    fitting = find_fitting(cover(mask))
    assert fitting.through is Through.WIRE
    assert not fitting.returns
    assert abs(fitting.hole[0] - 310) < 12


def test_a_stud_with_a_drop_sits_on_the_lobe_and_is_not_lifted_by_its_length() -> None:
    mask = canvas()
    cv2.circle(mask, (320, 120), 60, 255, -1)
    cv2.line(mask, (320, 180), (320, 400), 255, 16)
    cv2.circle(mask, (320, 440), 70, 255, -1)
    fitting = find_fitting(cover(mask))
    assert fitting.through is Through.POST
    assert fitting.rear is None
    assert abs(fitting.hole[0] - 320) < 4
    assert abs(fitting.hole[1] - 122) < 8


def test_a_large_stud_leaves_the_ear_free() -> None:
    mask = canvas()
    cv2.circle(mask, (320, 320), 200, 255, -1)
    fitting = find_fitting(cover(mask))
    assert fitting.middle_px is not None
    assert abs(fitting.middle_px - 200) < 4
    made = worn(mask, 40)
    lobe = made.declaration.transform @ np.array([320, 320, 1.0])
    higher = worn(mask, 14).declaration.transform @ np.array([320, 320, 1.0])
    assert lobe[1] > higher[1] + 40


def test_a_hoop_with_a_drop_hides_its_slighter_half() -> None:
    mask = canvas()
    cv2.ellipse(mask, (320, 160), (90, 110), 0, 80, 280, 255, 26)
    cv2.ellipse(mask, (320, 160), (90, 110), 0, -80, 85, 255, 12)
    cv2.circle(mask, (320, 300), 26, 255, -1)
    cv2.line(mask, (320, 320), (320, 420), 255, 12)
    cv2.circle(mask, (320, 470), 70, 255, -1)
    fitting = find_fitting(cover(mask))
    assert fitting.rear is not None
    solid = mask > 127
    assert (fitting.rear & solid)[:, 340:].sum() > 20 * (fitting.rear & solid)[:, :300].sum()


def test_a_wire_seen_from_its_edge_hangs_by_its_end() -> None:
    mask = canvas()
    cv2.rectangle(mask, (240, 300), (400, 580), 255, -1)
    cv2.line(mask, (320, 310), (330, 60), 255, 7)
    fitting = find_fitting(cover(mask))
    assert fitting.through is Through.WIRE
    assert fitting.rear is None
    assert abs(fitting.hole[1] - 60) < 8


def test_of_a_loop_seen_nearly_from_its_edge_the_slighter_leg_is_behind_the_lobe() -> None:
    mask = canvas()
    cv2.rectangle(mask, (250, 330), (390, 560), 255, -1)
    cv2.line(mask, (330, 100), (330, 340), 255, 8)
    cv2.line(mask, (313, 100), (313, 340), 255, 4)
    cv2.ellipse(mask, (321, 100), (9, 20), 0, 180, 360, 255, 4)
    fitting = find_fitting(cover(mask))
    assert fitting.through is Through.WIRE
    assert fitting.returns
    assert fitting.rear is not None
    solid = mask > 127
    assert fitting.rear[140:280, 310:317][solid[140:280, 310:317]].all()
    assert not (fitting.rear & solid)[140:280, 324:].any()
    assert not (fitting.rear & solid)[345:].any()
    made = worn(mask)
    assert made.fidelity.passed, made.fidelity
    assert Alteration.WIRE_HIDDEN in {one.code for one in made.alterations}


def test_a_kidney_wire_comes_out_below_the_lobe() -> None:
    mask = canvas()
    cv2.circle(mask, (320, 460), 90, 255, -1)
    arc = np.array([(270, 400), (280, 240), (320, 200), (400, 240), (370, 400)], np.int32)
    cv2.polylines(mask, [arc], isClosed=False, color=255, thickness=8)
    fitting = find_fitting(cover(mask))
    assert fitting.through is Through.WIRE
    assert fitting.returns
    assert fitting.rear is not None


def test_earrings_whose_hooks_touch_are_parted_there() -> None:
    mask = canvas()
    on_hook(mask, 160, 420)
    on_hook(mask, 480, 420, side=-1)
    cv2.line(mask, (220, 270), (420, 270), 255, 5)
    one = larger_earring(cover(mask))
    assert one.others == 1
    assert not one.overlaps
    shown = (mask > 127) & one.mask
    halves = shown[:, :250].sum(), shown[:, 390:].sum()
    assert min(halves) < 30 < max(halves)


def test_an_earring_beside_and_below_another_is_its_own() -> None:
    mask = canvas()
    cv2.ellipse(mask, (260, 300), (120, 40), 45, 0, 360, 255, -1)
    cv2.ellipse(mask, (320, 230), (120, 40), 45, 0, 360, 255, -1)
    assert larger_earring(cover(mask)).others == 1


@pytest.mark.parametrize("apart", [90, 130])
def test_hoops_that_cross_are_refused_with_the_reason(apart: int) -> None:
    mask = canvas()
    for x in (320 - apart, 320 + apart):
        cv2.circle(mask, (x, 320), 140, 255, 12)
    assert larger_earring(cover(mask)).overlaps
    with pytest.raises(ViewRefused) as caught:
        worn(mask)
    assert caught.value.message.code is ViewProblem.OVERLAP


def test_two_tops_are_two_earrings() -> None:
    mask = canvas()
    for x in (240, 330):
        cv2.line(mask, (x, 100), (x, 360), 255, 8)
    cv2.ellipse(mask, (285, 420), (120, 90), 0, 0, 360, 255, -1)
    assert larger_earring(cover(mask)).overlaps


@pytest.mark.parametrize("thick", [6, 14, 30])
def test_a_hoop_is_one_earring_and_hangs_by_its_top(thick: int) -> None:
    mask = canvas()
    cv2.circle(mask, (320, 320), 150, 255, thick, cv2.LINE_AA)
    one = larger_earring(cover(mask))
    assert one.others == 0
    assert not one.overlaps
    fitting = find_fitting(cover(mask))
    assert fitting.through is Through.HOOP
    assert abs(fitting.hole[1] - 170) < 4
    made = worn(mask)
    assert made.fidelity.passed, made.fidelity
    assert Alteration.HOOP_HIDDEN in {code.code for code in made.alterations}
