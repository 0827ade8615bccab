"""Necklaces worn: along the neck by their own length, every bead kept, and damage still seen."""

import dataclasses
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, floats, to_bytes, to_srgb
from jewelrymodel.studio.bend import Bend
from jewelrymodel.studio.composition import Adjustment
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.looks import LookKind, looks_for
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.model_templates import load_template
from jewelrymodel.studio.neck_curves import curve_of, shown_mm
from jewelrymodel.studio.necklace_course import lowest_point, strand_course
from jewelrymodel.studio.necklace_on_neck import find_necklace
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from jewelrymodel.studio.strand_layout import beside
from tests.support import pieces

EDGE, PHOTO = 560, 900
LOOKS = [look.id for look in looks_for(Kind.NECKLACE) if look.kind is LookKind.MODEL]


def beads(lay: str = "loop") -> Cutout:
    """Forty beads on a thread: closed to a loop, or open with both ends to the right."""
    mask = np.zeros((PHOTO, PHOTO), np.uint8)
    rgb = pieces.metal(PHOTO).copy()
    turns = np.linspace(0, 2 * np.pi, 41)[:-1] if lay == "loop" else np.linspace(0.5, 5.8, 40)
    places = [(450 + 330 * np.cos(t), 450 + 300 * np.sin(t)) for t in turns]
    closed = lay == "loop"
    cv2.polylines(mask, [np.array(places, np.int32)], isClosed=closed, color=255, thickness=5)
    colors = np.random.default_rng(4).integers(60, 220, (len(places), 3))
    for (x, y), color in zip(places, colors, strict=True):
        at = (round(x), round(y))
        cv2.circle(mask, at, 19, 255, -1, cv2.LINE_AA)
        shade = [int(value) for value in color]
        cv2.circle(rgb, at, 22, shade, -1)
        cv2.circle(rgb, (at[0] - 6, at[1] - 6), 5, [min(255, value + 90) for value in shade], -1)
    return pieces.of(mask, rgb, Kind.NECKLACE)


def worn(piece: Cutout, look_id: str = "neck-light", size_mm: float = 140) -> Rendered:
    return render(piece, RenderRequest(Kind.NECKLACE, look_id, size_mm, EDGE))


@cache
def made() -> Rendered:
    return worn(beads())


def refusal(piece: Cutout, size_mm: float = 140, adjustment: Adjustment | None = None) -> str:
    asked = RenderRequest(
        Kind.NECKLACE, "neck-light", size_mm, EDGE, adjustment=adjustment or Adjustment()
    )
    with pytest.raises(ViewRefused) as caught:
        render(piece, asked)
    return str(caught.value.message.code)


@pytest.mark.parametrize("look_id", LOOKS)
@pytest.mark.parametrize("lay", ["loop", "open"])
def test_a_strand_of_beads_is_worn_in_every_look_for_necks(look_id: str, lay: str) -> None:
    image = worn(beads(lay), look_id)
    assert image.fidelity.passed, image.fidelity
    codes = {one.code for one in image.alterations}
    assert {Alteration.STRAND_LAID, Alteration.REAR_HIDDEN} <= codes
    hidden = next(one for one in image.alterations if one.code is Alteration.REAR_HIDDEN)
    assert 10 < hidden.parameters["percent"] < 45


def test_a_longer_necklace_hangs_lower_and_shows_more() -> None:
    template = load_template("neck-light")
    lengths = (365, 400, 450, 500)
    lowest = [float(curve_of(template, length).px[:, 1].max()) for length in lengths]
    assert lowest == sorted(lowest)
    shown = [shown_mm(template, length) for length in lengths]
    assert shown == sorted(shown)
    for length, part in zip(lengths, shown, strict=True):
        assert 0.6 * length < part < 0.9 * length


def test_the_middle_line_runs_through_the_beads_with_its_outside_on_the_right() -> None:
    for lay in ("loop", "open"):
        course = strand_course(beads(lay).alpha)
        assert course is not None
        assert course.closed == (lay == "loop")
        off = np.hypot((course.line[:, 0] - 450) / 330, (course.line[:, 1] - 450) / 300) - 1
        assert np.abs(off[40:-40]).max() < 0.03
        step, out = np.gradient(course.line, axis=0), course.line - 450
        assert (step[:, 0] * out[:, 1] > step[:, 1] * out[:, 0]).all()


def test_the_thick_part_near_the_middle_hangs_lowest() -> None:
    """Whoever cuts a loop open beside its clasp finds its stone beside the middle."""
    plain, stone = beads("open"), beads("open").rgba.copy()
    at = np.array([450 - 330 * np.cos(0.2), 450 + 300 * np.sin(0.2)])
    cv2.circle(stone, (round(at[0]), round(at[1])), 70, (90, 60, 160, 255), -1)
    for rgba, wanted in ((plain.rgba, None), (stone, at)):
        alpha = floats(rgba[..., 3] / 255)
        course = strand_course(alpha)
        assert course is not None
        own = beside(course.line, alpha > 0)
        lowest = lowest_point(own, np.asarray(alpha > 0.5), course)
        if wanted is None:
            assert lowest == (len(course.line) - 1) / 2
        else:
            assert np.hypot(*(course.line[round(lowest)] - wanted)) < 25


def test_an_unhooked_loop_is_open_at_its_clasp_in_every_size() -> None:
    rgba = beads().rgba.copy()
    rgba[441:459, :200, 3] = 0
    alpha = floats(rgba[..., 3] / 255)
    for one in (alpha, cv2.resize(alpha, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)):
        course = strand_course(floats(one))
        assert course is not None
        assert not course.closed
        middle = course.line[len(course.line) // 2] / one.shape[0]
        assert np.hypot(*(middle - np.array([780, 450]) / PHOTO)) < 0.03


@pytest.mark.parametrize("damage", ["recolored", "lost", "shifted"])
def test_damage_to_one_bead_is_seen(damage: str) -> None:
    rendered = made()
    bend = rendered.declaration.bend
    assert bend is not None
    image = rendered.image.copy()
    x, y = (int(v) for v in rendered.declaration.transform @ np.array([450, 750, 1.0]))
    behind = rendered.declaration.behind
    assert behind is not None
    part = np.s_[y - 9 : y + 9, x - 9 : x + 9]
    if damage == "recolored":
        image[part] = image[part][..., ::-1]
    elif damage == "lost":
        image[part] = to_bytes(to_srgb(behind[part]))
    else:
        image[part] = np.roll(image, 12, axis=1)[part]
    assert not measure(beads().rgba, image, rendered.declaration).passed


def without_bead(bend: Bend) -> Bend:
    """The bend with a hole: it leaves a bead out and doesn't say so."""
    places = bend.places.copy()
    near = np.hypot(places[..., 0] - 450, places[..., 1] - 750) < 30
    places[near] = np.nan
    return dataclasses.replace(bend, places=places)


def mirrored(bend: Bend) -> Bend:
    return dataclasses.replace(bend, places=np.ascontiguousarray(bend.places[:, ::-1]))


def stretched(bend: Bend) -> Bend:
    high, wide = bend.places.shape[:2]
    wider = cv2.resize(bend.places, (wide, high * 2), interpolation=cv2.INTER_NEAREST)
    return dataclasses.replace(bend, places=floats(wider[:high]))


@pytest.mark.parametrize("change", [without_bead, mirrored, stretched])
def test_a_bend_that_hides_mirrors_or_stretches_fails(change: Callable[[Bend], Bend]) -> None:
    rendered = made()
    assert rendered.declaration.bend is not None
    other = dataclasses.replace(rendered.declaration, bend=change(rendered.declaration.bend))
    assert not measure(beads().rgba, rendered.image, other).passed


def test_a_part_shown_twice_fails() -> None:
    rendered = made()
    bend = rendered.declaration.bend
    assert bend is not None
    cover = beads().alpha
    assert not bend.is_distorted(cover)
    twice = np.concatenate([bend.places, np.full((1, *bend.places.shape[1:]), np.nan), bend.places])
    assert dataclasses.replace(bend, places=floats(twice)).is_distorted(cover)


def front(width: int = 14) -> Cutout:
    """The front part of a necklace: an arc of metal that ends in the photo, without its chain."""
    mask = np.zeros((PHOTO, PHOTO), np.uint8)
    cv2.ellipse(mask, (450, 300), (380, 330), 0, 15, 165, 255, width, cv2.LINE_AA)
    return pieces.of(mask, pieces.metal(PHOTO).copy(), Kind.NECKLACE)


def with_extender() -> Cutout:
    """The loop with a chain that hangs from its clasp into its middle."""
    mask = (beads().alpha > 0.5).astype(np.uint8) * 255
    for y in range(160, 520, 24):
        cv2.ellipse(mask, (450, y), (8, 15), 0, 0, 360, 255, 5)
    return pieces.of(mask, beads().rgba[..., :3].copy(), Kind.NECKLACE)


def test_the_front_of_a_necklace_hangs_on_a_plain_chain() -> None:
    image = worn(front(), size_mm=155)
    assert image.fidelity.passed, image.fidelity
    drawn = next(one for one in image.alterations if one.code is Alteration.ENDS_DRAWN)
    assert 5 < drawn.parameters["length_mm"] < 50  # as far as it shows behind the neck
    assert image.declaration.laid is not None
    assert Alteration.REAR_HIDDEN not in {one.code for one in image.alterations}
    assert refusal(front(), size_mm=100) == ViewProblem.TOO_SHORT


def test_what_hangs_at_the_clasp_stays_behind_the_neck() -> None:
    image = worn(with_extender())
    assert image.fidelity.passed, image.fidelity
    left_out = next(one for one in image.alterations if one.code is Alteration.CHAIN_PART_LEFT_OUT)
    assert left_out.parameters["height_mm"] > 30
    assert image.declaration.behind is not None
    inside = np.s_[EDGE // 3 : EDGE // 2, EDGE // 2 - 20 : EDGE // 2 + 20]
    bare = to_bytes(to_srgb(image.declaration.behind[inside]))
    assert np.abs(image.image[inside].astype(int) - bare).mean() < 3


@pytest.mark.parametrize("look_id", LOOKS)
def test_a_strand_goes_on_along_the_neck_and_sinks_behind_it(look_id: str) -> None:
    piece = beads()
    declared = worn(piece, look_id).declaration
    assert declared.visible is not None
    assert declared.px_per_mm is not None
    shown = declared.placed(piece.rgba, (EDGE, EDGE)).cover * declared.visible > 0.5
    for half in (shown, shown[:, ::-1]):
        across = half[:, : EDGE // 2]
        rows, outermost = np.flatnonzero(across.any(1)), int(np.flatnonzero(across.any(0))[0])
        top = across[rows[0] : rows[0] + max(2, round(declared.px_per_mm))]
        inwards = float(np.nonzero(top)[1].mean()) - outermost
        assert inwards > 5 * declared.px_per_mm  # towards the neck, not straight up
    cover, hidden = declared.placed(piece.rgba, (EDGE, EDGE)).cover, declared.visible < 0.5
    assert (cover[hidden] > 0.5).any()  # the neck is before what follows
    assert not hidden[EDGE // 2 :].any()


def wound() -> Cutout:
    """A strand that was laid in two rounds: the inner one meets the outer one at the right."""
    mask = (beads().alpha > 0.5).astype(np.uint8) * 255
    rgb = beads().rgba[..., :3].copy()
    for turn in np.linspace(0, 2 * np.pi, 31)[:-1]:
        at = (round(540 + 235 * np.cos(turn)), round(450 + 150 * np.sin(turn)))
        cv2.circle(mask, at, 19, 255, -1, cv2.LINE_AA)
        cv2.circle(rgb, at, 22, (150, 140, 120), -1)
    return pieces.of(mask, rgb, Kind.NECKLACE)


def test_a_strand_that_was_laid_in_two_rounds_is_refused() -> None:
    assert refusal(wound()) == ViewProblem.NO_STRAND
    with pytest.raises(ViewRefused):
        find_necklace(wound().alpha, 140)
    find_necklace(with_extender().alpha, 140)


def test_a_broad_band_ends_along_the_outline_of_the_shoulders() -> None:
    mask = np.zeros((PHOTO, PHOTO), np.uint8)
    cv2.ellipse(mask, (450, 450), (330, 300), 0, 0, 360, 255, 60, cv2.LINE_AA)
    band = pieces.of(mask, pieces.metal(PHOTO).copy(), Kind.NECKLACE)
    declared = worn(band).declaration
    assert declared.visible is not None
    hidden = declared.visible < 0.5
    assert hidden[0, 0]
    assert not hidden[EDGE // 2 :, EDGE // 3 : EDGE // 2].any()
    assert (declared.placed(band.rgba, (EDGE, EDGE)).cover[hidden] > 0.5).any()


@pytest.mark.parametrize("tone", ["light", "tan", "deep"])
def test_necklaces_of_every_length_go_out_of_sight_beside_the_neck(tone: str) -> None:
    template = load_template(f"neck-{tone}")
    ends = np.array([curve_of(template, mm).camera_mm[[0, -1], 0] for mm in (370, 430, 500)])
    assert np.ptp(ends, axis=0).max() < 3
    assert (ends[:, 1] - ends[:, 0] < 122).all()  # the neck is 96 mm wide


def cut(piece: Cutout) -> Cutout:
    """The lower half of a photo's piece, both its ends at the frame's sides."""
    rgba = piece.rgba[500:, 125:-125].copy()
    return pieces.of(rgba[..., 3], rgba[..., :3].copy(), Kind.NECKLACE)


def test_what_the_frame_cut_short_asks_for_the_whole_piece() -> None:
    assert refusal(cut(beads()), size_mm=112) == ViewProblem.PIECE_CUT


def test_what_cannot_be_worn_is_refused_with_its_reason() -> None:
    assert refusal(beads(), size_mm=60) == ViewProblem.TOO_SHORT
    assert refusal(beads(), size_mm=300) == ViewProblem.TOO_LARGE
    assert refusal(pieces.pair(PHOTO)) == ViewProblem.NO_STRAND
    assert refusal(beads(), adjustment=Adjustment(right=0.1)) == ViewProblem.MOVED_TOO_FAR


def tangle() -> Cutout:
    mask: Bytes = np.zeros((PHOTO, PHOTO), np.uint8)
    random = np.random.default_rng(3)
    for _ in range(9):
        x, y = random.integers(330, 570, 2)
        cv2.ellipse(mask, (int(x), int(y)), (230, 160), float(x), 0, 360, 255, 14)
    return pieces.of(mask, pieces.metal(PHOTO).copy(), Kind.NECKLACE)


def test_several_strands_over_each_other_are_refused() -> None:
    assert refusal(tangle()) == ViewProblem.NO_STRAND
