"""Only strands are parted from a piece; where that can't be told the piece isn't worn."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import grown
from jewelrymodel.studio.chain_separation import Unclear
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.earring_pairs import larger_earring
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.pendant_body import find_body
from jewelrymodel.studio.piece_kinds import Kind, guess_kind
from jewelrymodel.studio.placement import place
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from tests.support import pieces

GAPS = (0, 4, 12, 30, 60)
EDGE = 700


def worn(piece: Cutout, size_mm: float = 22) -> Rendered:
    return render(piece, RenderRequest(Kind.PENDANT, "neck-light", size_mm, EDGE))


def refusal(piece: Cutout) -> str:
    with pytest.raises(ViewRefused) as caught:
        worn(piece)
    return caught.value.code


@pytest.mark.parametrize(("gap", "spread"), [*((g, 0.4) for g in GAPS), (0, 0.06), (30, 0.06)])
def test_the_strands_are_found_across_gaps(gap: int, spread: float) -> None:
    piece = pieces.on_chain(gap=gap, spread=spread)
    body = find_body(piece.cutout.alpha)
    assert len(body.strands) == 2
    assert body.mask[piece.body].min() > 0.5
    chain = (piece.cutout.alpha > 0.5) & ~grown(piece.body, 9)
    assert (body.mask[chain] < 0.5).mean() > 0.7
    assert guess_kind(piece.cutout.alpha, components_of(piece.cutout.alpha))[0] is Kind.PENDANT


@pytest.mark.parametrize("gap", GAPS)
def test_a_pendant_keeps_its_size_and_its_own_chain(gap: int) -> None:
    piece = pieces.on_chain(gap=gap)
    rows = np.flatnonzero(piece.body.any(1))
    made = worn(piece.cutout)
    assert made.fidelity.passed, made.fidelity
    assert made.alterations[1].code is Alteration.OWN_CHAIN_LAID
    high_mm = 22 * (np.ptp(rows) + 1) / np.diff(find_body(piece.cutout.alpha).box[1::2])[0]
    assert high_mm == pytest.approx(22, rel=0.15)


def slim() -> Cutout:
    """A slim piece on its chain: stout in three places, thinner between them."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    for x in (40, 600):
        cv2.line(mask, (320, 300), (x, 0), 255, 8, cv2.LINE_AA)
    cv2.line(mask, (320, 300), (320, 560), 255, 18, cv2.LINE_AA)
    for y, high in ((345, 34), (430, 34), (540, 50)):
        cv2.ellipse(mask, (320, y), (20, high), 0, 0, 360, 255, -1, cv2.LINE_AA)
    return pieces.of(mask, pieces.metal(EDGE), Kind.PENDANT)


def test_a_slim_piece_is_no_long_stalk() -> None:
    piece = slim()
    assert find_body(piece.alpha).unclear is None
    assert worn(piece).fidelity.passed


@pytest.mark.parametrize("gap", GAPS)
def test_no_strand_ends_in_mid_air(gap: int) -> None:
    piece = pieces.on_chain(gap=gap).cutout
    made = worn(piece)
    laid, left_out = made.declaration.laid, made.declaration.left_out
    assert laid is not None
    assert left_out is not None
    hung = without(piece.rgba, left_out)
    size = (made.image.shape[1], made.image.shape[0])
    cover = np.maximum(laid.cover, place(hung, made.declaration.transform, size).cover)
    parts = components_of(grown(np.asarray(cover > 0.2), 3).astype(np.float32))
    assert parts[0].box[1] < 5  # from the picture's upper edge …
    assert parts[0].area_px > 0.99 * sum(part.area_px for part in parts)  # … down to the piece


@pytest.mark.parametrize("arm", [9, 18, 30, 44])
def test_the_arms_of_a_piece_are_never_cut_away(arm: int) -> None:
    piece = pieces.lyre(arm=arm)
    body = find_body(piece.alpha)
    assert body.strands == ()
    assert body.mask[piece.alpha > 0.5].min() > 0.99
    assert arm > 30 or refusal(piece) == "chain"


def test_a_run_that_ends_early_is_known_by_its_equal() -> None:
    """Out of focus one run of a chain is lost sooner than the other."""
    piece = pieces.on_chain(gap=0)
    rgba = piece.cutout.rgba.copy()
    rows = np.flatnonzero(piece.body.any(1))
    end = max(0, int(rows[0] - 0.75 * np.ptp(rows)))
    middle = int(np.flatnonzero(piece.body.any(0)).mean())
    rgba[:end, :middle, 3] = 0
    body = find_body(pieces.of(rgba[..., 3], rgba[..., :3].copy(), Kind.PENDANT).alpha)
    assert body.unclear is None
    assert len(body.strands) == 2


def turned(piece: Cutout, quarters: int) -> Cutout:
    rgba = np.ascontiguousarray(np.rot90(piece.rgba, quarters))
    return pieces.of(rgba[..., 3], rgba[..., :3], Kind.PENDANT)


def test_a_drawn_chain_never_lies_beside_a_strand() -> None:
    whole = pieces.on_chain(spread=0.2).cutout
    for quarters in (1, 3):
        assert find_body(turned(whole, quarters).alpha).unclear is Unclear.SIDEWAYS
        codes = {one.code for one in worn(turned(whole, quarters)).alterations}
        assert Alteration.OWN_CHAIN_LAID in codes
        assert Alteration.PLAIN_CHAIN_DRAWN not in codes
    assert refusal(pieces.on_chain(sides=(1,), spread=0.2).cutout) == "one_strand"
    assert refusal(pieces.on_chain(gap=110).cutout) == "chain"
    assert refusal(pieces.on_chain(gap=60, spread=0.06).cutout) == "chain"


@pytest.mark.parametrize("at", [0.3, 0.5, 0.7])
def test_other_parts_on_the_chain_are_refused(at: float) -> None:
    assert refusal(pieces.on_chain(bead=24, bead_at=at).cutout) == "parts_on_chain"


def test_a_clasp_is_left_out_and_listed_in_millimeters() -> None:
    piece = pieces.on_chain(bead=18, bead_at=0.94, top=60).cutout
    assert len(find_body(piece.alpha).left_out) == 1
    dropped = [one for one in worn(piece).alterations if one.code is Alteration.CHAIN_PART_LEFT_OUT]
    assert len(dropped) == 1
    assert 0 < dropped[0].parameters["width_mm"] < 10


def test_a_piece_that_nothing_holds_is_refused() -> None:
    horseshoe = pieces.ring(squeeze=1.2)
    alpha = horseshoe.rgba[..., 3].copy()
    alpha[:250] = 0
    open_above = pieces.of(alpha, horseshoe.rgba[..., :3], Kind.PENDANT)
    assert refusal(open_above) == "no_bail"


def test_each_part_goes_with_its_own_earring() -> None:
    piece = pieces.hooked_pair()
    one = larger_earring(piece.alpha)
    assert one.others == 1
    labels = components_of(piece.alpha)
    first, second = labels[0], labels[1]
    shown = piece.alpha * one.mask > 0.5
    assert shown[first.box[1] : first.box[3], first.box[0] : first.box[2]].any()
    middle = np.mean(np.reshape(second.box, (2, 2)), axis=0).astype(int)
    assert not shown[middle[1] + 60, middle[0] - 30]
    wire = (piece.alpha > 0.5)[: 700 * 9 // 20, : 700 * 2 // 5]
    assert (shown[: 700 * 9 // 20, : 700 * 2 // 5] == wire).all()


def test_of_a_single_earring_in_two_parts_nothing_is_left_out() -> None:
    mask = np.zeros((500, 500), np.uint8)
    mask[60:200, 180:320] = mask[230:440, 170:330] = 255
    one = larger_earring((mask / 255).astype(np.float32))
    assert one.others == 0
    assert one.mask.all()
