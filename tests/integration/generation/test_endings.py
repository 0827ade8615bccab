"""A generation that ended while its customer was away is news on the next page, once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation import operations, tasks
from jewelrymodel.generation.limits import UNSEEN_FOR
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.generation.statuses import TaskStatus
from jewelrymodel.infra.clock import real_now
from jewelrymodel.infra.models import PendingEmail
from tests.support import generation as world
from tests.support.account_emails import letters
from tests.support.generation import NOW

NEWS = "Your images are ready."
PAGE = {"Accept": "text/html,*/*"}


@pytest.fixture
def client(account: Account) -> Client:
    browser = Client(headers=PAGE)
    browser.force_login(account.memberships.get().user)
    return browser


@pytest.fixture
def task(photo: Photo, generator: str, hands: world.Hands) -> Task:
    """One that a worker has finished."""
    return world.work(world.order(photo), hands)


def shown(client: Client, address: str = "/credits") -> str:
    return client.get(address).content.decode()


def test_the_next_page_says_it_once_with_a_link(client: Client, task: Task) -> None:
    assert task.status == TaskStatus.SUCCEEDED
    page = shown(client)
    assert NEWS in page
    assert f'href="/studio/tasks/{task.pk}"' in page
    assert NEWS not in shown(client)
    assert NEWS not in shown(client, "/studio")


def test_parts_pictures_and_other_accounts_pages_say_nothing(client: Client, task: Task) -> None:
    for headers in ({"Accept": "image/*"}, {"HX-Request": "true", **PAGE}):
        assert NEWS not in client.get("/credits", headers=headers).content.decode()
    stranger = Client(headers=PAGE)
    stranger.force_login(world.seller("else").memberships.get().user)
    assert NEWS not in shown(stranger)
    task.refresh_from_db()
    assert task.seen_at is None


@pytest.mark.parametrize("part", ["", "/progress"])
def test_who_saw_it_end_is_not_told(client: Client, task: Task, part: str) -> None:
    headers = {"HX-Request": "true"} if part else {}
    page = client.get(f"/studio/tasks/{task.pk}{part}", headers=headers).content.decode()
    assert NEWS not in page
    task.refresh_from_db()
    assert task.seen_at is not None
    assert NEWS not in shown(client)


def test_an_open_one_is_no_news_and_a_canceled_one_neither(
    client: Client, photo: Photo, generator: str
) -> None:
    task = world.order(photo)
    shown(client, f"/studio/tasks/{task.pk}")
    task.refresh_from_db()
    assert task.seen_at is None
    operations.cancel(account_id=task.account_id, task_id=task.pk, now=NOW, machine_now=NOW)
    assert "generation failed" not in shown(client)


def test_several_are_one_piece_of_news(client: Client, photo: Photo, generator: str) -> None:
    for key in ("a", "b", "c"):
        task = world.order(photo, key=key)
        operations.give_up(task_id=task.pk, now=NOW, machine_now=NOW)
    page = shown(client)
    assert "3 generations have ended since you left. 3 of them failed" in page
    assert page.count("toast__close") == 1


def test_a_failure_is_told_too(client: Client, photo: Photo, generator: str) -> None:
    task = world.order(photo)
    operations.give_up(task_id=task.pk, now=NOW, machine_now=NOW)
    assert "A generation failed; it cost no credits." in shown(client)


def test_it_is_emailed_once_to_who_asked_for_that(account: Account, task: Task) -> None:
    job = ProcrastinateJob.objects.get(task_name="generation.tell_ending")
    assert job.scheduled_at - real_now() < UNSEEN_FOR + timedelta(days=1)
    User.objects.update(wants_ready_email=True)
    world.seller("nobody-asked")
    User.objects.filter(email__startswith="nobody").update(wants_ready_email=False)
    for _ in range(2):
        tasks.tell_ending(**job.args)
    (letter,) = letters()
    assert letter.to == [account.memberships.get().user.email]
    assert f"/studio/tasks/{task.pk}" in str(letter.body)


def test_nobody_is_emailed_what_they_saw_or_did_not_ask_for(client: Client, task: Task) -> None:
    tasks.tell_ending(task_id=task.pk)
    assert not PendingEmail.objects.exists()
    Task.objects.update(told_at=None)
    User.objects.update(wants_ready_email=True)
    shown(client)
    tasks.tell_ending(task_id=task.pk)
    assert not PendingEmail.objects.exists()
    assert mail.outbox == []


def test_the_settings_ask(client: Client, account: Account) -> None:
    person = {"first_name": "Ida", "last_name": "E", "language": "", "wants_ready_email": "on"}
    client.post("/settings/person", person)
    assert account.memberships.get().user.wants_ready_email
    assert re.search(r'name="wants_ready_email"[^>]* checked', shown(client, "/settings"))
    client.post("/settings/person", {**person, "wants_ready_email": ""})
    assert not account.memberships.get().user.wants_ready_email
