"""Which records a text names: ours by number, the processor's by id."""

import pytest

from jewelrymodel.support.rules import email_references
from jewelrymodel.support.rules.record_references import references_in


def test_each_is_named_once_in_its_order() -> None:
    text = (
        "JM-000012, RCP-000007 and RCP 8, ch_3NrW20Kx81pQ twice: ch_3NrW20Kx81pQ, task_06b6gjbgdh"
    )
    found = references_in(text)
    assert (found.order, found.receipts) == (12, (7, 8))
    assert (found.payments, found.tasks) == (("ch_3NrW20Kx81pQ",), ("task_06b6gjbgdh",))
    assert found


@pytest.mark.parametrize(
    "text", ["", "It failed", "XRCP-12a", "search_engine", "a_task_1", "in_time", "pi_day"]
)
def test_words_are_no_records(text: str) -> None:
    assert not references_in(text)


@pytest.mark.parametrize(("subject", "is_one"), [("AW: Help", True), ("Rebate", False)])
def test_replies_are_known_by_their_subject(subject: str, *, is_one: bool) -> None:
    assert email_references.is_reply(subject) is is_one
