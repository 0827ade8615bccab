"""The piece is found, its kind guessed, and hopeless photos are refused with a reason."""

import cv2
import numpy as np
import pytest
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, Floats, floats, grown
from jewelrymodel.studio.cutout import Cutout, PieceNotFound, cut_out
from jewelrymodel.studio.matting import MattingUnavailable, load_matting
from jewelrymodel.studio.matting_weights import U2NETP, default_models_dir
from jewelrymodel.studio.messages import CutoutNote, MattingProblem
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.steps import Step
from tests.support import pieces


def cut(piece: Cutout, **options: object) -> Cutout:
    photo = pieces.photographed(piece)
    return cut_out(photo, pieces.Known(piece.alpha), **options)  # type: ignore[arg-type]  # a stand-in


def colored(mask: Floats) -> Bytes:
    """Blue on gray wherever the mask is."""
    return np.where(mask[..., None] > 0, (30, 60, 160), (200, 200, 200)).astype(np.uint8)


def refusal(rgb: Bytes, mask: Floats) -> PieceNotFound:
    with pytest.raises(PieceNotFound) as caught:
        cut_out(rgb, pieces.Known(mask))  # type: ignore[arg-type]  # a stand-in
    return caught.value


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        (pieces.ring(), Kind.RING),
        (pieces.pendant(), Kind.PENDANT),
        (pieces.pendant(900, chain=False), Kind.PENDANT),
        (pieces.pair(), Kind.EARRING),
    ],
)
def test_guesses_the_kind_with_a_reason(piece: Cutout, kind: Kind) -> None:
    steps: list[Step] = []
    found = cut(piece, on_step=steps.append)
    assert (found.kind, found.verdict) == (kind, "good")
    assert found.kind_reason
    assert steps == [Step.FINDING_PIECE, Step.CUTTING_OUT, Step.CLEANING_EDGE]
    overlap = (
        np.minimum(found.alpha, piece.alpha).sum() / np.maximum(found.alpha, piece.alpha).sum()
    )
    assert overlap > 0.85


def test_solid_pixels_are_the_photos_own() -> None:
    piece = pieces.ring()
    found = cut(piece)
    solid = found.alpha > 0.99
    assert (found.rgba[solid][:, :3] == pieces.photographed(piece)[solid]).all()


def test_the_tapped_part_is_kept_alone() -> None:
    found = cut(pieces.pair(1000), tapped=(750, 500))
    assert found.box[0] > 500
    with pytest.raises(PieceNotFound):
        cut(pieces.pair(1000), tapped=(5, 5))


def hooks(edge: int = 900) -> tuple[Cutout, Bytes]:
    """Two long earrings laid aslant, so that each hangs into the other's frame; the left's mask."""
    mask, left = np.zeros((edge, edge), np.uint8), np.zeros((edge, edge), np.uint8)
    for canvas, shift in ((mask, 0), (mask, 200), (left, 0)):
        cv2.line(canvas, (150 + shift, 820), (500 + shift, 120), 255, 46, cv2.LINE_AA)
    return pieces.of(mask, pieces.facets(edge), Kind.EARRING), left


def test_the_tapped_part_comes_whole_and_takes_nothing_of_its_neighbor_along() -> None:
    pair, left = hooks()
    found = cut(pair, tapped=(160, 800))
    assert np.abs(found.alpha - floats(left / 255)).max() < 0.1


def test_refuses_an_empty_photo() -> None:
    empty = np.full((500, 500, 3), 230, np.uint8)
    assert refusal(empty, floats(np.zeros((500, 500)))).code == "no_piece"


def test_refuses_a_person() -> None:
    person = pieces.portrait()
    assert refusal(person, floats(person[..., 0] > 150)).code == "person"


def test_refuses_what_runs_over_the_edge() -> None:
    mask = np.ones((500, 500), np.float32)
    mask[:, 400:] = 0
    assert refusal(colored(mask), mask).code == "cut_off"


def test_refuses_a_small_piece_and_an_unclear_one() -> None:
    small = pieces.ring(180)
    padded = np.pad(small.alpha, 150)
    assert refusal(colored(floats(padded)), floats(padded)).code == "piece_too_small"
    mask = np.zeros((500, 500), np.float32)
    mask[50:450, 50:450], mask[110:390, 110:390] = 0.4, 1
    assert refusal(colored(mask), mask).code == "unclear"


def test_the_small_model_finds_our_ring() -> None:
    """Set-up always fetches u2netp; without it this test says so."""
    matting = load_matting(default_models_dir(), "u2netp")
    assert matting.license_note == U2NETP.license_note
    rgb = np.asarray(Image.open("tests/photos/render_ring.jpg").convert("RGB"))
    found = cut_out(rgb, matting)
    assert found.kind is Kind.RING
    assert found.notes[0].code is CutoutNote.SMALL_MODEL


def test_without_weights_nothing_is_cut_out() -> None:
    with pytest.raises(MattingUnavailable, match=MattingProblem.MISSING):
        load_matting(default_models_dir() / "nowhere")


@pytest.mark.parametrize("gap", [12, 30, 60])
@pytest.mark.parametrize("sides", [(0,), (1,), (0, 1)])
def test_a_chain_that_comes_apart_above_its_bail_is_kept(gap: int, sides: tuple[int, ...]) -> None:
    """The network is less sure of some strands, and sees nothing of them right above the bail."""
    piece = pieces.on_chain(gap=gap, spread=0.35)
    answer = piece.cutout.alpha.copy()
    chain = (answer > 0) & ~grown(piece.body, 3)
    halves = np.zeros_like(chain), np.zeros_like(chain)
    halves[0][:, :450], halves[1][:, 450:] = True, True
    for side in sides:
        answer[chain & halves[side]] *= 0.7
    found = cut_out(pieces.photographed(piece.cutout), pieces.Known(answer))  # type: ignore[arg-type]  # a stand-in
    assert found.kind is Kind.PENDANT
    for half in halves:
        assert (found.alpha[chain & half & (piece.cutout.alpha > 0.5)] > 0.3).mean() > 0.95


def test_a_caption_beside_a_pendant_is_still_dropped() -> None:
    piece = pieces.on_chain(gap=30, spread=0.35)
    answer = piece.cutout.alpha.copy()
    answer[(answer > 0) & ~grown(piece.body, 3)] *= 0.7
    for x in range(60, 300, 30):
        answer[840:860, x : x + 14] = 0.6
    found = cut_out(pieces.photographed(piece.cutout), pieces.Known(answer))  # type: ignore[arg-type]  # a stand-in
    assert found.kind is Kind.PENDANT
    assert found.alpha[830:, :320].max() == 0
