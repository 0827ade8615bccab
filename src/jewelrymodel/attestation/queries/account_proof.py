"""The proof for one account: its records, and the way from its leaf to a signed root."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from jewelrymodel.attestation.models import Attestation, AttestedRecord
from jewelrymodel.attestation.queries.leaves import tree_of
from jewelrymodel.attestation.queries.record_bodies import decision_body, refund_body
from jewelrymodel.attestation.record_kinds import RecordKind
from jewelrymodel.attestation.rules import proof_file, sum_tree
from jewelrymodel.attestation.rules.proof_file import Proof
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.signing import Signed
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.remedies import queries as remedies


class NoProof(CodedError):
    """There is no proof of this account now; there will be, with the next attestation."""


class NotAttested(NoProof):
    """No attestation has a record of this account yet."""


class OtherSigningKey(NoProof):
    """The newest attestation was made under another key than ours now."""


def account_proof(*, account_id: str) -> Proof:
    """Return the account's proof in the newest attestation; raises NoProof.

    The whole tree is built again, in a second and a half for 100,000 accounts, and its root has to
    be the one that was signed.
    """
    attestation = Attestation.objects.order_by("-number").first()
    if attestation is None:
        raise NotAttested
    tree = tree_of(attestation.number)
    if account_id not in tree.places:
        raise NotAttested
    signed = Signed(attestation.document, attestation.signature, attestation.public_key)
    if tree.root.digest.hex() != signed.body["root"]:
        raise OtherSigningKey
    secret = settings.SIGNING_KEY.encode()
    return Proof(
        signed,
        account_id,
        proof_file.salt(secret, number=attestation.number, account_id=account_id),
        list(_records(account_id, attestation)),
        sum_tree.path(tree.levels, tree.places[account_id]),
    )


def _records(account_id: str, newest: Attestation) -> Iterator[dict[str, Any]]:
    """Of one attestation after the other: movements, then decisions, then refunds."""
    others = _others(account_id, newest.number)
    moved = ledger.movement_records(after=0, until=newest.movement_id, account_id=account_id)
    movements = (record for _, record in moved)
    following = next(movements, None)
    rows = Attestation.objects.filter(number__lte=newest.number).order_by("number")
    for number, last in rows.values_list("number", "movement_id"):
        while following is not None and following["id"] <= last:
            yield following
            following = next(movements, None)
        yield from others[number]


def _others(account_id: str, until: int) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = AttestedRecord.objects.filter(account_id=account_id, attestation_id__lte=until)
    rows = rows.order_by("attestation_id", "kind", "record_id")
    bodies = _bodies(account_id)
    for row in rows:
        found[row.attestation_id].append(bodies[row.kind, row.record_id])
    return found


def _bodies(account_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    decisions = remedies.decisions(account_id=account_id)
    refunds = payments.refunds(account_id=account_id)
    found = {(RecordKind.DECISION.value, one.pk): decision_body(one) for one in decisions}
    return found | {(RecordKind.REFUND.value, one.pk): refund_body(one) for one in refunds}
