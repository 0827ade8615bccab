"""What each file of an image says of how it was made: in all sizes, by each way out of the shop."""

import io
import zipfile
from collections.abc import Iterable

import pytest
from django.test import Client
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.operations import Marks
from jewelrymodel.generation.operations.listing_archive import ArchivedImage, listing_chunks
from jewelrymodel.generation.rules.source_types import STRONGEST_TERM
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import storage
from jewelrymodel.studio.export import (
    COMPOSITE_CAPTURE,
    COMPOSITE_GENERATED,
    COMPOSITE_SYNTHETIC,
    GENERATED,
    HUMAN_EDITS,
)
from tests.support import generation as world

NOTHING, DRAWN = ("",), {"code": "plain_chain_drawn"}


@pytest.fixture
def asset(account: Account, files: object) -> Asset:
    photo = world.approve(world.approved_photo(account))
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED), world.Hands())
    return Asset.objects.get()


@pytest.fixture
def client(account: Account) -> Client:
    client = Client()
    client.force_login(account.memberships.get().user)
    return client


def described(asset: Asset) -> tuple[str, ...]:
    return NOTHING


def term(content: bytes) -> str:
    """The digital source type in a file, which has to be said once."""
    _head, rest = content.split(b"DigitalSourceType>", 1)
    return rest.split(b"<", 1)[0].decode()


def inside(archive: Iterable[bytes]) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(archive))) as opened:
        return [opened.read(name) for name in opened.namelist() if not name.endswith(".txt")]


def every_file(asset: Asset) -> dict[str, bytes]:
    """What each way out of the shop hands over."""
    found = {"master": asset.image_key, "page": asset.view_key}
    found["list"] = operations.small_image(asset)
    for fmt, size in (("jpeg", "full"), ("png", "1080"), ("webp", "1080")):
        found[f"{fmt} {size}"] = operations.export(
            asset=asset, fmt=fmt, size=size, description=described
        )
    content = {name: storage.get(key) for name, key in found.items()}
    archive = operations.archive_chunks(
        assets=[asset], fmt="jpeg", size="1080", description=described
    )
    content["archive"] = inside(archive)[0]
    image = ArchivedImage(asset, "image.jpg", "jpeg", (400, 400))
    listing = listing_chunks(images=[image], texts={}, description=described)
    content["listing"] = inside(listing)[0]
    return content


def test_every_file_says_that_its_surroundings_were_rendered(asset: Asset) -> None:
    said = {name: term(content) for name, content in every_file(asset).items()}
    assert len(said) == 8
    assert set(said.values()) == {COMPOSITE_SYNTHETIC}, said


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"generator": GeneratorName.HOSTED}, COMPOSITE_GENERATED),
        ({"look_id": "packshot"}, HUMAN_EDITS),
        ({"look_id": "model_1"}, COMPOSITE_CAPTURE),
        (
            {"look_id": "model_1", "alterations": [{"code": "plain_chain_drawn"}]},
            COMPOSITE_SYNTHETIC,
        ),
    ],
    ids=["hosted", "packshot", "own model", "own model with a drawn chain"],
)
def test_what_is_made_of_an_image_says_what_the_image_is(
    asset: Asset, fields: dict[str, object], expected: str
) -> None:
    for name in fields.keys() & {"generator", "alterations"}:
        setattr(asset, name, fields[name])
    asset.item.look_id = str(fields.get("look_id", asset.item.look_id))
    said = {name: term(content) for name, content in every_file(asset).items()}
    made_anew = {name: one for name, one in said.items() if name not in ("master", "page")}
    assert set(made_anew.values()) == {expected}, said


@pytest.mark.parametrize("generator", [GeneratorName.EMBEDDED, GeneratorName.HOSTED])
def test_an_export_may_say_more_and_never_less(asset: Asset, generator: GeneratorName) -> None:
    asset.generator = generator
    own = COMPOSITE_GENERATED if generator is GeneratorName.HOSTED else COMPOSITE_SYNTHETIC
    said = [
        term(storage.get(operations.export(
            asset=asset, fmt="png", size="1080", description=described, marks=Marks(wanted)
        )))
        for wanted in (STRONGEST_TERM, "humanEdits", "no such term")
    ]  # fmt: skip
    assert said == [GENERATED, own, own]


def test_the_line_is_written_into_the_edge_where_its_seller_wants_it(
    client: Client, asset: Asset
) -> None:
    page = client.get(f"/library/images/{asset.id}").content.decode()
    assert "Photographed piece in a computer-generated scene" in page
    path = f"/library/images/{asset.id}/download?format=png&size=full"
    plain, lined = (
        client.get(path + more, follow=True).getvalue() for more in ("", "&line=yes&term=generated")
    )
    assert (term(plain), term(lined)) == (COMPOSITE_SYNTHETIC, GENERATED)
    one, two = (Image.open(io.BytesIO(content)).convert("RGB") for content in (plain, lined))
    assert one.size == two.size
    edge = (0, one.height * 9 // 10, one.width, one.height)
    assert one.crop(edge).tobytes() != two.crop(edge).tobytes()
    upper = (0, 0, one.width, one.height * 9 // 10)
    assert one.crop(upper).tobytes() == two.crop(upper).tobytes()
    assert image_files.load(asset.image_key).shape[:2] == (one.height, one.width)
