import numpy as np
import pytest

from jewelrymodel.generation.rules.blank_image import is_blank
from jewelrymodel.generation.rules.download_formats import FORMATS, SIZES, fitted_size
from jewelrymodel.generation.rules.task_outcome import final_status
from jewelrymodel.generation.statuses import ItemState, Reason, TaskStatus


def test_one_tone_is_blank_whatever_its_color_and_a_speck_does_not_help() -> None:
    image = np.full((100, 100, 3), (243, 238, 230), np.uint8)
    image[3, 3] = 0
    assert is_blank(image)


def test_a_ramp_or_a_piece_is_not_blank() -> None:
    ramp = np.broadcast_to(np.linspace(90, 110, 64).astype(np.uint8)[:, None, None], (64, 64, 3))
    piece = np.full((64, 64, 3), 240, np.uint8)
    piece[20:40, 20:40] = (200, 160, 40)
    assert not is_blank(np.asarray(ramp, np.uint8))
    assert not is_blank(piece)


@pytest.mark.parametrize(
    ("states", "canceled", "status"),
    [
        ([ItemState.DELIVERED, ItemState.FAILED], False, TaskStatus.SUCCEEDED),
        ([ItemState.DELIVERED, ItemState.CANCELED], True, TaskStatus.SUCCEEDED),
        ([ItemState.FAILED], False, TaskStatus.FAILED),
        ([ItemState.CANCELED], True, TaskStatus.CANCELED),
    ],
)
def test_one_durable_image_makes_a_success(
    states: list[str], canceled: bool, status: TaskStatus
) -> None:
    assert final_status(states, canceled=canceled) == status


def test_every_reason_has_a_sentence_of_its_own() -> None:
    sentences = [str(reason.label) for reason in Reason]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_sizes_are_words_that_fit_into_addresses() -> None:
    assert set(FORMATS) == {"jpeg", "png", "webp"}
    assert SIZES["full"] is None
    assert all(name.isalnum() for name in SIZES)
    assert fitted_size("1:1", 1080) == (1080, 1080)
    assert fitted_size("4:5", 1080) == (1080, 1350)
    assert fitted_size("9:16", 1080) == (1080, 1920)
    assert fitted_size("16:9", 1080) == (1920, 1080)
