"""What is written while unconfirmed requests are closed was read by nobody: its case stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from tests.support.inbound_email import arrive, letter
from tests.support.shop import now, register_terms

pytestmark = pytest.mark.usefixtures("committing_db")
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def close_all(read_up_to: int) -> str:
    try:
        return operations.close_unproven(
            case_ids=None, reason="Spam", read_up_to=read_up_to, user_id=1, now=now()
        )
    finally:
        connection.close()


def wait_until_one_waits() -> None:
    with connection.cursor() as cursor:
        for _look in range(100_000):
            cursor.execute(WAITING)
            if cursor.fetchone() == (1,):
                return
            cursor.execute("SELECT pg_stat_clear_snapshot()")
    pytest.fail("Nobody waited for the row.")


def test_a_message_that_is_just_written_keeps_its_case_open() -> None:
    register_terms()
    arrive(letter("someone@else.example", "Offer", "Buy followers"))
    arrive(letter("bulk@junk.example", "Offer", "Buy followers"))
    real, junk = Case.objects.order_by("number")
    read_up_to = queries.newest_entry()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            operations.receive_message(case_id=real.pk, text="Where is my ring?", now=now())
            closing = pool.submit(close_all, read_up_to)
            wait_until_one_waits()
        assert closing.result()
    states = [Case.objects.get(pk=one.pk).state for one in (real, junk)]
    assert states == [CaseState.UNPROVEN, CaseState.CLOSED]
