"""A photo of somebody as a template: what is marked says where, how large and in which light."""

import numpy as np
import pytest
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.lighting import Light
from jewelrymodel.studio.looks import own_look
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.model_templates import FAR, View, lent, load_template
from jewelrymodel.studio.own_model import (
    POINTS,
    START,
    Part,
    SetUp,
    SetUpUnusable,
    set_up_of,
    usual,
)
from jewelrymodel.studio.own_model_light import skin_light
from jewelrymodel.studio.own_model_template import template_of
from jewelrymodel.studio.piece_kinds import Kind, KindReason
from jewelrymodel.studio.render import render
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused
from jewelrymodel.studio.skin_lighting import light_gains
from tests.support.generation import drawn_piece

SIZE = (800, 1000)
SKIN = (214, 165, 140)


def photo(
    left: float = 1.0, right: float = 1.0, color: tuple[int, ...] = SKIN
) -> NDArray[np.uint8]:
    """Skin on gray, lit from the left to the right by these shares."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    across = np.linspace(left, right, 400)[None, :, None]
    pixels[:, 200:600] = np.clip(np.array(color) * across, 0, 255).astype(np.uint8)
    return pixels


@pytest.mark.parametrize("part", Part)
def test_a_set_up_is_stored_and_read_again(part: Part) -> None:
    whole = usual(part)
    assert set(whole.points) == set(POINTS[part]) == set(START[part])
    assert set_up_of(part, whole.stored, SIZE) == whole


@pytest.mark.parametrize(
    "changed",
    [
        {"points": {"left": [0.4, 0.4], "right": [0.6, 0.4]}},
        {"points": {"left": [0.4, 0.4], "right": [0.4, 0.4], "towards": [0.5, 0.6]}},
        {"points": {"left": [0.4, 1.4], "right": [0.6, 0.4], "towards": [0.5, 0.6]}},
        {"points": {"left": "04", "right": [0.6, 0.4], "towards": [0.5, 0.6]}},
        {"length_mm": "nan"},
        {"length_mm": "wide"},
        {"length_mm": 90},
        {"tilt_deg": 89},
        {"faces": "up"},
    ],
    ids=str,
)
def test_what_nobody_has_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SetUpUnusable):
        set_up_of(Part.HAND, {**usual(Part.HAND).stored, **changed}, SIZE)


def test_a_finger_is_a_cylinder_as_wide_as_marked() -> None:
    points = {"left": (0.45, 0.5), "right": (0.55, 0.5), "towards": (0.5, 0.7)}
    template = template_of("model_x", photo(), SetUp(Part.HAND, points, 16.0, 30.0))
    finger = template.anchors["fingers"][template.anchors["best_finger"]]
    assert finger["width_px"] == pytest.approx(80)
    assert finger["px_per_mm"] == pytest.approx(5)
    assert finger["axis_px"] == pytest.approx([0, 1])
    frame = np.array([finger["axis_camera"], finger["back_camera"], finger["across_camera"]])
    assert frame @ frame.T == pytest.approx(np.eye(3), abs=1e-6)
    depth, seat = template.depth_mm, finger["seat_camera_mm"][2]
    middle, edge, beside = (depth[250, x // 2] for x in (400, 438, 450))
    assert middle == pytest.approx(seat - 8 / np.cos(np.radians(30)), abs=0.2)
    assert middle < edge < seat
    assert beside == np.float32(FAR)
    assert depth[250 + 20, 200] < middle  # its tip comes towards the camera


def test_the_third_handle_says_where_the_tip_is() -> None:
    points = {"left": (0.45, 0.5), "right": (0.55, 0.5), "towards": (0.6, 0.2)}
    template = template_of("model_x", photo(), SetUp(Part.HAND, points, 16.0))
    assert template.anchors["fingers"]["ring"]["axis_px"] == pytest.approx([0, -1])


@pytest.mark.parametrize(("faces", "rear"), [("left", 1), ("right", -1)])
def test_an_ear_is_as_high_as_marked_and_its_rear_is_away_from_the_face(
    faces: str, rear: int
) -> None:
    points = {"lobe": (0.5, 0.6), "tip": (0.5, 0.64), "top": (0.5, 0.33)}
    template = template_of("model_x", photo(), SetUp(Part.EAR, points, 62.0, faces=faces))
    assert template.anchors["px_per_mm"] == pytest.approx(5)
    assert template.anchors["lobe"]["px"] == pytest.approx([400, 600])
    assert template.anchors["rear_side"] == rear
    assert template.parts[600, 400] == template.parts[400, 400] == 17
    assert template.parts[100, 400] == 1
    assert template.parts[100, 20] == 0


def test_a_chain_goes_through_the_three_places() -> None:
    template = template_of("model_x", photo(), usual(Part.NECK))
    for chain in template.anchors["chains"][:1]:
        px = np.array(chain["px"])
        assert px[0] == pytest.approx([0.28 * 800, 0.3 * 1000])
        assert px[-1] == pytest.approx([0.72 * 800, 0.3 * 1000])
        assert px[px[:, 1].argmax()] == pytest.approx([400, 620])
        assert (np.diff(px[:, 0]) > 0).all()
    assert {chain["pendant"] for chain in template.anchors["chains"]} == {True, False}


def test_a_longer_necklace_hangs_lower() -> None:
    """What shows and what runs behind the neck make up its length."""
    template = template_of("model_x", photo(), usual(Part.NECK))
    chains = [one for one in template.anchors["chains"] if not one["pendant"]]
    lengths = [one["length_mm"] for one in chains]
    depths = [one["bottom"]["px"][1] for one in chains]
    assert lengths == sorted(lengths)
    assert depths == sorted(depths)
    steps = np.diff(np.array(chains[-1]["camera_mm"])[:, :2], axis=0)
    shown = float(np.linalg.norm(steps, axis=1).sum())
    assert shown + 1.3 * 115 == pytest.approx(lengths[-1], rel=0.05)


def test_what_is_painted_covers_a_piece() -> None:
    front = np.zeros(SIZE[::-1], np.float32)
    front[:500] = 1
    template = template_of("model_x", photo(), usual(Part.HAND), front)
    shows = View(template, floats([0, 0]), 0.5, (400, 500)).uncovered()
    assert shows[:245].max() == pytest.approx(0, abs=1e-3)
    assert shows[255:].min() == pytest.approx(1, abs=1e-3)


def test_a_lent_template_is_found_only_while_it_is_lent() -> None:
    template = template_of("model_x", photo(), usual(Part.HAND))
    with lent(template):
        assert load_template("model_x") is template
    with pytest.raises(KeyError):
        load_template("model_x")


@pytest.mark.parametrize(("left", "right", "sign"), [(1.0, 0.5, -1), (0.5, 1.0, 1)])
def test_the_lamp_is_where_the_skin_is_bright(left: float, right: float, sign: int) -> None:
    template = template_of("model_x", photo(left, right), usual(Part.NECK))
    assert np.sign(template.key_direction[0]) == sign
    assert template.key_direction[2] < 0
    assert np.linalg.norm(template.key_direction) == pytest.approx(1)


def marked(name: str) -> SetUp:
    """Our rendered person, marked where its anchors are."""
    size, anchors = 2048, load_template(name).anchors
    if "fingers" in anchors:
        finger = anchors["fingers"][anchors["best_finger"]]
        axis, seat = np.array(finger["axis_px"]), np.array(finger["seat_px"])
        across = np.array([-axis[1], axis[0]])
        left, right = (seat + edge * across for edge in finger["edges_px"])
        places = {"left": left, "right": right, "towards": seat + 200 * axis}
        part, length_mm = Part.HAND, float(finger["width_mm"])
    else:
        chain = anchors["chains"][1]
        names = {"left": "left", "right": "right", "lowest": "bottom"}
        places = {name: np.array(chain[there]["px"]) for name, there in names.items()}
        part, length_mm = Part.NECK, 125.0
    points = {name: (float(x) / size, float(y) / size) for name, (x, y) in places.items()}
    return SetUp(part, points, length_mm)


@pytest.mark.parametrize("name", ["hand-light-35", "hand-deep-35", "neck-light", "neck-deep"])
def test_on_our_own_people_the_lamp_is_nearer_than_one_above_the_camera(name: str) -> None:
    ours = load_template(name)
    found = template_of("model_x", ours.picture, marked(name)).key_direction
    usual_lamp = np.array([0, -0.316, -0.949])
    assert found @ ours.key_direction > usual_lamp @ ours.key_direction


@pytest.mark.parametrize(
    "color", [(214, 165, 140), (120, 72, 48), (255, 120, 60), (90, 140, 255), (5, 5, 5)], ids=str
)
def test_whatever_the_photo_the_light_stays_what_a_lamp_can_do(color: tuple[int, ...]) -> None:
    template = template_of("model_x", photo(color=color), usual(Part.NECK))
    assert Light(light_gains(template)).is_plausible


def test_without_skin_there_is_still_a_light() -> None:
    dark = np.zeros((40, 40, 3), np.float32)
    light = skin_light(dark, np.zeros((40, 40), np.float32), (20, 20), 10)
    assert np.isfinite(light.direction).all()
    assert light.tone == "deep"


# Worn ---------------------------------------------------------------------------------------------


def on_neck(front: NDArray[np.float32] | None = None) -> Rendered:
    """A pendant on a photo of a neck: our rendered one, as if somebody had taken it."""
    neck = load_template("neck-light").picture
    points = {"left": (0.276, 0.302), "right": (0.776, 0.303), "lowest": (0.496, 0.626)}
    template = template_of("model_x", neck, SetUp(Part.NECK, points, 125.0), front)
    request = RenderRequest(Kind.PENDANT, "model_x", 24, 480)
    piece = drawn_piece()
    parts = components_of(floats(piece[..., 3] / 255))
    cutout = Cutout(piece, 0.0, "good", Kind.PENDANT, KindReason.NAMED_BY_SELLER, parts, ())
    return render(cutout, request, own_model=template)


def test_a_piece_is_worn_on_a_photo_and_passes_the_check() -> None:
    made = on_neck()
    assert made.fidelity.passed
    assert made.alterations[0].code is Alteration.OWN_MODEL


def test_a_piece_is_covered_by_what_was_painted_and_passes_the_check() -> None:
    front = np.zeros((2048, 2048), np.float32)
    front[:, 1050:] = 1
    made, whole = on_neck(front), on_neck()
    shows = made.declaration.visible
    assert shows is not None
    assert shows.min() < 0.01
    assert made.fidelity.passed
    covered = np.asarray(shows < 0.01)
    differs = np.abs(made.image.astype(float) - whole.image.astype(float)).max(2)
    assert differs[covered].max() > 40  # the piece was there
    assert made.declaration.laid is not None
    assert made.declaration.laid.cover[covered].max() < 0.02


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (Part.HAND, Kind.RING),
        (Part.EAR, Kind.EARRING),
        (Part.NECK, Kind.PENDANT),
        (Part.NECK, Kind.NECKLACE),
        (Part.WRIST, Kind.BRACELET),
    ],
)
def test_each_part_wears_what_is_worn_there(part: Part, kind: Kind) -> None:
    assert kind in own_look("model_x", part.value).piece_kinds


def test_another_kind_of_piece_is_not_worn_there() -> None:
    template = template_of("model_x", photo(), usual(Part.HAND))
    piece = drawn_piece()
    cutout = Cutout(piece, 0.0, "good", Kind.EARRING, KindReason.NAMED_BY_SELLER, (), ())
    with pytest.raises(ViewRefused) as refused:
        render(cutout, RenderRequest(Kind.EARRING, "model_x", 24, 200), own_model=template)
    assert refused.value.code == ViewProblem.WRONG_KIND
