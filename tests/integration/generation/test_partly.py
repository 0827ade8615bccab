"""What a job's page says when some of its images did not come, and the credits above it."""

import re

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.generation.statuses import ItemState, Reason
from tests.support.generation import Hands, order, seller, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> Account:
    return seller()


@pytest.fixture
def client(account: Account) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    return browser


def page(client: Client, task: Task, end: str = "") -> str:
    return client.get(f"/studio/tasks/{task.id}{end}").content.decode()


def chip(html: str) -> str:
    """The credits in the header."""
    found = re.search(r'<div id="balance"[^>]*>\s*<a class="chip" href="/credits">(.*?)</a>', html)
    return found[1] if found else ""


def partly(photo: Photo, hands: Hands, images: int) -> Task:
    """A job of which only some images come."""
    return work(order(photo, images=images, key=f"of {images}", behaviour="part"), hands)


@pytest.mark.clause("5.3")
def test_what_came_and_what_the_rest_cost_is_said_in_words(
    client: Client, photo: Photo, generator: str, hands: Hands
) -> None:
    two, four = partly(photo, hands, 2), partly(photo, hands, 4)
    html = page(client, two)
    assert "partly finished" in html
    assert ">finished</span>" not in html
    assert "1 of 2 images were delivered; the other one was free." in html
    assert "3 of 4 images were delivered; the other one was free." in page(client, four)
    four.items.filter(position=0).update(state=ItemState.FAILED, reason_code=Reason.BLANK)
    assert "2 of 4 images were delivered; the other 2 were free." in page(client, four)


def test_a_whole_job_is_finished_and_offers_all_its_looks_again(
    client: Client, photo: Photo, generator: str, hands: Hands
) -> None:
    task = work(order(photo, images=2), hands)
    html = page(client, task)
    assert ">finished</span>" in html
    assert "was free." not in html
    again = "&amp;".join(f"look={item.look_id}" for item in queries.items(task))
    assert f'href="/studio/photos/{photo.id}?{again}"' in html


def test_ordering_again_picks_what_did_not_come(
    client: Client, photo: Photo, generator: str, hands: Hands
) -> None:
    task = partly(photo, hands, 2)
    (missing,) = [one for one in queries.items(task) if one.state == ItemState.FAILED]
    address = f"/studio/photos/{photo.id}?look={missing.look_id}"
    assert f'href="{address}"' in page(client, task)
    assert client.get(address).context["chosen"] == [missing.look_id]


def test_the_credits_in_the_header_follow_the_end_of_a_job(
    client: Client, photo: Photo, generator: str, hands: Hands
) -> None:
    task = order(photo, images=2, behaviour="fail")
    assert chip(page(client, task)) == "8 credits"
    under_way = page(client, task, "/progress")
    assert not chip(under_way)
    work(task, hands)
    ended = page(client, task, "/progress")
    assert chip(ended) == "10 credits"
    assert 'hx-swap-oob="true"' in ended
    assert "2 credits returned" in ended
