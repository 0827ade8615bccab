"""When a dispute suspends, by its state and the facts around its opening (9.1)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jewelrymodel.disputes.rules import dispute_reasons, suspension_criteria
from jewelrymodel.payments.statuses import DisputeStatus

CHARGEBACK = suspension_criteria.SuspensionFacts(
    status="needs_response",
    is_inquiry=False,
    lost=False,
    resolvable=True,
    contacted_before=False,
    missed_deadline=False,
    law_right=False,
    bought=True,
)
SUSPENDING = {
    "needs_response",
    "under_review",
    "appeal_needs_response",
    "appeal_under_review",
}


@pytest.mark.parametrize("status", DisputeStatus.values)
def test_every_word_of_the_processor_has_its_effect(status: str) -> None:
    of_inquiry = status.startswith("warning_")
    standing = replace(CHARGEBACK, status=status, is_inquiry=of_inquiry)
    assert suspension_criteria.suspends(standing)[0] is (status in SUSPENDING)


@pytest.mark.parametrize("status", DisputeStatus.values)
def test_what_is_lost_stays_frozen_whatever_is_said_since(status: str) -> None:
    standing = replace(CHARGEBACK, status=status, lost=True, contacted_before=True)
    assert suspension_criteria.suspends(standing) == (True, "the bank returned your payment")


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ({"is_inquiry": True}, "inquiry"),
        ({"contacted_before": True}, "contacted us before"),
        ({"missed_deadline": True}, "7.6"),
        ({"resolvable": False}, "could not have resolved"),
        ({"law_right": True}, "law"),
        ({"bought": False}, "nothing"),
    ],
)
def test_each_fact_alone_forbids_it_and_says_so(fact: dict[str, object], words: str) -> None:
    suspends, why = suspension_criteria.suspends(replace(CHARGEBACK, **fact))  # type: ignore[arg-type]  # by name
    assert not suspends
    assert words in why


@pytest.mark.parametrize(
    ("reason", "owes", "expected"),
    [
        ("duplicate", False, True),
        ("fraudulent", False, False),
        ("fraudulent", True, False),
        ("a new word", True, False),
        ("product_unacceptable", False, False),
        ("product_unacceptable", True, True),
    ],
)
def test_of_taste_the_banks_word_alone_makes_nothing_resolvable(
    reason: str, owes: bool, expected: bool
) -> None:
    assert dispute_reasons.is_resolvable(reason, owes=owes) is expected


END = datetime(2026, 11, 17, tzinfo=UTC)
CONSUMER: dict[str, object] = {
    "ends_at": END,
    "legal_class": "digital_content",
    "consents": ["express_consent_to_start"],
    "opened_at": END - timedelta(seconds=1),
}
BOTH = ["express_consent_to_start", "ack_of_loss"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"ends_at": None}, False),
        ({"opened_at": END}, False),
        ({"consents": BOTH}, False),
        ({"legal_class": "digital_service", "consents": BOTH}, True),
    ],
)
def test_who_could_still_withdraw_by_law(changed: dict[str, object], expected: bool) -> None:
    assert suspension_criteria.has_law_right(**{**CONSUMER, **changed}) is expected  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("reason", "category"), [("duplicate", "duplicate"), ("fraudulent", "other")]
)
def test_a_banks_reason_is_looked_at_under_a_ground_of_ours(reason: str, category: str) -> None:
    assert dispute_reasons.category_of(reason) == category
