"""Somebody in a picture is seen, and nobody in jewelry, its grounds or the piece itself."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, Mask
from jewelrymodel.studio.matting_weights import default_models_dir
from jewelrymodel.studio.people import PersonSign, person_in
from jewelrymodel.studio.people_networks import (
    FILES,
    HANDS,
    PeopleNetworks,
    PeopleUnavailable,
    are_installed,
    load_people_networks,
)

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "src/jewelrymodel/studio/templates"
PHOTOS = sorted((ROOT / "tests/photos").glob("**/*.jpg"))


@pytest.fixture(scope="module")
def networks() -> PeopleNetworks:
    return load_people_networks(default_models_dir())


def picture(path: Path) -> Bytes:
    return np.asarray(Image.open(path).convert("RGB").resize((512, 512)))


def nowhere(rgb: Bytes) -> Mask:
    return np.zeros(rgb.shape[:2], bool)


@pytest.mark.parametrize("tone", ["light", "tan", "deep"])
@pytest.mark.parametrize("turn", [0, 1, 2])
def test_a_hand_is_seen_however_it_is_turned(
    networks: PeopleNetworks, tone: str, turn: int
) -> None:
    hand = np.rot90(picture(TEMPLATES / f"hand-{tone}-35" / "picture.webp"), turn)
    seen = person_in(np.ascontiguousarray(hand), nowhere(hand), networks)
    assert seen is PersonSign.HAND


@pytest.mark.parametrize("path", PHOTOS, ids=[one.stem for one in PHOTOS])
def test_nobody_is_seen_where_nobody_is(networks: PeopleNetworks, path: Path) -> None:
    rgb, truth = picture(path), path.with_suffix(".png")
    piece = np.asarray(Image.open(truth).resize((512, 512))) if truth.exists() else None
    own = nowhere(rgb) if piece is None else piece.reshape(512, 512, -1)[..., -1] > 127
    assert person_in(rgb, own, networks) is None


def test_what_lies_within_the_piece_is_the_pieces(networks: PeopleNetworks) -> None:
    hand = picture(TEMPLATES / "hand-tan-35" / "picture.webp")
    assert person_in(hand, ~nowhere(hand), networks) is None


def test_whoever_is_seen_through_a_necklace_is_seen(networks: PeopleNetworks) -> None:
    hand = picture(TEMPLATES / "hand-tan-35" / "picture.webp")
    strand = nowhere(hand)
    strand[[4, -5]] = strand[:, [4, -5]] = True  # round the whole picture
    assert person_in(hand, strand, networks) is PersonSign.HAND


def test_a_network_that_lacks_or_was_changed_is_told_by_its_file(tmp_path: Path) -> None:
    assert not are_installed(tmp_path)
    with pytest.raises(PeopleUnavailable, match=FILES[0].file_name):
        load_people_networks(tmp_path)
    for one in FILES:
        shutil.copyfile(one.path(default_models_dir()), one.path(tmp_path))
    assert are_installed(tmp_path)
    HANDS.path(tmp_path).write_bytes(b"changed")
    assert not are_installed(tmp_path)
    with pytest.raises(PeopleUnavailable, match=HANDS.file_name):
        load_people_networks(tmp_path)
