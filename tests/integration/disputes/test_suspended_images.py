"""An image whose payment is disputed says so wherever the library shows it."""

import pytest
from django.test import Client

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset
from tests.support.bank import Bank, job
from tests.support.desk import read

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]
BADGE = "download suspended"


def pages(image: Asset) -> tuple[str, str]:
    """The two lists that show it: all images, and those of its piece."""
    return "/library/images", f"/library/pieces/{image.item.task.photo.piece_id}"


def test_the_library_shows_it_before_anybody_downloads(bank: Bank, client: Client) -> None:
    """R19: a suspended image looked like any other until it was downloaded."""
    client.force_login(bank.seller.user)
    order = bank.buy()
    job(bank, took=4, delivered=2)
    image = Asset.objects.order_by("pk")[0]
    for page in (*pages(image), f"/library/images/{image.pk}"):
        assert BADGE not in read(client, page)
    work = bank.dispute(order)
    for page in pages(image):
        assert read(client, page).count(BADGE) == 2, page
    own = read(client, f"/library/images/{image.pk}")
    assert "Downloads of this image are suspended because the payment" in own
    assert 'id="download" hidden' in own
    bank.decide(work, "won")
    for page in pages(image):
        assert BADGE not in read(client, page)
    assert 'id="download" hidden' not in read(client, f"/library/images/{image.pk}")


def test_what_came_late_was_free_and_stays(bank: Bank) -> None:
    order = bank.buy()
    task = job(bank, took=4, delivered=2)
    late, paid = task.items.order_by("position")
    late.late = True
    late.save()
    bank.dispute(order)
    images = Asset.objects.select_related("item__task")
    assert [queries.is_suspended(images.get(item=one)) for one in (late, paid)] == [False, True]
    suspended = queries.with_suspended(images).filter(download_suspended=True)
    assert list(suspended.values_list("pk", flat=True)) == [paid.pk]


def test_what_another_order_paid_for_is_not_suspended(bank: Bank) -> None:
    first, second = bank.buy(), bank.buy(key="another-page-key")
    job(bank, took=100, delivered=2)
    job(bank, took=5, delivered=2)
    for order, count in ((second, 2), (first, 4)):
        bank.dispute(order)
        images = queries.with_suspended(Asset.objects.all())
        assert images.filter(download_suspended=True).count() == count
