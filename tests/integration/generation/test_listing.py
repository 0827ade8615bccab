"""Listing help: texts to copy, which image may be used where, and an archive for a marketplace."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Asset, Photo, Piece, TaskItem
from jewelrymodel.generation.operations import alt_texts
from jewelrymodel.generation.operations.own_model_end import end
from jewelrymodel.generation.rules.listing_uses import Fit, Reason
from jewelrymodel.generation.statuses import GeneratorName, OwnModelStatus
from jewelrymodel.studio.metal_color import MetalColor
from jewelrymodel.web.customer.library.listing_uses import Shop, shops_of
from tests.support import generation as world
from tests.support import own_models

MOST_QUERIES = 16
LOOKS = ["packshot", "neck-light", "marble"]


@pytest.fixture
def client(account: Account) -> Client:
    client = Client()
    client.force_login(account.memberships.get().user)
    return client


@pytest.fixture
def piece(account: Account, files: Path) -> Piece:
    """The pendant "Opal" with an image alone, one on a model and one on marble."""
    photo = world.approve(world.approved_photo(account))
    Piece.objects.filter(pk=photo.piece_id).update(
        name="Opal", sku="P-1", kind="pendant", size_mm=18
    )
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED, looks=LOOKS), world.Hands())
    return Piece.objects.get(pk=photo.piece_id)


def page_of(piece: Piece) -> str:
    return f"/library/pieces/{piece.pk}/listing"


def shops(piece: Piece) -> dict[str, Shop]:
    assets = list(queries.images_of(account_id=piece.account_id, piece_ids=[piece.pk]))
    return {shop.slug: shop for shop in shops_of(assets, queries.photos_of(piece))}


def fits(shop: Shop, code: str) -> dict[str, Fit]:
    use = next(use for use in shop.uses if use.rule.code == code)
    return {asset.item.look_id: group.verdict.fit for group in use.groups for asset in group.assets}


def downloaded(client: Client, piece: Piece, **sent: str) -> zipfile.ZipFile:
    answer = client.post(f"{page_of(piece)}/archive", sent)
    assert answer.status_code == 200
    assert answer.streaming
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


def test_each_image_has_its_place_on_each_marketplace(piece: Piece) -> None:
    Asset.objects.update(width_px=2000, height_px=2000)
    found = shops(piece)
    amazon = fits(found["amazon"], "amazon_main")
    assert amazon == {"packshot": Fit.YES, "neck-light": Fit.NO, "marble": Fit.NO}
    etsy = fits(found["etsy"], "etsy_listing")
    assert etsy == {"packshot": Fit.YES, "neck-light": Fit.CHECK, "marble": Fit.CHECK}
    assert set(fits(found["google-merchant-center"], "google_further").values()) == {Fit.YES}
    assert set(fits(found["own-shop"], "shop_banner").values()) == {Fit.NO}


def test_more_images_take_no_more_queries(client: Client, piece: Piece) -> None:
    client.get(page_of(piece))  # measures the color, once
    counts = []
    for gone in ("", "marble", "neck-light"):
        Asset.objects.filter(item__look_id=gone).update(deleted_at=world.NOW)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page_of(piece)).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= MOST_QUERIES


def test_what_is_missing_leads_to_where_it_is_made(client: Client, piece: Piece) -> None:
    photo = Photo.objects.get()
    banner = shops(piece)["own-shop"].uses[1]
    assert banner.missing_href == f"/studio/photos/{photo.pk}?aspect=16%3A9"
    Asset.objects.filter(item__look_id="packshot").update(deleted_at=world.NOW)
    main = shops(piece)["amazon"].uses[0]
    assert main.missing_href == f"/studio/photos/{photo.pk}?look=packshot&aspect=1%3A1"
    etsy = shops(piece)["etsy"].uses[0]
    assert etsy.usable
    assert etsy.missing_href == main.missing_href  # a packshot needs no check
    page = client.get(main.missing_href).content.decode()
    assert 'value="packshot"' in page
    Photo.objects.update(status="shown")
    assert shops(piece)["amazon"].uses[0].missing_href == ""


def test_a_packshot_of_few_pixels_asks_for_a_larger_photo(piece: Piece) -> None:
    Asset.objects.filter(item__look_id="packshot").update(width_px=400, height_px=400)
    ebay = shops(piece)["google-merchant-center"].uses[0]
    assert ebay.needs_larger_photo
    assert Reason.TOO_SMALL in {one for group in ebay.groups for one in group.verdict.reasons}


def test_a_packshot_made_smaller_by_hand_is_to_be_checked(piece: Piece) -> None:
    packshot = Asset.objects.get(item__look_id="packshot")
    packshot.item.adjustment = {"size": 0.6}
    packshot.item.save()
    assert fits(shops(piece)["amazon"], "amazon_main")["packshot"] is Fit.CHECK


def test_the_page_proposes_texts_and_keeps_those_of_the_seller(
    client: Client, piece: Piece, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "color_of_metal", lambda _piece: MetalColor.GOLD)
    answer = client.get(page_of(piece))
    assert answer.context["title"] == "Opal, Pendant, gold-colored, 18 mm"
    proposed = {asset.item.look_id: field.value() for asset, field, _ in answer.context["images"]}
    assert proposed["packshot"] == "Opal, pendant, gold-colored, on white"
    assert proposed["neck-light"].endswith("on the neck of a computer-generated model")
    assert len(answer.context["laws"]) == 2
    worn = Asset.objects.get(item__look_id="neck-light")
    alone = Asset.objects.get(item__look_id="packshot")
    sent = {alone.pk: proposed["packshot"], worn.pk: " An opal,\n worn "}
    assert client.post(f"{page_of(piece)}/texts", sent).status_code == 302
    worn.refresh_from_db()
    alone.refresh_from_db()
    assert (worn.alt_text, alone.alt_text) == ("An opal, worn", "")  # what is proposed isn't kept
    too_long = client.post(f"{page_of(piece)}/texts", {worn.pk: "x" * 251})
    assert too_long.status_code == 422
    worn.refresh_from_db()
    assert worn.alt_text == "An opal, worn"
    assert client.get(f"{page_of(piece)}/texts")["Location"] == page_of(piece)


def test_the_archive_has_images_texts_and_the_table(client: Client, piece: Piece) -> None:
    Asset.objects.filter(item__look_id="marble").update(alt_text="=Opal")
    archive = downloaded(client, piece, shop="shopify", base="https://shop.example/files/")
    names = archive.namelist()
    assert {"listing.txt", "shopify.csv"} < set(names)
    images = [name for name in names if name.endswith(".jpg")]
    assert len(images) == len(LOOKS)
    assert [look_of(name) for name in images] == LOOKS  # the piece alone first, then worn
    for name in images:
        own = Image.open(io.BytesIO(archive.read(name)))
        assert own.size == (Asset.objects.get(item__look_id=look_of(name)).width_px,) * 2
    text = archive.read("listing.txt").decode()
    assert "Opal, Pendant" in text
    assert "No real person is shown." in text
    rows = list(csv.DictReader(io.StringIO(archive.read("shopify.csv").decode())))
    assert [row["Product image URL"] for row in rows] == [
        f"https://shop.example/files/{name}" for name in images
    ]
    assert "'=Opal" in {row["Image alt text"] for row in rows}


def look_of(name: str) -> str:
    return name.removeprefix("p-1-").rpartition("-1x1-")[0]


def test_a_transparent_packshot_stays_so_where_it_is_taken(
    client: Client, account: Account, piece: Piece
) -> None:
    world.work(
        world.order(
            Photo.objects.get(),
            generator=GeneratorName.EMBEDDED,
            looks=["packshot-clear"],
            key="clear",
        ),
        world.Hands(),
    )
    clear = "packshot-clear-1x1"
    Asset.objects.update(width_px=600, height_px=600)
    google = downloaded(client, piece, shop="google-merchant-center").namelist()
    amazon = downloaded(client, piece, shop="amazon").namelist()
    assert any(clear in name and name.endswith(".png") for name in google)
    assert any(clear in name and name.endswith(".jpg") for name in amazon)
    assert "google.tsv" not in google  # nobody knows yet where the images will be
    with_base = downloaded(
        client, piece, shop="google-merchant-center", base="https://shop.example/i"
    )
    assert "google.tsv" in with_base.namelist()


def test_a_file_is_reduced_to_what_is_of_use_and_bounded(client: Client, piece: Piece) -> None:
    archive = downloaded(client, piece, shop="instagram")
    for name in archive.namelist():
        if name.endswith(".jpg"):
            assert min(Image.open(io.BytesIO(archive.read(name))).size) <= 1440
    asset = Asset.objects.get(item__look_id="packshot")
    image = operations.ArchivedImage(asset, "a.jpg", "jpeg", (64, 64), most_bytes=10)
    with pytest.raises(operations.FileTooLarge):
        operations.listing_chunks(images=[image], texts={}, description=lambda _asset: ())


@pytest.mark.parametrize(
    "sent", [{"shop": "nowhere"}, {}, {"shop": "shopify", "base": "javascript:alert(1)"}]
)
def test_what_cannot_be_read_is_refused(client: Client, piece: Piece, sent: dict[str, str]) -> None:
    assert client.post(f"{page_of(piece)}/archive", sent).status_code == 422


def test_without_a_fitting_image_there_is_no_archive(client: Client, account: Account) -> None:
    bare = world.piece(account, name="Bare")
    answer = client.post(f"{page_of(bare)}/archive", {"shop": "etsy"})
    assert answer["Location"] == page_of(bare)
    assert client.get(page_of(bare)).status_code == 200


def test_a_person_is_offered_only_where_she_agreed_and_while_she_does(
    client: Client, account: Account, piece: Piece
) -> None:
    model = own_models.agreed(account, "neck")
    worn = Asset.objects.get(item__look_id="neck-light")
    TaskItem.objects.filter(pk=worn.item_id).update(own_model=model, look_id=model.pk)
    found = shops(piece)
    assert fits(found["shopify"], "shopify_product")[model.pk] is Fit.YES
    assert fits(found["etsy"], "etsy_listing")[model.pk] is Fit.NO
    answer = client.get(page_of(piece))
    (line,) = (line for asset, _, line in answer.context["images"] if asset.pk == worn.pk)
    assert "agreed" in line
    assert answer.context["laws"] == []
    text = {asset.pk: field.value() for asset, field, _ in answer.context["images"]}
    assert text[worn.pk].endswith("on a model’s neck")
    later = world.NOW + timedelta(days=1)
    with transaction.atomic():
        end(model, OwnModelStatus.REVOKED, later)
    shown = {asset.pk for asset, _, _ in client.get(page_of(piece)).context["images"]}
    assert worn.pk not in shown
    with pytest.raises(operations.AgreementOver):
        operations.listing_chunks(
            images=[operations.ArchivedImage(worn, "a.jpg", "jpeg", (64, 64))],
            texts={},
            description=lambda _asset: (),
        )


def test_another_account_has_no_listing_of_it(piece: Piece) -> None:
    other = Client()
    other.force_login(world.seller("Other").memberships.get().user)
    assert other.get(page_of(piece)).status_code == 404
    for act in ("texts", "archive"):
        assert other.post(f"{page_of(piece)}/{act}", {"shop": "etsy"}).status_code == 404
    with pytest.raises(Asset.DoesNotExist):
        operations.set_alt_texts(account_id="another", texts={Asset.objects.all()[0].pk: "x"})


def test_the_color_is_that_of_the_approved_photos_and_measured_once(
    piece: Piece, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert operations.color_of_metal(piece) is MetalColor.GOLD
    monkeypatch.setattr(alt_texts, "metal_color", lambda *_pictures: MetalColor.SILVER)
    assert operations.color_of_metal(piece) is MetalColor.GOLD
    Photo.objects.update(view_key=Photo.objects.get().cutout_view_key)
    monkeypatch.setattr(alt_texts, "_EDITION", 0)
    assert operations.color_of_metal(piece) is MetalColor.SILVER
    monkeypatch.setattr(alt_texts, "_EDITION", -1)
    monkeypatch.setattr(alt_texts, "metal_color", lambda *_pictures: None)
    assert operations.color_of_metal(piece) is operations.color_of_metal(piece) is None
    monkeypatch.setattr(alt_texts, "_EDITION", -2)
    Photo.objects.update(status="shown")
    assert operations.color_of_metal(piece) is None
    Photo.objects.update(status="approved", view_key="gone")
    assert operations.color_of_metal(piece) is None
