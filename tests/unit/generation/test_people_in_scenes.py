"""A scene that came back with somebody in it: discarded, with a reason of its own."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from jewelrymodel.generation.adapters import scene_output
from jewelrymodel.generation.adapters.provider import NoPicture
from jewelrymodel.generation.gateway import GeneratorRequest, Output
from jewelrymodel.generation.rules.described_scene import DESCRIBED
from jewelrymodel.generation.statuses import AttemptState, Reason
from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.composition import Composition
from jewelrymodel.studio.matting_weights import default_models_dir
from jewelrymodel.studio.people_networks import load_people_networks
from tests.support.generation import drawn_piece

HAND = Path(__file__).parents[3] / "src/jewelrymodel/studio/templates/hand-tan-35"
REQUEST = GeneratorRequest(
    "task_1:0", drawn_piece(), "pendant", 24, 400, {0: Composition(DESCRIBED, "1:1")}
)
PLAN = scene_output.placed(REQUEST, 0, 512)


def scene() -> Bytes:
    """A gray surface round the piece."""
    height, width = PLAN.canvas.paint.shape
    grain = cv2.GaussianBlur(np.random.default_rng(4).normal(0, 30, (height, width, 3)), (0, 0), 2)
    surface = np.clip(np.array((120, 130, 140)) + grain, 0, 255).astype(np.uint8)
    return np.where((PLAN.canvas.paint > 0)[..., None], surface, PLAN.canvas.picture)


def with_a_hand(picture: Bytes) -> Bytes:
    """The same with a hand on the surface, behind the piece."""
    height, width = picture.shape[:2]
    hand = np.asarray(Image.open(HAND / "picture.webp").convert("RGB").resize((width, height)))
    return np.where((PLAN.canvas.paint > 0)[..., None], hand, picture)


def finished(picture: Bytes, *, is_looked_at: bool = True) -> Output:
    people = load_people_networks(default_models_dir()) if is_looked_at else None
    return scene_output.output(REQUEST, 0, PLAN, picture, None, people)


def test_nobody_is_taken_for_somebody() -> None:
    assert finished(scene()).settings["people_looked_for"]


def test_somebody_is_refused_by_that_name() -> None:
    with pytest.raises(NoPicture) as refused:
        finished(with_a_hand(scene()))
    assert (refused.value.state, refused.value.reason) == (AttemptState.UNFIT, Reason.PERSON_SEEN)
    assert refused.value.detail == "person: hand"


def test_where_nothing_looks_the_image_says_so() -> None:
    made = finished(with_a_hand(scene()), is_looked_at=False)
    assert not made.settings["people_looked_for"]
