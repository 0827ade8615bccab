"""Making an attestation: what came since the last goes into each chain, and the sum is signed.

Nothing that was attested before is read again but each account's last state: a day costs what
happened in it, and two hashes an account.
"""

from datetime import UTC, datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction

from jewelrymodel.attestation.models import AccountHistory, Attestation, AttestedRecord
from jewelrymodel.attestation.operations.grown_histories import AccountRecord, grown_histories
from jewelrymodel.attestation.queries.leaves import tree_of
from jewelrymodel.attestation.queries.record_bodies import decision_body, refund_body
from jewelrymodel.attestation.record_kinds import RecordKind
from jewelrymodel.attestation.rules import document
from jewelrymodel.catalog import terms
from jewelrymodel.infra.locks import locked
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.signing import sign
from jewelrymodel.ledger import operations as ledger_operations
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.remedies import queries as remedies

_LATE = timedelta(days=7)
"""How long before an attestation something may say that it was made, and be written after it."""
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 2_000


class NotSettled(CodedError):
    """Transactions that began before run on, and may still write; try again later."""


def attest(*, now: datetime) -> Attestation:
    """Attest all that was booked until now, and return what was signed.

    One at a time: a second one waits, and attests what came meanwhile. Raises NotSettled.
    """
    with locked("attestation"):
        until = ledger_operations.settled_movement()
        if until is None:
            raise NotSettled
        with transaction.atomic():
            return _attest(until, now)


def _attest(until: int, now: datetime) -> Attestation:
    last = Attestation.objects.order_by("-number").first()
    number, after = (last.number + 1, last.movement_id) if last else (1, 0)
    others = _others(since=last.made_at - _LATE if last else _FIRST)
    moved = ledger.movement_records(after=after, until=until)
    grown = grown_histories(chain(moved, others))
    AccountHistory.objects.bulk_create(
        (
            AccountHistory(
                account_id=account_id,
                attestation_id=number,
                count=history.count,
                head=history.head,
                available=history.available,
                held=history.held,
                suspended=history.suspended,
            )
            for account_id, history in grown.items()
        ),
        batch_size=_AT_ONCE,
    )
    AttestedRecord.objects.bulk_create(
        AttestedRecord(
            account_id=account_id,
            attestation_id=number,
            kind=RecordKind(body["kind"]),
            record_id=body["id"],
        )
        for account_id, body in others
    )
    # Keys to it are checked at the end of the transaction.
    return _signed(number, until, now, previous_sha256=last.sha256 if last else "")


def _others(*, since: datetime) -> list[AccountRecord]:
    """Decisions, then refunds, that are in no attestation yet."""
    made: list[AccountRecord] = [
        *((one.account_id, decision_body(one)) for one in remedies.decision_records(since=since)),
        *((one.account_id, refund_body(one)) for one in payments.refund_records(since=since)),
    ]
    ids = [body["id"] for _, body in made]
    rows = AttestedRecord.objects.filter(record_id__in=ids)
    known = set(rows.values_list("kind", "record_id"))
    return [one for one in made if (one[1]["kind"], one[1]["id"]) not in known]


def _signed(number: int, until: int, now: datetime, *, previous_sha256: str) -> Attestation:
    tree = tree_of(number)
    text = document.write(
        number=number,
        made_at=now,
        accounts=len(tree.places),
        total=tree.root.credits,
        root=tree.root.digest,
        editions=[(one.date.isoformat(), one.sha256) for one in terms.published()],
        previous_sha256=previous_sha256,
    )
    signed = sign(text, secret=settings.SIGNING_KEY)
    return Attestation.objects.create(
        number=number,
        movement_id=until,
        made_at=now,
        document=text,
        sha256=signed.sha256,
        signature=signed.signature,
        public_key=signed.public_key,
    )
