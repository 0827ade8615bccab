"""Missing credits are bought where they are missed, and the work goes on where it was."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.generation import operations as generation
from jewelrymodel.generation import tasks
from jewelrymodel.generation.models import Photo, Selection, Task
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.statuses import OrderState
from tests.support import generation as world
from tests.support.generation import credits_of
from tests.support.shop import DECLINED, Sandbox, deliver, now, register

LOOKS = ["linen", "marble"]
Form = dict[str, str | list[str]]


@pytest.fixture
def seller(committing_db: None, files: Path) -> Membership:
    """Somebody without a credit, in a database that commits."""
    return register()


@pytest.fixture
def photo(seller: Membership) -> Photo:
    return world.approve(world.approved_photo(seller.account))


@pytest.fixture
def browser(seller: Membership, sandbox: Sandbox) -> Client:
    client = Client()
    client.force_login(seller.user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def hidden(html: str) -> dict[str, str]:
    """The page's hidden fields."""
    found = re.findall(
        r'<input type="hidden"\s+name="(key|sku|offer|promised)"\s+value="([^"]+)"', html
    )
    return dict(found)


def short(client: Client, photo: Photo, looks: list[str] = LOOKS) -> tuple[str, Form]:
    """Press Generate without a credit: the page that follows, and its form as it then stands."""
    address = f"/studio/photos/{photo.id}"
    key = hidden(page(client, address))["key"]
    answer = client.post(f"{address}/generate", {"look": looks, "key": key})
    assert answer.status_code == 302
    html = page(client, answer["Location"])
    return html, {**hidden(html), "look": looks, "country": "US", "capacity": "business"}


def buy(client: Client, photo: Photo, form: Form, status: int = 302) -> str:
    answer = client.post(f"/studio/photos/{photo.id}/buy", form)
    assert answer.status_code == status, answer.content.decode()
    return answer["Location"] if status == 302 else answer.content.decode()


def back(order: Order) -> str:
    return f"/billing/orders/{order.pk}/return"


def test_the_button_says_what_is_bought_and_what_is_made(browser: Client, photo: Photo) -> None:
    html, form = short(browser, photo)
    button = re.search(r"<button[^>]*/buy\"[^>]*>(.*?)</button>", html, re.DOTALL)
    assert button is not None
    words = " ".join(unescape(button[1]).split())
    assert words == "Buy 20 credits for $9.00, no tax added, and make 2 images"
    assert "2 credits are missing" in html
    assert form["sku"] == "tray"
    assert html.count("checked") >= len(LOOKS)
    assert not Order.objects.exists()


def test_the_work_goes_on_where_it_was(
    browser: Client, seller: Membership, photo: Photo, sandbox: Sandbox
) -> None:
    _, form = short(browser, photo)
    url = buy(browser, photo, form)
    order = Order.objects.get()
    assert browser.get(buy(browser, photo, form))["Location"] == url  # a double click
    assert order.consents == []
    assert credits_of(seller.account) == (0, 0)
    sandbox.pay(url)
    first = browser.get(back(order))
    task = Task.objects.get()
    assert first["Location"] == f"/studio/tasks/{task.pk}"
    assert browser.get(back(order))["Location"] == first["Location"]
    assert "We added 20 credits, and your images are being made" in page(browser, first["Location"])
    assert [one.look_id for one in task.items.all()] == LOOKS
    assert credits_of(seller.account) == (18, 2)
    again = browser.post(f"/studio/photos/{photo.id}/buy", form, follow=True)
    assert again.redirect_chain[-1][0] == first["Location"]
    assert (Task.objects.count(), Order.objects.count()) == (1, 1)


def test_what_was_shown_cheaper_is_not_ordered(browser: Client, photo: Photo) -> None:
    _, form = short(browser, photo)
    buy(browser, photo, form | {"prices": "model:1 packshot:1 scene:0"}, status=422)
    assert not Order.objects.exists()
    buy(browser, photo, form | {"prices": "model:1 packshot:1 scene:1"})
    assert Order.objects.exists()


def test_consents_are_asked_as_at_the_checkout(browser: Client, photo: Photo) -> None:
    _, form = short(browser, photo)
    consumer = form | {"country": "DE", "capacity": "consumer"}
    asked = buy(browser, photo, consumer, status=422)
    assert 'name="express_consent_to_start"' in asked
    assert "error-summary" in asked
    assert not Order.objects.exists()
    missing = f"/studio/photos/{photo.id}/missing-credits"
    part = browser.get(missing, consumer).content.decode()
    assert 'name="ack_of_loss"' in part
    assert "error-summary" not in part
    agreed = consumer | hidden(asked) | {"express_consent_to_start": "on", "ack_of_loss": "on"}
    buy(browser, photo, agreed)
    assert len(Order.objects.get().consents) == 2


def test_a_payment_that_fails_keeps_the_choice_and_holds_nothing(
    browser: Client, seller: Membership, photo: Photo, sandbox: Sandbox
) -> None:
    _, form = short(browser, photo)
    sandbox.pay(buy(browser, photo, form), DECLINED)
    order = Order.objects.get()
    html = page(browser, back(order))
    address = unescape(re.search(r'href="(/studio/photos/[^"]+)"', html)[1])  # type: ignore[index]  # there
    assert parse_qs(urlsplit(address).query)["look"] == LOOKS
    for where in (address, f"/studio/photos/{photo.id}"):
        again = page(browser, where)
        assert all(re.search(rf'value="{one}"\s+checked', again) for one in LOOKS), where
        assert "no tax added" in again
    assert (Task.objects.count(), credits_of(seller.account)) == (0, (0, 0))
    browser.post(f"/billing/orders/{order.pk}/cancel")
    order.refresh_from_db()
    assert order.state == OrderState.CANCELED
    assert "Back to your choice" in page(browser, back(order))


def test_another_choice_from_the_same_page_is_another_order(
    browser: Client, photo: Photo, sandbox: Sandbox
) -> None:
    _, form = short(browser, photo)
    buy(browser, photo, form)
    url = buy(browser, photo, form | {"look": ["linen"]})
    assert Order.objects.count() == Selection.objects.count() == 2
    sandbox.pay(url)
    browser.get(back(Order.objects.latest("number")))
    assert [one.look_id for one in Task.objects.get().items.all()] == ["linen"]


@pytest.mark.parametrize("lost", [False, True])
def test_a_webhook_that_is_late_lost_or_doubled_starts_it_once(
    browser: Client, seller: Membership, photo: Photo, sandbox: Sandbox, lost: bool
) -> None:
    """Nobody comes back to our page; where the webhook is lost, the sweeper looks."""
    _, form = short(browser, photo)
    sandbox.pay(buy(browser, photo, form))
    order = Order.objects.get()
    if lost:
        due = queries.orders_to_look_at(now=now() + timedelta(minutes=5), limit=9)
        assert order.pk in due
        operations.settle_order(order_id=order.pk, now=now())
    else:
        for letter in sandbox.wait_for("checkout.session.completed") * 2:
            assert deliver(browser, letter) == 200
        for job in ProcrastinateJob.objects.filter(task_name=operations.PROCESS):
            operations.process_message(now=now(), **job.args)
    for job in ProcrastinateJob.objects.filter(task_name="generation.start_selection"):
        for _ in range(2):
            tasks.start_selection(**job.args)
    task = Task.objects.get()
    assert browser.get(back(order))["Location"] == f"/studio/tasks/{task.pk}"
    assert (Task.objects.count(), credits_of(seller.account)) == (1, (18, 2))


def test_two_tabs_that_come_back_at_once_start_it_once(
    browser: Client, seller: Membership, photo: Photo, sandbox: Sandbox
) -> None:
    _, form = short(browser, photo)
    sandbox.pay(buy(browser, photo, form))
    address = back(Order.objects.get())

    def come_back(_: int) -> str:
        tab = Client()
        tab.cookies = browser.cookies
        try:
            return tab.get(address)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(come_back, range(4)))) == 1
    assert (Task.objects.count(), credits_of(seller.account)) == (1, (18, 2))


def test_killed_between_order_and_payment_page_neither_is_lost(
    browser: Client, photo: Photo, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, form = short(browser, photo)
    browser.raise_request_exception = False

    def die(**_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as killed:
        killed.setattr(generation, "keep_selection", die)
        buy(browser, photo, form, status=500)
    assert not Order.objects.exists()
    with monkeypatch.context() as killed:
        killed.setattr(operations, "continue_to_pay", die)
        buy(browser, photo, form, status=500)
    assert Order.objects.get().pk == Selection.objects.get().order_id
    sandbox.pay(browser.get(buy(browser, photo, form))["Location"])
    assert browser.get(back(Order.objects.get())).status_code == 302
    assert Task.objects.count() == 1


def test_a_processor_that_is_away_charges_nothing_and_keeps_the_form(
    browser: Client, photo: Photo, sandbox: Sandbox
) -> None:
    _, form = short(browser, photo)
    sandbox.panel("faults", down=True)
    html = buy(browser, photo, form, status=422)
    assert "You weren’t charged" in html
    assert hidden(html)["key"] == form["key"]
    sandbox.panel("faults", down=False)
    assert browser.get(buy(browser, photo, form))["Location"].startswith(sandbox.url)
    assert Order.objects.count() == 1


def test_credits_that_came_meanwhile_are_used_and_nothing_is_bought(
    browser: Client, seller: Membership, photo: Photo
) -> None:
    _, form = short(browser, photo)
    world.grant(seller.account, 5)
    assert buy(browser, photo, form).startswith("/studio/tasks/")
    assert not Order.objects.exists()


def test_what_is_large_enough_is_offered_or_nothing(browser: Client, photo: Photo) -> None:
    missing = f"/studio/photos/{photo.id}/missing-credits"
    assert "data-offer" not in browser.get(missing, {"look": []}).content.decode()
    assert "data-offer" in browser.get(missing, {"look": LOOKS}).content.decode()
    stranger = Client()
    stranger.force_login(register("other@else.example").user)
    assert stranger.get(missing, {"look": LOOKS}).status_code == 404
    assert stranger.post(f"/studio/photos/{photo.id}/buy").status_code == 404
