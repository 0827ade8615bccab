"""A page about one account reads that account's rows, however many others there are (F1)."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order
from jewelrymodel.support.models import Case
from tests.support.bank import Bank
from tests.support.reads import rows_of_others
from tests.support.shop import Sandbox, now, register, settle, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def others(sandbox: Sandbox, seller: Membership) -> list[Order]:
    """What other accounts bought in the same minutes."""
    found = []
    for name in ("bo", "cy", "di"):
        checkout = start(register(f"{name}@rings.example"), key=f"page-of-{name}")
        sandbox.pay(checkout.url)
        found.append(settle(checkout.order))
    return found


def test_a_case_reads_no_order_of_another_account(
    case: Case, others: list[Order], vera: Client
) -> None:
    with rows_of_others(case.account_id or "") as read:
        assert vera.get(f"/desk/cases/{case.pk}").status_code == 200
    assert read == []


def test_a_dispute_reads_no_order_of_another_account(
    sandbox: Sandbox, seller: Membership, others: list[Order], vera: Client
) -> None:
    bank = Bank(sandbox, seller)
    work = bank.dispute(bank.buy(key="a-page-of-its-own"), "duplicate")
    with rows_of_others(seller.account_id) as read:
        assert vera.get(f"/desk/disputes/{work.pk}").status_code == 200
    assert read == []


@pytest.mark.parametrize("page", ["/studio", "/library", "/credits", "/billing", "/requests"])
def test_a_sellers_page_reads_no_row_of_another_account(
    case: Case, others: list[Order], seller: Membership, client: Client, page: str
) -> None:
    client.force_login(seller.user)
    with rows_of_others(seller.account_id) as read:
        assert client.get(page).status_code == 200
    assert read == []


def test_the_pairs_of_an_order_are_those_of_the_whole_list(
    sandbox: Sandbox, order: Order, seller: Membership, others: list[Order]
) -> None:
    made = [order]
    for number in range(2):
        checkout = start(seller, key=f"another-page-{number}")
        sandbox.pay(checkout.url)
        made.append(settle(checkout.order))
    everything = queries.same_purchases(since=now() - timedelta(minutes=9))
    assert everything == list(pairwise(made))
    for one in made:
        expected = [pair for pair in everything if one in pair]
        assert queries.same_purchases_as(one) == expected
    assert queries.same_purchases_as(others[0]) == []
