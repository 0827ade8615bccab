"""The other ear: the person mirrored, the photo's other earring on her, its pixels as they are."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.earring_fitting import find_fitting
from jewelrymodel.studio.looks import looks_for
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.mirrored_ear import mirrored_ear
from jewelrymodel.studio.model_templates import load_template
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import Rendered, RenderRequest, render
from tests.support import pieces

EDGE, PHOTO = 480, 640
OTHERS = [look.id for look in looks_for(Kind.EARRING) if look.mirrored]


def hooks(*, single: bool = False) -> Cutout:
    """Two drops on ear wires, the left one larger, the free ends of both at the right; or one."""
    mask = np.zeros((PHOTO, PHOTO), np.uint8)
    for x, radius in ((170, 60), (470, 54))[: 1 if single else 2]:
        cv2.circle(mask, (x, 400), radius, 255, -1, cv2.LINE_AA)
        cv2.line(mask, (x, 345), (x, 250), 255, 6, cv2.LINE_AA)
        cv2.ellipse(mask, (x + 30, 250), (30, 30), 0, 180, 360, 255, 6, cv2.LINE_AA)
        cv2.line(mask, (x + 60, 250), (x + 66, 320), 255, 6, cv2.LINE_AA)
    return pieces.golden(pieces.of(mask, pieces.facets(PHOTO), Kind.EARRING))


def worn(piece: Cutout, look_id: str) -> Rendered:
    return render(piece, RenderRequest(Kind.EARRING, look_id, 30, EDGE))


def test_it_is_offered_in_every_tone() -> None:
    assert OTHERS == ["ear-light-left", "ear-tan-left", "ear-deep-left"]


@pytest.mark.parametrize("look_id", OTHERS)
def test_both_earrings_of_a_pair_are_worn_each_on_its_ear(look_id: str) -> None:
    piece = hooks()
    right, left = worn(piece, look_id.removesuffix("-left")), worn(piece, look_id)
    for made, shown, hidden in ((right, 170, 470), (left, 470, 170)):
        assert made.fidelity.passed, made.fidelity
        left_out = made.declaration.left_out
        assert left_out is not None
        assert left_out[400, hidden] == 1
        assert left_out[400, shown] == 0
        told = {one.code: one.parameters for one in made.alterations}
        assert told[Alteration.ONE_EARRING_OF] == {"count": 2}
        assert np.linalg.det(made.declaration.transform[:, :2]) > 0  # never mirrored itself


def test_the_lobe_is_dented_where_the_wire_goes_in_and_the_neck_gets_a_soft_shadow() -> None:
    piece = hooks(single=True)
    made = worn(piece, "ear-light")
    behind, transform = made.declaration.behind, made.declaration.transform
    assert behind is not None
    x, y = (round(float(at)) for at in transform @ [*find_fitting(piece.alpha).hole, 1.0])
    light = behind.mean(2)
    assert light[y, x] < 0.6 * light[y - 20, x]
    drop_x, drop_y = (round(float(at)) for at in transform @ [170, 400, 1.0])
    beside = light[drop_y, drop_x - 60 : drop_x - 30].mean()
    assert light[drop_y : drop_y + 20, drop_x].mean() < 0.97 * beside


def test_a_single_earring_is_worn_on_either_ear() -> None:
    piece = hooks(single=True)
    left = worn(piece, "ear-light-left")
    assert left.fidelity.passed, left.fidelity
    assert Alteration.ONE_EARRING_OF not in {one.code for one in left.alterations}


def test_the_person_is_mirrored_with_all_that_is_known_of_her() -> None:
    template, other = load_template("ear-light"), mirrored_ear("ear-light")
    wide = template.picture.shape[1]
    assert np.array_equal(other.picture[:, ::-1], template.picture)
    x, y = template.anchors["lobe"]["px"]
    assert other.anchors["lobe"]["px"] == pytest.approx([wide - x, y])
    for one in (template, other):
        camera = np.array(one.anchors["lobe"]["camera_mm"])
        px = one.focal_px * camera[:2] / camera[2] + one.center_px
        assert px == pytest.approx(one.anchors["lobe"]["px"], abs=3)
        column, row = (int(value) for value in one.anchors["lobe"]["px"])
        assert one.parts[row, column] == 17
    assert other.key_direction[0] == -template.key_direction[0]
    assert load_template("ear-light").anchors.get("rear_side", -1) == -1


def test_the_leg_towards_the_back_of_the_head_is_hidden() -> None:
    """Of a loop with two alike legs: at the left on one ear, at the right on the other."""
    mask: Bytes = np.zeros((PHOTO, PHOTO), np.uint8)
    cv2.ellipse(mask, (320, 300), (150, 150), 0, 0, 360, 255, 16, cv2.LINE_AA)
    hoop = pieces.golden(pieces.of(mask, pieces.facets(PHOTO), Kind.EARRING))
    for look_id, side in (("ear-light", -1), ("ear-light-left", 1)):
        declared = worn(hoop, look_id).declaration
        assert declared.visible is not None
        hidden = np.argwhere(declared.visible < 0.5)[:, 1].mean()
        middle = (declared.transform @ np.array([320, 300, 1.0]))[0]
        assert side * (hidden - middle) > 5
