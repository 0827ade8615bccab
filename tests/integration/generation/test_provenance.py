"""A picture's file is asked what it says, and found again in our records without that."""

import io
from pathlib import Path

import pytest
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.config.commands import provenance
from jewelrymodel.config.commands.provenance import FileUnreadable
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import storage
from tests.support import generation as world


@pytest.fixture
def asset(account: Account, files: Path) -> Asset:
    photo = world.approve(world.approved_photo(account))
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED), world.Hands())
    return Asset.objects.get()


def stripped(asset: Asset) -> bytes:
    """What a shop makes of it: smaller, a JPEG, nothing said."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(storage.get(asset.image_key))).convert("RGB")
    image.resize((image.width // 2, image.height // 2)).save(out, "JPEG", quality=60)
    return out.getvalue()


def test_the_very_file_and_a_stripped_copy_lead_to_the_record(
    asset: Asset, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, copy = storage.get(asset.image_key), stripped(asset)
    assert provenance.say_label("whole.png", whole)
    assert provenance.say_record("whole.png", whole)
    said = capsys.readouterr().out
    assert "compositeSynthetic" in said
    assert f"the very file of image {asset.id}" in said
    assert not provenance.say_label("copy.jpg", copy)
    assert provenance.say_record("copy.jpg", copy)
    said = capsys.readouterr().out
    assert "doesn’t say how it was made" in said
    assert "looks like image" in said
    assert asset.id in said


def test_another_picture_and_an_erased_one_are_not_found(
    asset: Asset, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = stripped(asset)
    out = io.BytesIO()
    Image.effect_noise((300, 300), 80).resize((20, 20)).resize((300, 300)).save(out, "PNG")
    assert not provenance.say_record("other.png", out.getvalue())
    Asset.objects.update(purged_at=world.NOW)
    assert not provenance.say_record("copy.jpg", copy)
    assert "know no image like it" in capsys.readouterr().out


def test_images_of_before_are_found_once_they_are_indexed(asset: Asset) -> None:
    copy = stripped(asset)
    Asset.objects.update(look_hash=None)
    assert not provenance.say_record("copy.jpg", copy)
    assert provenance.index() == 0
    assert provenance.say_record("copy.jpg", copy)


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        provenance.read(str(tmp_path / "missing.png"))
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(FileUnreadable):
        provenance.say_label("text.png", provenance.read(str(tmp_path / "text.png")))
