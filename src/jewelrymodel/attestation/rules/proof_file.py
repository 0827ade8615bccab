"""The file by which somebody proves that their credits are counted, with no record of ours."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jewelrymodel.attestation.rules import sum_tree
from jewelrymodel.attestation.rules.history import (
    History,
    HistoryDisagrees,
    Record,
    follow,
    require_sums,
)
from jewelrymodel.attestation.rules.sum_tree import CreditsOutOfRange, Node, Sibling
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.signing import Signed

FORMAT = 1


class ProofUnreadable(CodedError):
    """The file holds no proof; keep the one that the page of credits hands out."""


class ProofTooNew(CodedError):
    """The file has a format that only a newer version reads."""


class CreditsNotProven(CodedError):
    """The file doesn't prove what it says."""


class SignatureWrong(CreditsNotProven):
    """The attestation isn't signed by the key that it names."""


class BalanceDiffers(CreditsNotProven):
    """What a movement says of the balance doesn't follow from the records until there."""


class RootDiffers(CreditsNotProven):
    """The records and the path don't lead to the attestation's root."""


class SumDiffers(CreditsNotProven):
    """The attestation says another sum of credits than its root."""


class NegativeBalance(CreditsNotProven):
    """A balance on the path is negative, so that it would hide others."""


class ProofMalformed(CreditsNotProven):
    """Something in the file isn't what a proof says there."""


class OtherSigner(CreditsNotProven):
    """The attestation is signed by another key than the one that was expected."""


class OtherAccount(CreditsNotProven):
    """Two files are about different accounts."""


class EarlierIsLater(CreditsNotProven):
    """The file that is called earlier is the later one."""


class RecordsChanged(CreditsNotProven):
    """Records of an earlier file were changed or left out since."""


class PublishedSignatureWrong(CreditsNotProven):
    """A published attestation isn't signed by the key that it names."""


class PublishedGap(CreditsNotProven):
    """A published attestation doesn't follow the one before it."""


class NotPublished(CreditsNotProven):
    """An attestation isn't among those that were published."""


@dataclass(frozen=True)
class Proof:
    """Everything that a proof's file says."""

    signed: Signed
    account_id: str
    salt: str
    records: Sequence[Record]
    path: Sequence[Sibling]

    def to_json(self) -> dict[str, Any]:
        """Return it as it is written to a file."""
        return {
            "format": FORMAT,
            "attestation": self.signed.to_json(),
            "account": self.account_id,
            "salt": self.salt,
            "records": list(self.records),
            "path": [
                {
                    "side": "left" if one.is_left else "right",
                    "sha256": one.node.digest.hex(),
                    "credits": one.node.credits,
                }
                for one in self.path
            ],
        }


@dataclass(frozen=True)
class Proven:
    """What a proof proves: which attestation, and the account's credits and records in it."""

    proof: Proof
    history: History

    @property
    def body(self) -> dict[str, Any]:
        """What the attestation's document says."""
        return self.proof.signed.body


def salt(secret: bytes, *, number: int, account_id: str) -> str:
    """Return what makes an account's leaf in attestation *number* one that nobody else can guess.

    It also decides the leaf's place, so that an account has other neighbors each day.
    """
    return hmac.digest(secret, f"{number}:{account_id}".encode(), "sha256").hex()


def leaf_of(history: History, *, account_id: str, salt: str) -> Node:
    """Return the account's leaf: its credits, and the head of its chain."""
    said = f"{salt}:{account_id}:{history.count}:{history.head.hex()}"
    return sum_tree.leaf(said.encode(), history.credits)


def read(content: bytes) -> Proof:
    """Return the proof that a file holds; raises ProofUnreadable and ProofTooNew."""
    try:
        body = json.loads(content)
        if body["format"] != FORMAT:
            raise ProofTooNew(format=body["format"])
        signed = signed_in(body["attestation"])
        return Proof(
            signed,
            str(body["account"]),
            str(body["salt"]),
            body["records"],
            [_sibling(one) for one in body["path"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProofUnreadable from None


def signed_in(body: Mapping[str, Any]) -> Signed:
    """Return a signed document as a file shows it; raises KeyError."""
    return Signed(str(body["document"]), str(body["signature"]), str(body["public_key"]))


def prove(proof: Proof) -> Proven:
    """Return what *proof* proves; raises CreditsNotProven.

    The document is signed, the records give the account's credits, and these are inside the
    document's root, whose credits are the sum that the document says.
    """
    try:
        return _prove(proof)
    except HistoryDisagrees as problem:
        raise BalanceDiffers(**problem.params) from None
    except CreditsOutOfRange:
        raise NegativeBalance from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProofMalformed from None


def _prove(proof: Proof) -> Proven:
    if not proof.signed.is_authentic:
        raise SignatureWrong
    body = proof.signed.body
    require_sums(proof.records)
    history = follow(proof.records, History())
    own = leaf_of(history, account_id=proof.account_id, salt=proof.salt)
    root = sum_tree.root_above(own, proof.path)
    if root.digest.hex() != body["root"]:
        raise RootDiffers
    if root.credits != body["credits"]:
        raise SumDiffers
    return Proven(proof, history)


def require_continued(earlier: Proven, later: Proven) -> None:
    """Raise CreditsNotProven unless all records of *earlier* are in *later*, as they were."""
    if earlier.proof.account_id != later.proof.account_id:
        raise OtherAccount
    if earlier.body["number"] > later.body["number"]:
        raise EarlierIsLater
    then = follow(later.proof.records[: earlier.history.count], History())
    if then.head != earlier.history.head or then.count != earlier.history.count:
        raise RecordsChanged


def require_published(proven: Sequence[Proven], published: Sequence[Signed]) -> None:
    """Raise CreditsNotProven unless *published* is an unbroken row, and the attestations are in it.

    Each document names the digest of the one before: none can be put in or changed later.
    """
    before = ""
    for at, one in enumerate(published):
        if not one.is_authentic:
            raise PublishedSignatureWrong(number=at + 1)
        if one.body["number"] != at + 1 or one.body["previous_sha256"] != before:
            raise PublishedGap(number=at + 1)
        before = one.sha256
    known = {one.sha256 for one in published}
    for each in proven:
        if each.proof.signed.sha256 not in known:
            raise NotPublished(number=each.body["number"])


def _sibling(body: Mapping[str, Any]) -> Sibling:
    if body["side"] not in ("left", "right"):
        raise ValueError(body["side"])
    node = Node(bytes.fromhex(body["sha256"]), int(body["credits"]))
    return Sibling(body["side"] == "left", node)
