"""A decision that was kept as a file is proven by its bytes and the editions; one byte counts."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jewelrymodel.policy.decision import Decision, Question, canonical, digest, from_json, to_json
from jewelrymodel.policy.decision_proof import DecisionFileUnreadable, NotProven, prove
from jewelrymodel.policy.editions_in_force import NoEdition
from jewelrymodel.policy.rule_evaluation import decide
from tests.support.shipped_edition import NOON, dated, decided, edition, facts

LATER = dated("2026-07-01", ("value = 60\nunit", "value = 45\nunit"))
AUGUST = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
OUTAGE = {
    "request.ground": "outage",
    "purchase.kind": "subscription",
    "outage.minutes": 50,
    "period.minutes": 43_200,
}


def renewal(pinned_on: str) -> Decision:
    """On a month paid in August, with a plan taken out under an edition of an earlier day."""
    pinned = datetime.fromisoformat(pinned_on).date()
    both = (LATER, edition())
    return decide(facts(OUTAGE), both, purchased_at=AUGUST, requested_at=AUGUST, pinned_on=pinned)


def file_of(decision: Decision) -> bytes:
    return canonical(to_json(decision))


@pytest.mark.clause("10.2")
def test_what_is_kept_is_proven_by_the_digest_of_its_bytes() -> None:
    content = file_of(decided({"request.ground": "unused"}))
    page = hashlib.sha256(content).hexdigest()
    assert page == digest(decided({"request.ground": "unused"}))
    kept = prove(content, (edition(),), sha256=f" {page.upper()} ")
    assert kept.sha256 == page
    assert kept.decision.cites == ("2.2", "4.1", "4.2")


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"value":150', b'"value":151'), (b"Our team", b"our team"), (b"{", b"{ ")],
)
def test_a_byte_that_was_changed_is_noticed(old: bytes, new: bytes) -> None:
    content = file_of(decided({"request.ground": "unused"}))
    page = hashlib.sha256(content).hexdigest()
    assert old in content
    with pytest.raises(NotProven, match="the file was changed"):
        prove(content.replace(old, new, 1), (edition(),), sha256=page)


def test_what_does_not_follow_from_its_facts_is_noticed_without_a_digest_too() -> None:
    content = file_of(decided({"request.ground": "unused"}))
    with pytest.raises(NotProven, match="don't decide what it says"):
        prove(content.replace(b'"draft":"denial"', b'"draft":"none"'), (edition(),))


def test_a_text_that_is_not_at_hand_is_named() -> None:
    content = file_of(decided())
    with pytest.raises(NotProven, match=f"2026-05-14 with the SHA-256 {edition().sha256}"):
        prove(content, (LATER,))


def test_a_file_that_names_its_digest_was_laid_out_for_reading_and_is_proven_too() -> None:
    decision = decided({"request.ground": "unused"})
    told = {**to_json(decision), "sha256": digest(decision)}
    assert prove(json.dumps(told, indent=2).encode(), (edition(),)).sha256 == digest(decision)
    with pytest.raises(NotProven, match="the file was changed"):
        prove(json.dumps({**told, "cites": []}).encode(), (edition(),))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"facts": {}}'])
def test_what_holds_no_decision_is_said(content: bytes) -> None:
    with pytest.raises(DecisionFileUnreadable, match="holds no decision"):
        prove(content, (edition(),))


@pytest.mark.clause("10.1")
def test_a_renewal_is_governed_by_the_edition_that_it_pinned_and_keeps_its_instant() -> None:
    first, second = renewal("2026-05-14"), renewal("2026-07-01")
    assert (first.remedies, len(second.remedies)) == ((), 1)
    assert [str(one.date) for one in first.editions] == ["2026-05-14", "2026-07-01"]
    assert first.purchased_at == second.purchased_at == AUGUST
    assert from_json(to_json(first)) == first
    assert prove(file_of(first), (edition(), LATER)).decision == first
    with pytest.raises(NoEdition, match="2026-05-15 is not at hand"):
        renewal("2026-05-15")


@pytest.mark.clause("10.2")
def test_a_text_that_was_changed_under_the_date_that_was_pinned_proves_nothing() -> None:
    """A later edition decides here, being better: the pinned one is named by the pin alone."""
    better = dated(
        "2026-07-01",
        ("value = 60\nunit", "value = 45\nunit"),
        ("\n[service_level]", "\napplies_to_earlier_purchases = true\n\n[service_level]"),
    )
    decision = decide(
        facts(OUTAGE),
        (better, edition()),
        purchased_at=NOON,
        requested_at=AUGUST,
        pinned_on=edition().date,
        pinned_sha256=edition().sha256,
    )
    assert edition().sha256 not in {one.sha256 for one in decision.editions}
    assert from_json(to_json(decision)) == decision
    assert prove(file_of(decision), (edition(), better)).decision == decision
    changed = dated("2026-05-14", ("value = 60\nunit", "value = 61\nunit"))
    with pytest.raises(NotProven, match=f"the text at hand under that date has {changed.sha256}"):
        prove(file_of(decision), (changed, better))


def test_what_was_stored_before_editions_were_pinned_is_decided_anew_to_the_byte() -> None:
    """Then the instant was bent to the last minute of the edition's day, and nothing else told."""
    bent = datetime(2026, 5, 14, 23, 59, tzinfo=UTC)
    stored = decide(facts(OUTAGE), (edition(),), purchased_at=bent, requested_at=NOON)
    body = to_json(stored)
    assert "pinned_on" not in body
    assert digest(from_json(body)) == digest(stored)
    assert prove(canonical(body), (LATER, edition())).decision == stored


def test_what_an_earlier_release_worded_otherwise_is_still_proven() -> None:
    decision = decided({"request.ground": "unused"})
    worded = replace(decision, customer_text="We said it otherwise.", internal_text="And this.")
    assert prove(file_of(worded), (edition(),)).decision == worded


def test_a_question_that_was_added_is_no_matter_of_words() -> None:
    asked = replace(decided(), questions=(Question("7.2", "Which order is it about?"),))
    with pytest.raises(NotProven, match="don't decide what it says"):
        prove(file_of(asked), (edition(),))
