"""Scenes by providers of image models: every way a request ends, with the books that follow."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries, task_worker
from jewelrymodel.generation.adapters import attempt_book
from jewelrymodel.generation.models import Asset, Attempt, Photo, Task
from jewelrymodel.generation.statuses import AttemptState, Reason, TaskStatus
from jewelrymodel.infra import clock, storage
from jewelrymodel.sandbox.generator import fal_dialect
from jewelrymodel.studio.export import COMPOSITE_GENERATED
from tests.support.generation import Hands, books_balance, credits_of, order, sweep, work
from tests.support.providers import access, bill, panel, set_up

MADE, UNFIT, EMPTY = AttemptState.MADE, AttemptState.UNFIT, AttemptState.EMPTY
UNKNOWN = AttemptState.UNKNOWN
LOOK = ["generated-stone"]


@pytest.fixture
def url(generator_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The stand-ins, as new; a worker looks once at each visit."""
    panel(generator_url, forget=True)
    monkeypatch.setattr(task_worker, "VISIT_S", 0.0)
    return generator_url


class Killed(BaseException):
    """What a kill looks like from inside."""


def die(*_args: Any, **_options: Any) -> None:
    raise Killed


@dataclass(frozen=True)
class Row:
    """How the one request ends, and what the customer reads of the image."""

    fault: str
    state: AttemptState
    reason: Reason | None = None
    times: int = 1


ROWS = [
    Row("none", MADE),
    Row("other_size", MADE),
    Row("black", EMPTY, Reason.BLANK),
    Row("broken", EMPTY, Reason.BROKEN),
    Row("no_image", EMPTY, Reason.NOT_DELIVERED),
    Row("other_shape", UNFIT, Reason.NOT_FAITHFUL, times=2),
    Row("shifted", UNFIT, Reason.NOT_FAITHFUL, times=2),
    Row("zoomed", UNFIT, Reason.NOT_FAITHFUL, times=2),
    Row("expanded", UNFIT, Reason.NOT_FAITHFUL, times=2),
    Row("extra_ring", UNFIT, Reason.NOT_FAITHFUL, times=2),
    Row("redrawn", UNFIT, Reason.NOT_FAITHFUL, times=2),
    Row("moderated", AttemptState.REFUSED, Reason.CONTENT_BLOCKED),
    Row("invalid", AttemptState.INVALID, Reason.GENERATOR_CLOSED),
    Row("retired", AttemptState.RETIRED, Reason.GENERATOR_CLOSED),
    Row("bad_key", AttemptState.LOCKED_OUT, Reason.GENERATOR_CLOSED),
    Row("no_credit", AttemptState.LOCKED_OUT, Reason.GENERATOR_CLOSED),
    Row("disconnect", AttemptState.UNKNOWN, Reason.OUTCOME_UNKNOWN),
]


@pytest.mark.parametrize("row", ROWS, ids=[row.fault for row in ROWS])
def test_every_fault_ends_as_its_row_says(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands, row: Row
) -> None:
    set_up(settings, url, "openai")
    panel(url, fault=row.fault, times=row.times)
    task = work_to_its_end(order(photo, looks=LOOK), hands)
    states = list(Attempt.objects.values_list("state", flat=True))
    assert states == [row.state] * row.times, details()
    assert_clean_books(task, account, row.reason)


@pytest.mark.parametrize("fault", ["busy", "busy_until", "overloaded"])
def test_who_is_busy_is_asked_again_when_it_wished(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands, fault: str
) -> None:
    set_up(settings, url, "openai")
    panel(url, fault=fault)
    task = work(order(photo, looks=LOOK), hands)
    first = Attempt.objects.get()
    assert (first.state, first.cost_micros) == (AttemptState.NOT_NOW, 0)
    assert first.retry_at is not None
    if fault == "busy_until":
        assert 7 <= (first.retry_at - hands.at).total_seconds() <= 10.5
    assert task.status == TaskStatus.RUNNING
    hands.pass_(seconds=4)
    if fault == "busy_until":
        work(task, hands)
        assert Attempt.objects.count() == 1  # not before it is time
        hands.pass_(seconds=4)
    task = work_to_its_end(task, hands)
    assert [one.state for one in Attempt.objects.all()] == [AttemptState.NOT_NOW, MADE]
    assert_clean_books(task, account, None)


def test_an_image_is_labeled_and_says_who_made_it(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "openai")
    work_to_its_end(order(photo, looks=LOOK, aspects=["4:5"]), hands)
    asset, attempt = Asset.objects.get(), Attempt.objects.get()
    assert (asset.width_px, asset.height_px) == (288, 360)
    told = {name: asset.settings[name] for name in ("provider", "model", "seed", "attempt")}
    assert told == {
        "provider": "openai",
        "model": "gpt-image-2.5-sunburst-2026-09-08",
        "seed": attempt.seed,
        "attempt": attempt.id,
    }
    assert asset.settings["request_id"].startswith("req_")
    assert asset.cost_micros == attempt.cost_micros == bill(url)[0]["billed"]
    assert attempt.cost_is_sure
    label = (settings.MEDIA_ROOT / asset.image_key).read_bytes()
    assert COMPOSITE_GENERATED.encode() in label


@pytest.mark.parametrize("name", ["gemini", "bfl", "fal", "comfyui"])
def test_each_other_provider_makes_an_image_from_end_to_end(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands, name: str
) -> None:
    set_up(settings, url, name)
    task = work_to_its_end(order(photo, looks=LOOK), hands)
    attempt = Attempt.objects.get()
    assert (attempt.provider, attempt.state) == (name, MADE), details()
    assert attempt.cost_micros == sum(one["billed"] for one in bill(url))
    assert_clean_books(task, account, None)


def test_a_job_an_hour_late_is_handed_over_free(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "bfl")
    panel(url, fault="late")
    task = work(order(photo, looks=LOOK), hands)
    hands.pass_(minutes=11)
    task = work(task, hands)
    assert (task.status, task.reason_code) == (TaskStatus.FAILED, Reason.GENERATOR_TIMEOUT)
    assert credits_of(account) == (10, 0)
    hands.pass_(hours=1)
    sweep(hands)
    assert Attempt.objects.get().state == AttemptState.RUNNING
    panel(url, finish=True)
    sweep(hands)
    assert Attempt.objects.get().state == MADE, details()
    assert task.items.get().late
    assert credits_of(account) == (10, 0)
    assert books_balance()


def test_what_never_comes_is_closed_in_the_books(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "bfl")
    panel(url, fault="late")
    task = work(order(photo, looks=LOOK), hands)
    hands.pass_(minutes=11)
    work(task, hands)
    hands.pass_(hours=25)
    sweep(hands)
    sweep(hands)
    last = Attempt.objects.get()
    assert (last.state, last.cost_micros, last.cost_is_sure) == (UNKNOWN, 50_000, False)


def test_a_worker_that_dies_while_it_waits_leaves_nothing_to_pay_twice(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "openai", "gemini")
    task = order(photo, looks=LOOK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempt_book, "received", die)
        patch.setattr(storage, "put", die)
        with pytest.raises(Killed):
            work(task, hands)
    assert Attempt.objects.get().state == AttemptState.SENDING
    hands.pass_(seconds=40)
    task = work_to_its_end(task, hands)
    assert_clean_books(task, account, Reason.OUTCOME_UNKNOWN)
    assert len(bill(url)) == Attempt.objects.count() == 1


def test_a_file_that_came_before_a_worker_died_is_used(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "openai")
    task = order(photo, looks=LOOK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempt_book, "received", die)
        with pytest.raises(Killed):
            work(task, hands)
    hands.pass_(seconds=40)
    task = work_to_its_end(task, hands)
    assert_clean_books(task, account, None)
    assert len(bill(url)) == 1


def test_the_next_provider_is_asked_and_a_locked_one_left_alone(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "openai", "bfl")
    panel(url, fault="no_credit")
    work_to_its_end(order(photo, looks=LOOK), hands)
    work_to_its_end(order(photo, looks=LOOK, key="k2"), hands)
    told = [(one.provider, one.state) for one in Attempt.objects.order_by("asked_at", "number")]
    assert told == [("openai", AttemptState.LOCKED_OUT), ("bfl", MADE), ("bfl", MADE)]
    assert [one["billed"] for one in bill(url)] == [50_000, 50_000]
    hands.pass_(hours=1)
    work_to_its_end(order(photo, looks=LOOK, key="k3"), hands)
    assert Attempt.objects.order_by("-asked_at")[0].provider == "openai"


def test_the_days_budget_closes_a_provider(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "bfl", budget_micros=99_000)
    work_to_its_end(order(photo, looks=LOOK), hands)
    task = work_to_its_end(order(photo, looks=LOOK, key="k2"), hands)
    assert task.reason_code == Reason.GENERATOR_CLOSED
    assert Attempt.objects.count() == 1
    hands.pass_(days=1)
    task = work_to_its_end(order(photo, looks=LOOK, key="k3"), hands)
    assert task.status == TaskStatus.SUCCEEDED


def test_one_request_at_a_time_where_no_more_are_allowed(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "bfl", concurrency=1)
    panel(url, fault="late", times=-1)
    task = work(order(photo, looks=["generated-stone", "generated-oak"]), hands)
    assert Attempt.objects.count() == 1
    assert task.status == TaskStatus.RUNNING


def test_a_model_past_its_end_stops_its_provider_and_no_job(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    settings.PROVIDERS = [access(url, "openai", model="gpt-image-1"), access(url, "bfl")]
    task = work_to_its_end(order(photo, looks=LOOK), hands)
    assert [one.provider for one in Attempt.objects.all()] == ["bfl"]
    assert_clean_books(task, account, None)


def test_canceled_while_it_is_made_elsewhere_it_is_booked(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "fal")
    panel(url, fault="late")
    task = work(order(photo, looks=LOOK), hands)
    operations.cancel(account_id=account.id, task_id=task.id, now=hands.at, machine_now=hands.at)
    hands.pass_(seconds=5)
    task = work(task, hands)
    assert (task.status, task.reason_code) == (TaskStatus.CANCELED, Reason.CANCELED)
    last = Attempt.objects.get()
    assert (last.state, last.cost_micros, last.cost_is_sure) == ("stopped", 52_500, False)
    assert credits_of(account) == (10, 0)


def test_a_webhook_is_a_hint_and_a_forged_one_is_refused(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands, client: Client
) -> None:
    set_up(settings, url, "fal")
    panel(url, fault="late")
    task = work(order(photo, looks=LOOK), hands)
    attempt = Attempt.objects.get()
    now = clock.real_now()
    headers, body = fal_dialect.signed(attempt.request_id, int(now.timestamp()))
    path = reverse("hook_fal", args=[attempt.id])

    def sent(content: bytes = body, **changes: str) -> int:
        more = {**headers, **{f"X-Fal-Webhook-{k.title()}": v for k, v in changes.items()}}
        kind = "application/json"
        return client.post(path, content, content_type=kind, headers=more).status_code

    jobs = ProcrastinateJob.objects.filter(task_name="generation.run", status="todo")
    jobs.delete()
    old = str(int((now - timedelta(minutes=6)).timestamp()))
    assert sent(body.replace(b"OK", b"NO")) == 400
    assert [sent(signature="00" * 64), sent(signature="no"), sent(timestamp=old)] == [400] * 3
    assert not jobs.exists()
    assert [sent(), sent()] == [200, 200]  # it is sent again where it isn't answered in time
    assert jobs.count() == 1
    Attempt.objects.filter(pk=attempt.id).update(state=AttemptState.SENDING, request_id="")
    jobs.delete()
    assert sent() == 200  # before the answer that tells the id: the next look comes by itself
    assert not jobs.exists()
    assert task.status == TaskStatus.RUNNING


def test_a_webhook_waits_for_the_keys(settings: Settings, client: Client, db: None) -> None:
    path = reverse("hook_fal", args=["try_1"])
    settings.PROVIDERS = []
    assert client.post(path, b"{}", content_type="application/json").status_code == 404
    set_up(settings, "http://127.0.0.1:9", "fal")
    headers, body = fal_dialect.signed("job", int(clock.real_now().timestamp()))
    answer = client.post(path, body, content_type="application/json", headers=headers)
    assert answer.status_code == 503


def test_nothing_new_is_offered_where_no_provider_is_set_up(settings: Settings) -> None:
    settings.PROVIDERS, settings.HOSTED_GENERATOR_URL = [], ""
    assert [str(one) for one in queries.generators()] == ["embedded"]


def work_to_its_end(task: Task, hands: Hands, visits: int = 8) -> Task:
    """Let workers visit the task until it is over."""
    for _ in range(visits):
        task = work(task, hands)
        if task.finished_at:
            return task
        hands.pass_(seconds=30)
    raise AssertionError(details())


def assert_clean_books(task: Task, account: Account, reason: Reason | None) -> None:
    """The customer paid for what was delivered, and our books hold what was billed, or more."""
    item = task.items.get()
    delivered = reason is None
    assert (item.reason_code or None, task.credits_charged) == (reason, int(delivered)), details()
    assert credits_of(account) == (9 if delivered else 10, 0)
    assert books_balance()
    assert Asset.objects.count() == int(delivered)
    assert not Attempt.objects.filter(ended_at=None).exists()


def details() -> list[tuple[str, str, str]]:
    """What the book says, for a test that failed."""
    return list(Attempt.objects.values_list("state", "reason_code", "detail"))
