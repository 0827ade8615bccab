"""Once a day all credits are summed and signed, and each account can prove that its are in it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from jewelrymodel.attestation import operations, queries
from jewelrymodel.attestation.models import AccountHistory, Attestation
from jewelrymodel.attestation.rules import proof_file
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from tests.support.ledger import NOW, Shop, later

pytestmark = pytest.mark.usefixtures("committing_db")
EVENING = later(hours=12)


def _shops() -> list[Shop]:
    """Five with credits of every state: available, held, suspended, used, expired."""
    shops = [Shop.opened() for _ in range(5)]
    for at, shop in enumerate(shops):
        shop.grant(10 + at, paid_minor=999)
    shops[0].capture(shops[0].hold(4), 3)
    shops[1].hold(5)
    shops[2].suspend(shops[2].grant(7), Cause(CauseKind.DISPUTE, "dispute_1"))
    shops[3].release(shops[3].hold(2))
    return shops


def _proven(shop: Shop) -> proof_file.Proven:
    proof = queries.account_proof(account_id=shop.account_id)
    content = json.dumps(proof.to_json()).encode()
    return proof_file.prove(proof_file.read(content))


def test_each_account_proves_its_credits_and_all_make_the_sum() -> None:
    shops = _shops()
    attestation = operations.attest(now=EVENING)
    body = queries.signed(attestation).body
    owned = {}
    for shop in shops:
        proven, balance = _proven(shop), ledger.balance(shop.account_id, EVENING)
        assert proven.body == body
        assert (proven.history.available, proven.history.held, proven.history.suspended) == (
            balance.available,
            balance.held,
            balance.suspended,
        )
        owned[shop.account_id] = proven.history.credits
    assert list(owned.values()) == [7, 11, 19, 13, 14]
    assert (body["accounts"], body["credits"]) == (5, 64)


def test_a_later_proof_goes_on_from_an_earlier_one() -> None:
    shops = _shops()
    operations.attest(now=EVENING)
    earlier = _proven(shops[0])
    shops[0].grant(1)
    operations.attest(now=EVENING + timedelta(days=1))
    operations.attest(now=EVENING + timedelta(days=2))
    later_one, unchanged = _proven(shops[0]), _proven(shops[1])
    proof_file.require_continued(earlier, later_one)
    proof_file.require_published([earlier, later_one, unchanged], queries.published())
    assert [one.number for one in Attestation.objects.order_by("number")] == [1, 2, 3]
    grown = AccountHistory.objects.filter(attestation_id__gt=1)
    assert [one.account_id for one in grown] == [shops[0].account_id]
    with pytest.raises(proof_file.EarlierIsLater):
        proof_file.require_continued(later_one, earlier)


def test_what_was_rewritten_is_found_by_whoever_kept_a_file() -> None:
    shop, *_ = _shops()
    operations.attest(now=EVENING)
    earlier = _proven(shop)
    _plant("UPDATE ledger_transfer SET value_minor = 1 WHERE account_id = %s", shop.account_id)
    with pytest.raises(proof_file.RootDiffers):
        _proven(shop)
    _plant("DELETE FROM attestation_account_history")
    _plant("DELETE FROM attestation_attestation")
    operations.attest(now=EVENING)
    operations.attest(now=EVENING)
    forged = _proven(shop)
    with pytest.raises(proof_file.RecordsChanged):
        proof_file.require_continued(earlier, forged)
    with pytest.raises(proof_file.NotPublished):
        proof_file.require_published([earlier], queries.published())


def test_nothing_that_was_attested_can_be_changed_and_no_number_is_left_out() -> None:
    _shops()
    attestation = operations.attest(now=EVENING)
    for sql in (
        "UPDATE attestation_attestation SET document = '{}'",
        "DELETE FROM attestation_account_history",
        "UPDATE attestation_account_history SET available = 0",
        "TRUNCATE attestation_record",
        "INSERT INTO attestation_attestation SELECT 7, movement_id, made_at, document, sha256, "
        "signature, public_key FROM attestation_attestation",
    ):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Attestation.objects.get() == attestation


def test_without_an_attestation_or_a_record_in_it_there_is_no_proof(settings: Settings) -> None:
    shop = Shop.opened()
    with pytest.raises(queries.NotAttested):
        queries.account_proof(account_id=shop.account_id)
    assert (queries.newest(), queries.published()) == (None, [])
    assert queries.signed(operations.attest(now=EVENING)).body["credits"] == 0
    with pytest.raises(queries.NotAttested):
        queries.account_proof(account_id=shop.account_id)

    shop.grant(3)
    operations.attest(now=EVENING)
    settings.SIGNING_KEY = "another"
    with pytest.raises(queries.OtherSigningKey):
        queries.account_proof(account_id=shop.account_id)
    operations.attest(now=EVENING)
    assert _proven(shop).history.credits == 3


def test_while_a_transaction_may_still_write_nothing_is_attested() -> None:
    with transaction.atomic(), pytest.raises(operations.NotSettled):
        operations.attest(now=NOW)
    assert queries.newest() is None


def test_each_edition_of_the_policy_is_in_it() -> None:
    body = queries.signed(operations.attest(now=datetime(2027, 1, 1, tzinfo=UTC))).body
    assert body["editions"]
    assert all(len(one["sha256"]) == 64 for one in body["editions"])


def _plant(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = origin")
