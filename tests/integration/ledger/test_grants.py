"""Credits and features that are granted once."""

import pytest

from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import Lot, Transfer
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, LotSource
from tests.support.ledger import NOW, Shop, grant_period, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop.opened()


def grant_order(shop: Shop, key: str, quantity: int = 300) -> Lot:
    return operations.grant(
        account_id=shop.account_id,
        source=LotSource.PACKAGE_ORDER,
        source_ref="order_1",
        quantity=quantity,
        paid_minor=2000,
        currency="EUR",
        expires_at=None,
        idempotency_key=key,
        now=NOW,
    )


def test_an_order_is_granted_once(shop: Shop) -> None:
    assert grant_order(shop, "a") == grant_order(shop, "a")
    with pytest.raises(operations.IdempotencyKeyReused):
        grant_order(shop, "a", quantity=301)
    with pytest.raises(operations.AlreadyGranted):
        grant_order(shop, "b")
    assert shop.has() == (300, 0, 0)


@pytest.mark.parametrize(("quantity", "paid_minor"), [(0, 0), (-1, 0), (1, -1)])
def test_nothing_can_t_be_granted(shop: Shop, quantity: int, paid_minor: int) -> None:
    with pytest.raises(operations.BadGrant):
        shop.grant(quantity, paid_minor=paid_minor)


def test_a_lot_s_credits_are_worth_exactly_what_was_paid(shop: Shop) -> None:
    lot = shop.grant(30, paid_minor=200)
    for _ in range(20):
        shop.capture(shop.hold(1), 1)
    (left,) = queries.balance(shop.account_id, NOW).lots
    assert (left.worth_minor, left.currency) == (67, "EUR")
    shop.revoke(lot, Cause(CauseKind.REFUND, "rf_1"))
    values = Transfer.objects.filter(from_kind="lot").values_list("value_minor", flat=True)
    assert sum(values) == lot.paid_minor == 200
    assert set(values) == {6, 7, 67}
    assert queries.verify() == []


@pytest.mark.parametrize("source", LotSource)
def test_every_source_has_words_and_a_link(shop: Shop, source: LotSource) -> None:
    shop.grant(1, source=source)
    (entry,) = queries.statement(shop.account_id, NOW)
    (lot,) = queries.balance(shop.account_id, NOW).lots
    assert entry.words == lot.words != ""
    assert entry.link.id == lot.source_ref
    assert entry.link.kind in CauseKind


def test_features_last_as_long_as_their_period(shop: Shop) -> None:
    period = grant_period(shop, features="studio priority")
    assert grant_period(shop, features="studio priority") == period
    with pytest.raises(operations.AlreadyGranted):
        grant_period(shop, features="studio priority", key="other")
    with pytest.raises(operations.IdempotencyKeyReused):
        grant_period(shop, features="studio")
    grant_period(shop, order_ref="order_2", features="bulk", key="second")
    assert queries.features(shop.account_id, NOW) == {"studio", "priority", "bulk"}
    assert queries.features(shop.account_id, later(days=30)) == frozenset()
    assert queries.statement(shop.account_id, NOW) == ()


def test_a_key_counts_for_one_operation_on_one_account(shop: Shop) -> None:
    other = Shop.opened()
    assert grant_order(shop, "k").id != grant_order(other, "k").id
    grant_period(shop, key="k")
    cause = Cause(CauseKind.REFUND, "rf_1")
    assert shop.revoke(Lot.objects.filter(account_id=shop.account_id)[0], cause, key="k") == 300
    assert other.has() == (300, 0, 0)
