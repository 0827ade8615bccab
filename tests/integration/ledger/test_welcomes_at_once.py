"""The free images of a new account, asked for from several sides at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from django.db import connection

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.ledger import operations
from jewelrymodel.ledger.models import Lot, Welcome
from jewelrymodel.ledger.queries.consistency_check import verify

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def opened(email: str) -> Account:
    member = accounts.register(email=email, password=None, account_name="Z", now=NOW)
    return member.account


def test_two_presses_and_two_accounts_of_a_mailbox_are_welcomed_once(committing_db: None) -> None:
    first, second = opened("zoe@rings.example"), opened("zoe+two@rings.example")

    def press(account: Account) -> str:
        try:
            lot = operations.grant_welcome(
                account_id=account.pk, email="zoe@rings.example", address="192.0.2.1", now=NOW
            )
        except operations.AlreadyWelcomed:
            return ""
        finally:
            connection.close()
        return lot.pk

    with ThreadPoolExecutor(6) as pool:
        lots = list(pool.map(press, [first, second] * 3))
    assert len([one for one in lots if one]) == 1
    assert (Lot.objects.count(), Welcome.objects.count()) == (1, 1)
    assert not list(verify())
