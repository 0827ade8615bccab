"""Scenes by providers of image models: every way a request ends, with the books that follow."""

from dataclasses import dataclass

import pytest
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import queries, task_worker
from jewelrymodel.generation.models import Asset, Attempt, Photo, Task
from jewelrymodel.generation.statuses import AttemptState, Reason, TaskStatus
from jewelrymodel.studio.export import COMPOSITE_GENERATED
from tests.support.generation import Hands, books_balance, credits_of, order, work
from tests.support.providers import bill, panel, set_up

MADE, UNFIT, EMPTY = AttemptState.MADE, AttemptState.UNFIT, AttemptState.EMPTY
LOOK = ["generated-stone"]


@pytest.fixture
def url(generator_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The stand-ins, as new; a worker looks once at each visit."""
    panel(generator_url, forget=True)
    monkeypatch.setattr(task_worker, "VISIT_S", 0.0)
    return generator_url


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


@pytest.mark.parametrize("fault", ["busy", "busy_until", "overloaded", "failed"])
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
