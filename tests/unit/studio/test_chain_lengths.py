"""Pendants on the trade's chains: as long as named, and out of sight behind the neck."""

import numpy as np
import pytest

from jewelrymodel.studio.looks import CHAINS_MM, LOOKS, LookKind, looks_for
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.model_templates import View, load_template
from jewelrymodel.studio.neck_curves import curve_of
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from jewelrymodel.studio.ridge import before_person, outlines, way_behind
from jewelrymodel.studio.strand_layout import track_of
from tests.support import pieces

EDGE = 480
NAMED = [look.id for look in looks_for(Kind.PENDANT) if look.chain_mm]


def worn(look_id: str, size_mm: float = 22) -> Rendered:
    return render(pieces.pendant(), RenderRequest(Kind.PENDANT, look_id, size_mm, EDGE))


@pytest.mark.parametrize("look_id", NAMED)
def test_a_named_chain_is_worn_and_its_length_is_said(look_id: str) -> None:
    made = worn(look_id)
    assert made.fidelity.passed, made.fidelity
    told = {one.code: one.parameters for one in made.alterations}
    length_mm, _ = CHAINS_MM[look_id.partition("-")[0]]
    assert told[Alteration.CHAIN_LENGTH] == {"length_mm": round(length_mm)}


def test_a_longer_chain_hangs_lower_on_the_same_neck() -> None:
    template = load_template("neck-light")
    lowest = {
        name: float(curve_of(template, length_mm, pendant=True).px[:, 1].max())
        for name, (length_mm, _) in CHAINS_MM.items()
    }
    px_per_mm = float(template.anchors["px_per_mm"])
    assert lowest["princess"] - lowest["choker"] > 30 * px_per_mm


def test_only_pendants_hang_on_them_and_only_as_long_as_the_picture_is_tall() -> None:
    assert len(NAMED) == 3 * len(CHAINS_MM)
    assert not any(look.chain_mm for look in looks_for(Kind.NECKLACE))
    with pytest.raises(ViewRefused) as caught:
        worn("princess-light", size_mm=45)
    assert caught.value.message.code is ViewProblem.TOO_LARGE
    worn("choker-light", size_mm=45)


@pytest.mark.parametrize("tone", ["light", "tan", "deep"])
@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("width_mm", [1.0, 6.0])
def test_a_strand_climbs_to_the_neck_and_sinks_behind_it(
    tone: str, end: int, width_mm: float
) -> None:
    template = load_template(f"neck-{tone}")
    view = View(template, np.zeros(2, np.float32), 0.5, (1024, 1024))
    skin = curve_of(template, 420).lifted(width_mm / 2)
    track = track_of(view.points(skin.px), skin.arc_mm, view.px_per_mm(skin.camera_mm[:, 2]))
    upwards = track.px[::-1] if end == 0 else track.px
    unit = float(track.px_per_mm[end])
    way = way_behind(upwards, unit, skin, end, outlines(view), width_mm)
    assert way is not None
    step = np.linalg.norm(way.px[0] - upwards[-1])
    assert step < unit  # without a gap
    to_the_neck = 1 if end == 0 else -1
    assert to_the_neck * (way.px[-1, 0] - way.px[0, 0]) > 3 * unit
    assert way.px[-1, 1] < way.px[0, 1]
    person = 1 - view.part_mask((0,))
    columns, rows = np.round(way.px).astype(int).T
    inside = person[rows, columns] > 0.5
    assert not inside[: way.ridge].any() or width_mm < 2  # a thin chain lies on the skin itself
    assert inside[-1]  # its middle is hidden in the end
    line = np.concatenate([upwards, way.px])
    shows = before_person(view, line, (0.0, float(len(upwards) + way.ridge)), width_mm * unit)
    assert shows[rows[-1], columns[-1]] < 0.1
    far = upwards[len(upwards) // 2].round().astype(int)
    assert shows[far[1], far[0]] == 1


def test_where_no_outline_is_near_a_chain_just_ends() -> None:
    template = load_template("neck-light")
    low = View(template, np.array([400, 1100], np.float32), 1.0, (900, 900))
    skin = curve_of(template, 420, pendant=True)
    track = track_of(low.points(skin.px), skin.arc_mm, low.px_per_mm(skin.camera_mm[:, 2]))
    unit = float(track.px_per_mm[-1])
    assert way_behind(track.px, unit, skin, -1, outlines(low), 1.0) is None


def test_every_look_of_a_pendant_has_its_template() -> None:
    assert set(NAMED) <= set(LOOKS)
    assert all(LOOKS[one].kind is LookKind.MODEL for one in NAMED)
