import re
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.infra.clock import real_now
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, LotSource

pytestmark = pytest.mark.django_db


def test_credits_show_what_is_left_until_when_and_what_became_of_every_one() -> None:
    now = real_now()
    owner = accounts.register(
        email="ida@rings.example", password=None, account_name="Ida", now=now - timedelta(days=9)
    )
    client = Client()
    client.force_login(owner.user)
    assert "No credits yet" in client.get("/credits").content.decode()

    account_id = owner.account_id
    ledger.grant(
        account_id=account_id,
        source=LotSource.PACKAGE_ORDER,
        source_ref="ord_1",
        quantity=20,
        paid_minor=900,
        currency="USD",
        expires_at=None,
        idempotency_key="grant",
        now=now - timedelta(days=8),
    )
    hold = ledger.hold(
        account_id=account_id,
        quantity=4,
        subject="task_1",
        idempotency_key="hold",
        now=now - timedelta(days=7),
    )
    ledger.release(hold_id=hold.id, idempotency_key="release", now=now - timedelta(days=6))
    html = client.get("/credits").content.decode()
    for words in (
        "20 credits",
        "Never expires",
        "Returned: the generation cost nothing",
        "4 returned",
    ):
        assert words in html
    assert 'href="/billing/orders/ord_1"' in html
    assert "<path" in html


def test_the_statement_counts_what_rests_and_what_rests_already() -> None:
    now = real_now()
    owner = accounts.register(email="ida@rings.example", password=None, account_name="Ida", now=now)
    lot = ledger.grant(
        account_id=owner.account_id,
        source=LotSource.PROMOTION,
        source_ref="welcome",
        quantity=20,
        paid_minor=0,
        currency="",
        expires_at=None,
        idempotency_key="grant",
        now=now,
    )
    for case in ("one", "two"):
        ledger.suspend(
            account_id=owner.account_id,
            lot_id=lot.id,
            cause=Cause(CauseKind.DISPUTE, case),
            idempotency_key=case,
            now=now,
        )
    client = Client()
    client.force_login(owner.user)
    html = client.get("/credits").content.decode()
    assert html.count("20 credits suspended") == 1
    assert html.count("No further credits to suspend") == 1
    assert re.findall(r'<td class="amount">\s*(.*?)\s*</td>', html, re.DOTALL)[-3:] == [
        '<span class="soft">–</span>',
        '<span class="soft">–</span>',
        '<span class="amount--in">+20</span>',
    ]


def test_another_accounts_credits_are_never_shown() -> None:
    now = real_now()
    first = accounts.register(email="a@rings.example", password=None, account_name="A", now=now)
    other = accounts.register(email="b@rings.example", password=None, account_name="B", now=now)
    client = Client()
    client.force_login(first.user)
    session = client.session
    session["account_id"] = other.account_id
    session.save()
    html = client.get("/credits").content.decode()
    assert other.account_id not in html
    assert ">A<" in html
