"""An operator's certificate signs what leaves the shop, and nothing is signed without one."""

import io
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.config.commands import provenance, signing_check
from jewelrymodel.generation import operations
from jewelrymodel.generation.models import Asset, Attempt
from jewelrymodel.generation.operations.listing_archive import (
    ArchivedImage,
    FileTooLarge,
    listing_chunks,
)
from jewelrymodel.generation.statuses import AttemptState, GeneratorName
from jewelrymodel.infra import content_credentials, storage
from jewelrymodel.infra.content_credentials import Statement
from jewelrymodel.studio.export import COMPOSITE_SYNTHETIC, GENERATED
from tests.support import generation as world
from tests.support.authority import on_disk, signatory


@pytest.fixture
def asset(account: Account) -> Asset:
    photo = world.approve(world.approved_photo(account))
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED), world.Hands())
    return Asset.objects.get()


@pytest.fixture
def certificate(settings: Settings, tmp_path: Path) -> None:
    paths = on_disk(tmp_path, signatory()[0])
    settings.CONTENT_CREDENTIALS = {**paths, "time_stamp_url": ""}


def downloaded(asset: Asset, fmt: str = "jpeg", size: str = "1080") -> bytes:
    key = operations.export(asset=asset, fmt=fmt, size=size, description=lambda one: ("",))
    return storage.get(key)


def listed(asset: Asset, most_bytes: int | None = None) -> bytes:
    image = ArchivedImage(asset, "image.jpg", "jpeg", (400, 400), most_bytes)
    chunks = listing_chunks(images=[image], texts={}, description=lambda one: ("",))
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as archive:
        return archive.read("image.jpg")


def answered(asset: Asset, content: bytes) -> None:
    """Have the image made of this answer of an image model."""
    attempt = Attempt.objects.create(
        id="gat_1",
        item=asset.item,
        account_id=asset.account_id,
        number=1,
        provider="bfl",
        model="flux",
        key_digest="0",
        state=AttemptState.MADE,
        seed=1,
        price_micros=0,
        cost_micros=0,
        received_key=storage.put("photos/answer", content),
        asked_at=world.NOW,
        ended_at=world.NOW,
    )
    asset.settings = {"attempt": attempt.pk}
    asset.save()


def answer(*, is_signed: bool) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "tan").save(out, "PNG")
    if not is_signed:
        return out.getvalue()
    by, said = signatory("Model")[0], Statement("Model", GENERATED)
    return content_credentials.signed(out.getvalue(), "png", said, by)


@pytest.mark.parametrize("fmt", ["jpeg", "png", "webp"])
@pytest.mark.usefixtures("certificate")
def test_a_download_is_signed_with_the_term_that_it_is_labeled_with(asset: Asset, fmt: str) -> None:
    content = downloaded(asset, fmt)
    found = content_credentials.read(content, fmt)
    assert found is not None
    assert found.is_intact
    assert found.source_type == COMPOSITE_SYNTHETIC
    assert found.ingredients == ()
    assert content.count(COMPOSITE_SYNTHETIC.encode()) >= 2  # the label stands beside it
    assert downloaded(asset, fmt) == content  # a second signature would be another file


@pytest.mark.usefixtures("certificate")
def test_a_listing_is_signed_within_the_bytes_that_are_allowed(asset: Asset) -> None:
    content = listed(asset)
    assert content_credentials.read(content, "jpeg") is not None
    assert listed(asset, len(content) + 100)
    with pytest.raises(FileTooLarge):
        listed(asset, len(content) - 1_000)


@pytest.mark.usefixtures("certificate")
def test_an_answers_statement_goes_along_while_the_answer_is_kept(asset: Asset) -> None:
    answered(asset, answer(is_signed=True))
    found = content_credentials.read(downloaded(asset), "jpeg")
    assert found is not None
    assert found.ingredients == ("Model, Model Ltd",)
    storage.delete("photos/answer")
    found = content_credentials.read(downloaded(asset, size="full"), "jpeg")
    assert found is not None
    assert found.ingredients == ()


@pytest.mark.usefixtures("certificate")
@pytest.mark.parametrize("harm", ["unsigned", "broken", "unreadable"])
def test_an_answer_without_a_sound_statement_keeps_nothing_from_being_signed(
    asset: Asset, harm: str
) -> None:
    content = answer(is_signed=harm != "unsigned")
    if harm == "unreadable":
        content = content.replace(b"jumd", b"jumx")
    answered(asset, content[:-20] + b"\0" + content[-19:] if harm == "broken" else content)
    found = content_credentials.read(downloaded(asset), "jpeg")
    assert found is not None
    assert found.is_intact


def test_without_a_certificate_nothing_is_signed_and_with_one_it_is_at_once(
    asset: Asset, settings: Settings, tmp_path: Path
) -> None:
    assert content_credentials.read(downloaded(asset), "jpeg") is None
    assert content_credentials.read(listed(asset), "jpeg") is None
    paths = on_disk(tmp_path, signatory()[0])
    settings.CONTENT_CREDENTIALS = {**paths, "time_stamp_url": ""}
    assert content_credentials.read(downloaded(asset), "jpeg") is not None


@pytest.mark.parametrize("harm", ["ended", "gone"])
def test_a_certificate_that_signs_no_more_keeps_nobody_from_their_image(
    asset: Asset, settings: Settings, tmp_path: Path, harm: str
) -> None:
    paths = on_disk(tmp_path, signatory(ended=harm == "ended")[0])
    settings.CONTENT_CREDENTIALS = {**paths, "time_stamp_url": ""}
    if harm == "gone":
        Path(paths["certificate"]).unlink()
    assert content_credentials.read(downloaded(asset), "jpeg") is None
    assert listed(asset)
    (wrong,) = signing_check.signing(world.NOW)
    assert wrong.is_fine is False
    on_disk(tmp_path, signatory()[0])
    assert content_credentials.read(downloaded(asset), "jpeg") is not None


@pytest.mark.usefixtures("certificate")
def test_the_doctor_tries_it_and_says_what_a_missing_time_stamp_means(settings: Settings) -> None:
    assert [one.is_fine for one in signing_check.signing(world.NOW)] == [True, None]
    year = world.NOW.replace(year=world.NOW.year + 30)
    assert [one.is_fine for one in signing_check.signing(year)] == [True, None, None]
    settings.CONTENT_CREDENTIALS["time_stamp_url"] = "http://127.0.0.1:9/stamp"
    (wrong,) = signing_check.signing(world.NOW)
    assert wrong.is_fine is False
    assert "127.0.0.1:9" in wrong.words
    settings.CONTENT_CREDENTIALS = {}
    assert list(signing_check.signing(world.NOW)) == []


@pytest.mark.usefixtures("certificate")
def test_whoever_verifies_a_file_is_told_who_signed_and_whether_it_is_whole(
    asset: Asset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(asset, answer(is_signed=True))
    content = downloaded(asset, "png")
    assert provenance.say_label("a.png", content)
    said = capsys.readouterr().out
    assert "signed by Shop, Shop Ltd" in said
    assert "as it was signed" in said
    assert "signed by Model, Model Ltd" in said
    changed = content[:-20] + b"\0" + content[-19:]
    assert not provenance.say_label("a.png", changed)
    assert "BROKEN" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "c2pa", None)
    assert provenance.say_label("a.png", content)
    assert "isn’t checked here" in capsys.readouterr().out
