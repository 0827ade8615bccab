"""Deferred work is part of the transaction that asked for it, in the worker too."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from jewelrymodel.infra import queue

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Something went wrong after the work was deferred."""


def waiting() -> list[str]:
    return list(ProcrastinateJob.objects.values_list("task_name", flat=True))


@transaction.atomic
def defer_and_fail() -> None:
    queue.defer("infra.nothing")
    assert waiting() == ["infra.nothing"]
    raise Undone


def test_work_that_was_deferred_is_undone_with_its_transaction() -> None:
    with pytest.raises(Undone):
        defer_and_fail()
    assert waiting() == []


def test_the_workers_own_connection_is_not_used_for_deferring() -> None:
    """The worker replaces the app's connector: a job by that one would outlive a rollback."""
    connector = InMemoryConnector()
    with app.replace_connector(connector):
        with pytest.raises(Undone):
            defer_and_fail()
        assert (waiting(), connector.jobs) == ([], {})
        assert queue.defer("infra.nothing", once_key="once")
        assert not queue.defer("infra.nothing", once_key="once")
    assert waiting() == ["infra.nothing"]
