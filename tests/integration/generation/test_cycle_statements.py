"""How many statements an image costs: counted, so that no later change adds one unnoticed."""

from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jewelrymodel.generation import operations
from jewelrymodel.generation.adapters.image_files import StoredImage
from jewelrymodel.generation.gateway import Measured, Output, Refusal
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import GeneratorName, Reason
from jewelrymodel.ledger import queries as ledger
from tests.support.generation import NOW, approve, approved_photo, grant, order, seller

EMBEDDED = GeneratorName.EMBEDDED
_BOUNDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def _sent(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as sent:
        work()
    return len([one for one in sent.captured_queries if not one["sql"].startswith(_BOUNDS)])


def _life_cycle(photo: Photo, key: str) -> list[int]:
    """Submit, lease, keep the output, settle: the statements of each, transactions' own apart."""
    tasks = []
    counts = [_sent(lambda: tasks.append(order(photo, key=key, generator=EMBEDDED)))]
    leases = []
    counts.append(
        _sent(
            lambda: leases.append(
                operations.lease_task(task_id=tasks[0].id, now=NOW, machine_now=NOW)
            )
        )
    )
    stored = StoredImage(f"{key}.png", f"{key}.jpg", "0" * 64, 64, 64)
    output = Output(np.zeros((64, 64, 3), np.uint8), Measured({}, passed=True), (), {})
    counts.append(
        _sent(
            lambda: operations.keep_output(
                lease=leases[0], position=0, stored=stored, output=output, now=NOW
            )
        )
    )
    left = Refusal(Reason.NOT_DELIVERED)
    counts.append(
        _sent(lambda: operations.settle(lease=leases[0], leftover=left, now=NOW, machine_now=NOW))
    )
    return counts


@pytest.mark.django_db
def test_an_image_takes_nineteen_statements_however_long_the_account_is_here() -> None:
    account = seller()
    photo = approve(approved_photo(account))
    _life_cycle(photo, "before")  # what is looked up once for a process
    first = _life_cycle(photo, "first")
    assert first == [9, 1, 2, 7]
    for number in range(12):
        grant(account, 1, f"gift {number}")
    assert _life_cycle(photo, "later") == first
    assert ledger.verify() == []
