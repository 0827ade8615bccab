"""What a proof's file proves, and each way in which it can be wrong."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from jewelrymodel.attestation.rules import document, proof_file, sum_tree
from jewelrymodel.attestation.rules.history import History, follow
from jewelrymodel.attestation.rules.proof_file import CreditsNotProven, Proof, ProofUnreadable
from jewelrymodel.kernel import signing
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.signing import Signed

KEY = signing.key_of("of the tests")
DECISION = {"kind": "decision", "id": "dec_1", "sha256": "ab"}


def _movement(id_: int, operation: str, after: tuple[int, int, int], **rest: Any) -> dict[str, Any]:
    balance = dict(zip(("available", "held", "suspended"), after, strict=True))
    return {"kind": "movement", "id": id_, "operation": operation, "after": balance, **rest}


def _moved(from_: str, to: str, amount: int) -> dict[str, Any]:
    return {"from": from_, "to": to, "credits": amount}


RECORDS = [
    _movement(1, "grant", (10, 0, 0), transfers=[_moved("issued", "lot", 10)]),
    _movement(2, "hold", (6, 4, 0), transfers=[], hold="h", lines=[{"lot": "l", "credits": 4}]),
    DECISION,
    _movement(3, "capture", (7, 0, 0), transfers=[_moved("lot", "consumed", 3)], hold="h"),
    _movement(4, "hold", (5, 2, 0), transfers=[], hold="i", lines=[{"lot": "l", "credits": 2}]),
    _movement(5, "suspend", (0, 2, 5), transfers=[]),
    _movement(6, "debt", (0, 2, 5), transfers=[_moved("consumed", "debt", 1)]),
    _movement(7, "expire", (0, 2, 5), transfers=[_moved("lot", "lot", 1)]),
]


def _signed(root: sum_tree.Node, *, number: int = 1, before: str = "", total: int = -1) -> Signed:
    text = document.write(
        number=number,
        made_at=datetime(2026, 12, 1, tzinfo=UTC),
        accounts=3,
        total=root.credits if total < 0 else total,
        root=root.digest,
        editions=[("2026-01-01", "cd")],
        previous_sha256=before,
    )
    return Signed(text, KEY.sign(text.encode()).hex(), signing.public_key(KEY))


def _proof(records: list[dict[str, Any]] = RECORDS, **said: Any) -> Proof:
    salt = proof_file.salt(b"secret", number=1, account_id="acc_1")
    own = proof_file.leaf_of(follow(records, History()), account_id="acc_1", salt=salt)
    rows = sum_tree.levels([sum_tree.leaf(b"a", 5), own, sum_tree.leaf(b"b", 9)])
    return Proof(_signed(rows[-1][0], **said), "acc_1", salt, records, sum_tree.path(rows, 1))


def _read_again(proof: Proof) -> Proof:
    return proof_file.read(json.dumps(proof.to_json()).encode())


def test_a_file_proves_the_credits_that_follow_from_its_records() -> None:
    proven = proof_file.prove(_read_again(_proof()))
    history = proven.history
    assert (history.count, history.credits) == (len(RECORDS), 7)
    assert (history.available, history.held, history.suspended) == (0, 2, 5)
    assert (proven.body["credits"], proven.body["format"]) == (21, document.FORMAT)


def test_a_chain_is_that_of_its_records_alone() -> None:
    """Recomputed by hand: anybody can, by what the documents say of it."""
    head = hashlib.sha256(b"jewelrymodel account history 1").digest()
    text = '{"id":"dec_1","kind":"decision","sha256":"ab"}'
    expected = hashlib.sha256(head + hashlib.sha256(text.encode()).digest()).digest()
    assert follow([DECISION], History()).head == expected


def _without(at: int) -> Callable[[Proof], Proof]:
    return lambda proof: replace(proof, records=[*RECORDS[:at], *RECORDS[at + 1 :]])


def _negative(proof: Proof) -> Proof:
    first, *rest = proof.path
    return replace(proof, path=[replace(first, node=replace(first.node, credits=-9)), *rest])


WRONG: list[tuple[str, Callable[[Proof], Proof], type[CreditsNotProven]]] = [
    ("a decision left out", _without(2), proof_file.RootDiffers),
    ("a movement left out", _without(3), proof_file.BalanceDiffers),
    ("a hold left out", _without(1), proof_file.BalanceDiffers),
    ("another account", lambda one: replace(one, account_id="acc_2"), proof_file.RootDiffers),
    ("another salt", lambda one: replace(one, salt="00"), proof_file.RootDiffers),
    ("no path", lambda one: replace(one, path=[]), proof_file.RootDiffers),
    ("a negative balance", _negative, proof_file.NegativeBalance),
    ("another sum", lambda _: _proof(total=22), proof_file.SumDiffers),
    (
        "another signature",
        lambda one: replace(one, signed=replace(one.signed, signature="00" * 64)),
        proof_file.SignatureWrong,
    ),
    (
        "another document",
        lambda one: replace(one, signed=replace(one.signed, document="{}")),
        proof_file.SignatureWrong,
    ),
    (
        "no key",
        lambda one: replace(one, signed=replace(one.signed, public_key="not a key")),
        proof_file.ProofMalformed,
    ),
    ("records of no kind", lambda one: replace(one, records=[{}]), proof_file.ProofMalformed),
]


@pytest.mark.parametrize(("what", "change", "why"), WRONG)
def test_what_is_wrong_is_said(
    what: str, change: Callable[[Proof], Proof], why: type[CreditsNotProven]
) -> None:
    with pytest.raises(why):
        proof_file.prove(_read_again(change(_proof())))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no JSON", ProofUnreadable),
        (b"[]", ProofUnreadable),
        (b"{}", ProofUnreadable),
        (b'{"format": 9}', proof_file.ProofTooNew),
        (json.dumps(_proof().to_json()).replace("left", "above").encode(), ProofUnreadable),
    ],
)
def test_another_file_is_no_proof(content: bytes, why: type[CodedError]) -> None:
    with pytest.raises(why):
        proof_file.read(content)


def test_an_earlier_file_has_to_be_the_begin_of_a_later_one() -> None:
    earlier, later = proof_file.prove(_proof(RECORDS[:3])), proof_file.prove(_proof(number=2))
    proof_file.require_continued(earlier, later)
    with pytest.raises(proof_file.EarlierIsLater):
        proof_file.require_continued(later, earlier)
    other = replace(earlier, proof=replace(earlier.proof, account_id="acc_2"))
    with pytest.raises(proof_file.OtherAccount):
        proof_file.require_continued(other, later)
    changed = proof_file.prove(_proof([RECORDS[0], *RECORDS[1:2], {**DECISION, "sha256": "ef"}]))
    for one in (changed, proof_file.prove(_proof([*RECORDS, DECISION]))):
        with pytest.raises(proof_file.RecordsChanged):
            proof_file.require_continued(one, later)


def test_what_was_published_is_one_unbroken_row() -> None:
    root = sum_tree.leaf(b"", 0)
    first = _proof().signed
    second = _signed(root, number=2, before=first.sha256)
    proven = proof_file.prove(_proof())
    proof_file.require_published([proven], [first, second])
    unsigned = replace(second, signature="00" * 64)
    broken = [
        (proof_file.NotPublished, [_signed(root)]),
        (proof_file.PublishedGap, [second]),
        (proof_file.PublishedGap, [first, _signed(root, number=2)]),
        (proof_file.PublishedSignatureWrong, [first, unsigned]),
    ]
    for why, row in broken:
        with pytest.raises(why):
            proof_file.require_published([proven], row)
