"""A promise that was kept, and a decision beside it: each way of being wrong has its sentence."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jewelrymodel.kernel.signing import Signed, sign
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.decision import Decision
from jewelrymodel.policy.facts import Fact
from jewelrymodel.policy.hypotheses import Buyer, Offer, of_generation, of_purchase
from jewelrymodel.policy.promise import PromisedLine, promised_lines
from jewelrymodel.policy.promise_comparison import refs
from jewelrymodel.policy.promise_document import PromiseDocument, PromiseKind
from jewelrymodel.policy.promise_proof import (
    PromiseBroken,
    PromiseFileUnreadable,
    PromiseNotProven,
    is_promise_file,
    prove_promise,
    require_kept,
)
from jewelrymodel.policy.rule_evaluation import decide
from tests.support.shipped_edition import dated, edition

JULY = datetime(2026, 7, 1, 9, tzinfo=UTC)
SHOP = Buyer("business", "US", 5_000, 20_000)
PACK = Offer("package", 3_900, "USD", 150, "digital_service", "none")
LINES = promised_lines(of_purchase(PACK, SHOP), (edition(),), at=JULY)


def signed(lines: tuple[PromisedLine, ...] = LINES, subject: str = "ord_1") -> Signed:
    said = PromiseDocument(PromiseKind.CHECKOUT, "acct_1", subject, JULY, lines)
    return sign(promise_document.write(said), secret="of the tests")


def file_of(kept: Signed) -> bytes:
    return json.dumps(kept.to_json()).encode()


def second_charge(subject: str = "ord_1", *, sha256: str = "") -> Decision:
    """The order was charged twice; the decision names the promise with this digest, if any."""
    facts = {name: Fact(value, f"order:{subject}", JULY) for name, value in LINES[1].facts.items()}
    named = refs(LINES, sha256=sha256) if sha256 else ()
    return decide(facts, (edition(),), purchased_at=JULY, requested_at=JULY, promised=named)


def test_a_kept_promise_is_proven_from_its_bytes_and_its_edition() -> None:
    kept = signed()
    assert is_promise_file(file_of(kept))
    proven = prove_promise(file_of(kept), (edition(),), public_key=f" {kept.public_key.upper()}")
    assert (proven.promise.subject, proven.promise.lines) == ("ord_1", LINES)
    assert prove_promise(file_of(kept), (edition(),)).signed == kept


def test_lines_before_tax_are_proven_too() -> None:
    lines = promised_lines(of_purchase(PACK, SHOP), (edition(),), at=JULY, is_before_tax=True)
    assert prove_promise(file_of(signed(lines)), (edition(),)).promise.lines == lines


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b"{}", b'{"document":"{}","signature":"x","public_key":"y"}']
)
def test_what_holds_no_promise_is_said_to_hold_none(content: bytes) -> None:
    with pytest.raises(PromiseFileUnreadable, match="holds no promise"):
        prove_promise(content, (edition(),))


@pytest.mark.parametrize("document", ["{}", "[]", "no JSON", '{"format":9}'])
def test_another_signed_document_is_no_promise(document: str) -> None:
    with pytest.raises(PromiseFileUnreadable, match="holds no promise"):
        prove_promise(file_of(sign(document, secret="of the tests")), (edition(),))


@pytest.mark.parametrize("content", [b"nothing", b"7", b'{"facts":{}}'])
def test_a_decision_is_not_taken_for_a_promise(content: bytes) -> None:
    assert not is_promise_file(content)


def test_a_changed_byte_is_noticed() -> None:
    changed = replace(signed(), document=signed().document.replace("3900", "9900"))
    with pytest.raises(PromiseNotProven, match="the promise was changed"):
        prove_promise(file_of(changed), (edition(),))


def test_another_signer_is_noticed() -> None:
    with pytest.raises(PromiseNotProven, match=r"signed by the key .+, not by 00"):
        prove_promise(file_of(signed()), (edition(),), public_key="00")


@pytest.mark.parametrize("at_hand", [(), (dated("2026-06-01"),)])
def test_an_edition_that_is_not_at_hand_is_named(at_hand: tuple[()]) -> None:
    with pytest.raises(PromiseNotProven, match="the edition of 2026-05-14 is not at hand"):
        prove_promise(file_of(signed()), at_hand)


def test_a_line_that_its_edition_does_not_decide_is_named() -> None:
    untrue = replace(LINES[1], remedies=(replace(LINES[1].remedies[0], amount_minor=1),))
    with pytest.raises(PromiseNotProven, match="doesn't decide what it says of “charged_twice”"):
        prove_promise(file_of(signed((untrue,))), (edition(),))


def test_a_decision_that_gives_as_much_keeps_the_promise() -> None:
    proven = prove_promise(file_of(signed()), (edition(),))
    assert require_kept(second_charge(), proven, (edition(),)) == LINES


def test_a_renewal_is_bound_by_the_promise_that_its_decision_names() -> None:
    proven = prove_promise(file_of(signed()), (edition(),))
    named = second_charge("ord_2", sha256=proven.signed.sha256)
    assert require_kept(named, proven, (edition(),)) == LINES


def test_a_promise_about_something_else_is_said_to_be() -> None:
    proven = prove_promise(file_of(signed()), (edition(),))
    with pytest.raises(PromiseBroken, match="about ord_1, the decision about ord_2"):
        require_kept(second_charge("ord_2"), proven, (edition(),))
    nothing = replace(second_charge(), facts={})
    with pytest.raises(PromiseBroken, match="about nothing that was bought"):
        require_kept(nothing, proven, (edition(),))


def test_a_decision_that_is_worse_says_what_was_promised() -> None:
    proven = prove_promise(file_of(signed()), (edition(),))
    less = replace(second_charge(), remedies=())
    with pytest.raises(PromiseBroken, match=r"“charged_twice” \$39\.00 and 0 credits.+\$0\.00"):
        require_kept(less, proven, (edition(),))


def test_credits_of_a_generation_are_compared_without_a_currency() -> None:
    lines = promised_lines(of_generation(prices=[2], buyer=SHOP), (edition(),), at=JULY)
    proven = prove_promise(file_of(signed(lines, "task_1")), (edition(),))
    facts = {name: Fact(value, "task:task_1", JULY) for name, value in lines[0].facts.items()}
    decision = decide(facts, (edition(),), purchased_at=None, requested_at=JULY)
    assert require_kept(decision, proven, (edition(),)) == lines
    with pytest.raises(PromiseBroken, match="0 and 2 credits were promised; 0 and 0 credits"):
        require_kept(replace(decision, remedies=()), proven, (edition(),))
