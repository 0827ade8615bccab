"""Events arrive: every event has a subscriber, every task that is named exists."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app

from jewelrymodel.config.event_tasks import EVENT_TASKS
from jewelrymodel.config.queue_lanes import (
    FORMERLY_DEFAULT,
    QUEUES,
    TASK_QUEUES,
    UnknownQueue,
    assign,
    served,
)
from tests.support.tree import SOURCE


@pytest.fixture(autouse=True)
def loaded() -> None:
    """All work is known, as in a worker."""
    app.perform_import_paths()


def test_a_worker_loads_the_work_of_every_room() -> None:
    rooms = {path.parent.name for path in SOURCE.glob("*/tasks.py")}
    assert set(settings.PROCRASTINATE_IMPORT_PATHS) == {
        f"jewelrymodel.{one}.tasks" for one in rooms
    }


def test_every_emitted_event_is_subscribed_and_every_subscribed_event_is_emitted() -> None:
    assert set(emitted()) == set(EVENT_TASKS)


def test_every_task_of_an_event_exists() -> None:
    named = {task for tasks in EVENT_TASKS.values() for task in tasks}
    assert named <= set(app.tasks)


def test_every_event_wakes_somebody() -> None:
    assert [event for event, tasks in EVENT_TASKS.items() if not tasks] == []


def test_every_task_has_a_lane_and_every_lane_a_task() -> None:
    ours = {one.name for one in app.tasks.values() if "procrastinate." not in one.name}
    assert set(TASK_QUEUES) == ours
    by_deferring = {"hosted", "retouching"}
    assert set(TASK_QUEUES.values()) | by_deferring == set(QUEUES)


def test_money_and_mail_wait_behind_nothing_else() -> None:
    """A task's room says what it is about; what looks after the rest may wait."""
    of_money = {name for name in TASK_QUEUES if name.startswith(("payments.", "remedies."))}
    assert {TASK_QUEUES[name] for name in of_money} == {"money", "mail"}
    of_pictures = {name for name in TASK_QUEUES if name.startswith("generation.")}
    assert {TASK_QUEUES[name] for name in of_pictures} == {"hosted", "studio", "default"}


def test_what_the_queue_defers_itself_keeps_its_lane() -> None:
    assign(app)
    periodic = {
        one.task.name: one.task.queue for one in app.periodic_registry.periodic_tasks.values()
    }
    assert periodic == {name: TASK_QUEUES[name] for name in periodic}
    assert {"payments.sweep_orders", "support.sweep_mail"} <= set(periodic)


def test_a_worker_for_the_former_queue_serves_all_that_was_in_it() -> None:
    assert served(None) == list(QUEUES)
    assert (
        set(served(["default"])) == set(FORMERLY_DEFAULT) == set(QUEUES) - {"studio", "retouching"}
    )
    assert served(["studio"]) == ["studio", "retouching"]
    with pytest.raises(UnknownQueue, match="there are money, mail"):
        served(["pictures"])


def test_the_queue_never_retries() -> None:
    """The row is the truth: our sweepers defer again, the queue doesn't."""
    assert [task.name for task in app.tasks.values() if task.retry_strategy] == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def emitted() -> Iterator[str]:
    """The name in every call of ``emit``; a name that isn't a plain text can't be checked."""
    for path in SOURCE.rglob("*.py"):
        if "sandbox" in path.parts:  # it speaks of the processor's own events
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and called(node) == "emit" and node.args:
                first = node.args[0]
                assert isinstance(first, ast.Constant), f"{path}:{node.lineno} emits by a variable"
                yield str(first.value)


def called(node: ast.Call) -> str:
    """The last part of the called name."""
    function = node.func
    return getattr(function, "attr", None) or getattr(function, "id", "")
