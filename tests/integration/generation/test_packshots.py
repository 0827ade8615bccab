"""A packshot leaves us as white as it was made, and says that it is a retouched photograph."""

import io

import numpy as np
import pytest
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.generation.statuses import GeneratorName, TaskStatus
from jewelrymodel.infra import storage
from jewelrymodel.studio.export import COMPOSITE_SYNTHETIC, HUMAN_EDITS
from jewelrymodel.studio.looks import LookKind
from jewelrymodel.web.studio_messages.display import file_description
from tests.support.generation import Hands, order, work

WHITE, CLEAR = "packshot", "packshot-clear"


@pytest.fixture
def shots(account: Account, photo: Photo) -> dict[str, Asset]:
    task = order(photo, generator=GeneratorName.EMBEDDED, looks=[WHITE, CLEAR, "marble"])
    assert work(task, Hands()).status == TaskStatus.SUCCEEDED
    return {one.item.look_id: one for one in queries.assets(account_id=account.id)}


def exported(asset: Asset, fmt: str, size: str = "full") -> Image.Image:
    key = operations.export(asset=asset, fmt=fmt, size=size, description=file_description)
    return Image.open(io.BytesIO(storage.get(key)))


def edge_of(image: Image.Image) -> np.ndarray:
    pixels = np.asarray(image)
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def test_the_edge_is_white_in_every_file(shots: dict[str, Asset]) -> None:
    for fmt in ("png", "jpeg", "webp"):
        for size in ("full", "1080"):
            assert (edge_of(exported(shots[WHITE], fmt, size)) == 255).all()
    assert (edge_of(exported(shots[CLEAR], "jpeg")) == 255).all()


def test_a_transparent_one_stays_transparent_where_the_format_can(shots: dict[str, Asset]) -> None:
    for fmt in ("png", "webp"):
        for size in ("full", "2000"):
            image = exported(shots[CLEAR], fmt, size)
            assert image.mode == "RGBA"
            assert (edge_of(image)[:, 3] == 0).all()
            assert np.asarray(image)[..., 3].max() == 255
    assert exported(shots[CLEAR], "jpeg").mode == "RGB"


def test_every_file_says_that_it_is_a_retouched_photograph(shots: dict[str, Asset]) -> None:
    for look_id, asset in shots.items():
        term, other = HUMAN_EDITS, COMPOSITE_SYNTHETIC
        if look_id == "marble":
            term, other = other, term
        downloaded = operations.export(
            asset=asset, fmt="jpeg", size="full", description=file_description
        )
        for key in (asset.image_key, asset.view_key, downloaded):
            assert term.encode() in storage.get(key)
            assert other.encode() not in storage.get(key)
    assert queries.look_kind(WHITE) is LookKind.PACKSHOT


def test_a_preview_of_a_transparent_one_is_laid_on_white(account: Account, photo: Photo) -> None:
    key = operations.make_preview(account_id=account.id, photo_id=photo.id, look_id=CLEAR)
    assert image_files.load(key).min(2).max() == 255
