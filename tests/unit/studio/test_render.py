"""Every look renders its pieces faithfully, or says why it doesn't."""

import pytest

from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import LOOKS, SCENES, LookKind, looks_for
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.model_templates import available
from jewelrymodel.studio.pendant_body import find_body
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import RenderRequest, ViewRefused, render
from jewelrymodel.studio.render_request import ASPECTS
from jewelrymodel.studio.steps import Step
from tests.support import pieces

EDGE = 560
PIECES = {Kind.RING: pieces.ring(), Kind.PENDANT: pieces.pendant(), Kind.EARRING: pieces.pair()}


def request(piece: Cutout, look_id: str, size_mm: float = 18, aspect: str = "1:1") -> RenderRequest:
    return RenderRequest(piece.kind, look_id, size_mm, EDGE, aspect)


def test_models_are_on_offer_where_their_picture_is_in_the_pack() -> None:
    assert {"neck-light", "bust-light", "hand-light"} < set(LOOKS)
    for look in LOOKS.values():
        assert look.kind is not LookKind.MODEL or available(look.templates[:1])
    assert {look.id for look in SCENES} < set(LOOKS)


def test_every_kind_has_looks_packshots_first_then_models() -> None:
    for kind in Kind:
        looks = [look.kind for look in looks_for(kind)]
        assert looks[:2] == [LookKind.PACKSHOT] * 2
        assert looks == sorted(looks, key=tuple(LookKind).index)
        assert looks.count(LookKind.SCENE) == 4
    assert looks_for(Kind.PENDANT)[2].kind is LookKind.MODEL
    assert looks_for(Kind.RING)[2].kind is LookKind.MODEL


@pytest.mark.parametrize("look_id", [look.id for look in SCENES])
@pytest.mark.parametrize("kind", list(PIECES))
def test_scenes_keep_the_piece(look_id: str, kind: Kind) -> None:
    made = render(PIECES[kind], request(PIECES[kind], look_id))
    assert made.fidelity.passed, made.fidelity
    assert made.image.shape == (EDGE, EDGE, 3)
    assert made.alterations[0].code is Alteration.SURFACE


@pytest.mark.parametrize("aspect", list(ASPECTS))
def test_any_aspect(aspect: str) -> None:
    piece = PIECES[Kind.RING]
    made = render(piece, request(piece, "sweep", aspect=aspect))
    height, width = made.image.shape[:2]
    wide, high = ASPECTS[aspect]
    assert abs(width / height - wide / high) < 0.01
    assert made.fidelity.passed


@pytest.mark.parametrize(("look_id", "chain"), [("neck-light", True), ("neck-light", False)])
def test_a_pendant_on_the_neck(look_id: str, chain: bool) -> None:
    steps: list[Step] = []
    piece = pieces.pendant(chain=chain)
    asked = RenderRequest(piece.kind, look_id, 22, 900)
    made = render(piece, asked, steps.append)
    assert made.fidelity.passed, made.fidelity
    laid = Alteration.OWN_CHAIN_LAID if chain else Alteration.PLAIN_CHAIN_DRAWN
    assert [one.code for one in made.alterations][:2] == [Alteration.MODEL_LIGHT, laid]
    assert Step.LAYING_CHAIN in steps


def test_size_is_true_to_the_millimeter() -> None:
    piece = pieces.pendant()
    small, large = (render(piece, request(piece, "bust-light", mm)) for mm in (10, 20))
    assert large.declaration.transform[0, 0] == pytest.approx(2 * small.declaration.transform[0, 0])


def test_a_ring_on_the_hand_goes_round_the_finger() -> None:
    piece = pieces.ring()
    made = render(piece, request(piece, "hand-light"))
    assert made.fidelity.passed, made.fidelity
    assert Alteration.BAND_HIDDEN in {one.code for one in made.alterations}


def test_an_earring_hangs_from_the_lobe() -> None:
    piece = pieces.pair()
    made = render(piece, request(piece, "ear-light", 12))
    assert made.fidelity.passed, made.fidelity
    ring = pieces.ring()
    hoop = render(ring, RenderRequest(Kind.EARRING, "ear-light", 30, EDGE))
    assert hoop.fidelity.passed, hoop.fidelity
    assert Alteration.HOOP_HIDDEN in {one.code for one in hoop.alterations}


def test_refusals_name_their_reason() -> None:
    closed, ring, huge = pieces.pendant(chain=False), pieces.ring(), pieces.pendant()
    cases = [
        (closed, RenderRequest(Kind.RING, "hand-light", 18), "no_opening"),
        (huge, RenderRequest(Kind.PENDANT, "neck-light", 400), "too_large"),
        (ring, RenderRequest(Kind.EARRING, "ear-light", 90), "too_large"),
        (ring, RenderRequest(Kind.RING, "neck-light", 18), "wrong_kind"),
    ]
    for piece, asked, code in cases:
        with pytest.raises(ViewRefused) as caught:
            render(piece, asked)
        assert caught.value.code == code


def test_body_and_strands_are_told_apart() -> None:
    body = find_body(pieces.pendant().alpha)
    assert len(body.strands) == 2
    assert body.box[1] > 250
    assert find_body(pieces.pendant(chain=False).alpha).strands == ()
