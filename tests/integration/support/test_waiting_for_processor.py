"""What a job that waits for the payment processor says: an outage, or a refusal to be mended."""

import logging
from collections.abc import Callable

import pytest

from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import tasks as payment_tasks
from jewelrymodel.payments.gateway import ProcessorBlocked, ProcessorDown, ProcessorRefused
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies import tasks as remedy_tasks
from jewelrymodel.support import operations, tasks

pytestmark = pytest.mark.django_db
DOWN = ProcessorDown(detail="timed out")
BLOCKED = ProcessorBlocked(detail="Expired API Key", processor_code="api_key_expired")
REFUSED = ProcessorRefused(detail="No such charge", processor_code="resource_missing")


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[int, str]]]:
    """What was logged since the last call, with its level."""
    caplog.set_level(logging.WARNING)

    def read() -> list[tuple[int, str]]:
        lines = [(one.levelno, one.getMessage()) for one in caplog.records]
        caplog.clear()
        return lines

    return read


@pytest.mark.parametrize("task", ["carry_out_confirmed", "carry_out_withdrawal"])
def test_a_refusal_is_said_once_as_what_it_is(
    task: str, monkeypatch: pytest.MonkeyPatch, said: Callable[[], list[tuple[int, str]]]
) -> None:
    work = {
        "carry_out_confirmed": lambda: tasks.carry_out_confirmed(confirmed_id=7),
        "carry_out_withdrawal": lambda: tasks.carry_out_withdrawal(case_id="case_7"),
    }[task]

    def meet(problem: Exception) -> None:
        def fail(**_: object) -> None:
            raise problem

        monkeypatch.setattr(operations, task, fail)
        work()

    for _ in range(3):
        meet(REFUSED)
    ((level, words),) = said()
    assert level == logging.ERROR
    assert "the processor refuses this (resource_missing)" in words
    meet(ProcessorRefused(processor_code="charge_disputed"))  # another reason is news
    ((_level, words),) = said()
    assert "charge_disputed" in words
    meet(DOWN)
    ((level, words),) = said()
    assert (level, words.endswith("the processor is down")) == (logging.WARNING, True)


def test_a_key_that_is_refused_is_not_called_an_outage(
    monkeypatch: pytest.MonkeyPatch, said: Callable[[], list[tuple[int, str]]]
) -> None:
    def fail(**_: object) -> None:
        raise BLOCKED

    monkeypatch.setattr(payments, "postpone_order", lambda **_: None)
    monkeypatch.setattr(payments, "settle_order", fail)
    monkeypatch.setattr(payments, "mirror_disputes_since", fail)
    monkeypatch.setattr(remedies, "carry_out", fail)
    monkeypatch.setattr(operations, "carry_out_withdrawal", fail)
    payment_tasks.settle_order(order_id="ord_7")
    payment_tasks.list_disputes(timestamp=0)
    remedy_tasks.carry_out(decision_id="dec_7")
    tasks.carry_out_withdrawal(case_id="case_7")
    lines = said()
    assert len(lines) == 4
    assert all(words.endswith("the processor refuses us (api_key_expired)") for _, words in lines)
