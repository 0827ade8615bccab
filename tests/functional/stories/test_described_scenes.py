"""A scene in a seller's words, through each provider's dialect to its stand-in, from the real page.

The pages are served from this process and its database, and the worker's own code runs between
looks at them: a service of its own would cost more than all that is shown here.
"""

import re
from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, task_worker
from jewelrymodel.generation.adapters import generators
from jewelrymodel.generation.models import Attempt, Photo, Task
from jewelrymodel.generation.statuses import AttemptState
from jewelrymodel.infra import clock
from jewelrymodel.sandbox.generator import fal_dialect
from jewelrymodel.web.studio_messages.scene_labels import PROVIDER_NAMES
from tests.support.cloned_database import committing_db, django_db_setup, template_db
from tests.support.generation import Hands, books_balance, credits_of, work
from tests.support.generation_fixtures import account, files, generator_url, photo
from tests.support.providers import bill, panel, set_up
from tests.support.usability import assert_usable

__all__ = ["account", "committing_db", "django_db_setup", "files", "generator_url", "photo"]
__all__ += ["template_db"]
VISITS = 30
WORDS = "wet black pebbles at sunrise"


@pytest.fixture
def service(committing_db: None) -> Iterator[LiveServer]:
    """The pages, at this test's database."""
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def url(generator_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The stand-ins, as new; a worker looks once at each visit, and images are small."""
    panel(generator_url, forget=True)
    monkeypatch.setattr(task_worker, "VISIT_S", 0.0)
    monkeypatch.setattr(operations, "submit", partial(operations.submit, edge_px=360))
    return generator_url


def order(page: Page, photo: Photo, account: Account) -> Task:
    """Describe a scene as its seller and order it, which leads to the task's page."""
    from django.test import Client

    client = Client()
    client.force_login(account.memberships.get().user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "domain": "127.0.0.1", "path": "/"}])
    page.goto(f"/studio/photos/{photo.id}?generator=hosted&look=generated-described")
    page.get_by_label("What surrounds the piece").fill(WORDS)
    page.get_by_role("button", name="Generate 1 image for 1 credit").click()
    page.wait_for_url("**/studio/tasks/*")
    return Task.objects.get()


def see_it_end(page: Page, task: Task, hands: Hands) -> None:
    """Let workers visit the task until it is over; its page then says so by itself."""
    for _visit in range(VISITS):
        if work(task, hands).finished_at:
            return
        hands.pass_(seconds=4)
    raise AssertionError(list(Attempt.objects.values("state", "detail")))


def now_hands() -> Hands:
    """The clocks of a worker, at the pages' time."""
    return Hands(at=clock.now())


@pytest.mark.parametrize("name", ["openai", "gemini", "bfl", "fal", "comfyui"])
def test_each_provider_makes_the_scene_that_was_described(
    page: Page,
    account: Account,
    photo: Photo,
    url: str,
    settings: Settings,
    service: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    set_up(settings, url, name)
    task, hands = order(page, photo, account), now_hands()
    if name == "openai":
        look_around(page, photo)
    if name == "fal":
        hear_of_it(task, hands, service, monkeypatch)
    see_it_end(page, task, hands)
    expect(page.get_by_role("heading", level=1, name="Your images", exact=True)).to_be_visible()
    shown = page.locator("#task")
    expect(shown).to_contain_text(WORDS)
    expect(shown).to_contain_text(PROVIDER_NAMES[name])
    expect(shown).to_contain_text("1 credit charged")
    expect(shown.get_by_role("link", name="Compare and download")).to_have_count(1)
    attempt = Attempt.objects.get()
    assert (attempt.provider, attempt.state) == (name, AttemptState.MADE)
    assert attempt.cost_micros == sum(one["billed"] for one in bill(url))
    assert credits_of(account) == (9, 0)
    assert books_balance()


def look_around(page: Page, photo: Photo) -> None:
    """Nothing on the form is in anybody's way, on a phone; then be at the task again."""
    there = page.url
    page.goto(f"/studio/photos/{photo.id}?generator=hosted&draft=none")
    expect(page.get_by_label("What surrounds the piece")).to_be_visible()
    assert_usable(page, 390)
    page.goto(there)


def hear_of_it(
    task: Task, hands: Hands, service: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let fal say that it is done, at the address that it was told, which wakes a worker."""

    def address(provider: str, attempt_id: str) -> str:
        return f"{service.url}/hooks/generators/{provider}/{attempt_id}"

    monkeypatch.setattr(generators, "webhook_url", address)
    work(task, hands)
    attempt = Attempt.objects.get()
    assert attempt.state == AttemptState.RUNNING
    waiting = ProcrastinateJob.objects.filter(task_name="generation.run", status="todo")
    waiting.delete()
    headers, body = fal_dialect.signed(attempt.request_id, int(clock.real_now().timestamp()))
    kind = {"content-type": "application/json"}
    told = httpx.post(address("fal", attempt.id), content=body, headers={**headers, **kind})
    assert told.status_code == 200
    assert waiting.count() == 1


@pytest.mark.parametrize(
    ("fault", "state", "sentence", "is_billed"),
    [
        ("moderated", AttemptState.REFUSED, "content rules blocked this image", False),
        ("disconnect", AttemptState.UNKNOWN, "we can’t tell whether it made this image", True),
    ],
)
def test_what_fails_costs_the_seller_nothing(
    page: Page,
    account: Account,
    photo: Photo,
    url: str,
    settings: Settings,
    fault: str,
    state: AttemptState,
    sentence: str,
    is_billed: bool,
) -> None:
    set_up(settings, url, "openai", "bfl")
    panel(url, fault=fault, times=1)
    task = order(page, photo, account)
    see_it_end(page, task, now_hands())
    expect(page.get_by_role("heading", level=1, name="This generation failed")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.get_by_role("alert")).to_contain_text("1 credit returned")
    again = page.get_by_role("link", name="Change the words")
    expect(again).to_have_attribute("href", re.compile("scene_sealed="))
    expect(again).not_to_have_attribute("href", re.compile("pebbles"))
    attempt = Attempt.objects.get()
    assert (attempt.provider, attempt.state) == ("openai", state)
    if is_billed:  # by the provider, perhaps: our books expect it, and the invoice says so later
        assert (attempt.cost_micros, attempt.cost_is_sure) == (attempt.price_micros, False)
    else:
        assert attempt.cost_micros == 0
    assert credits_of(account) == (10, 0)
    assert books_balance()
