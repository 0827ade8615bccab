"""What a customer reads of a dispute of theirs, and what the desk sees of every one."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from tests.support.bank import Bank
from tests.support.shop import at_the_desk, charge_again, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(client: Client, seller: Membership) -> Client:
    """The buyer, signed in."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def agent() -> Client:
    """Somebody at the desk."""
    return at_the_desk()


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_the_notice_stands_while_something_rests(bank: Bank, buyer: Client) -> None:
    order = bank.buy()
    assert "is disputed at your bank" not in read(buyer, "/billing")
    work = bank.dispute(order)
    for address in ("/billing", "/credits", "/library"):
        text = read(buyer, address)
        assert f"The charge for order {order.label} is disputed at your bank." in text
        assert f"/billing/orders/{order.pk}/dispute" in text
    bank.decide(work, "won")
    assert "Your bank" not in read(buyer, "/billing")
    bank.decide(work, "lost")
    assert f"Your bank returned the payment for order {order.label} to you." in read(
        buyer, "/billing"
    )


def test_the_page_follows_every_flip(bank: Bank, buyer: Client) -> None:
    order = bank.buy()
    page = f"/billing/orders/{order.pk}/dispute"
    assert "No charge of this order is disputed" in read(buyer, page)
    bank.spend(4)
    work = bank.dispute(order)
    text = read(buyer, page)
    assert "Your bank hasn’t decided yet." in text
    assert "until the bank rules in our favor or you withdraw the dispute." in text
    bank.decide(work, "won")
    assert "ruled in our favor" in read(buyer, page)
    bank.decide(work, "lost")
    text = read(buyer, page)
    assert "returned the payment to you" in text
    assert "4 credits used before the dispute." in text
    assert "only if the bank reverses its decision" in text
    assert "clause-9.1" not in text, "a loss isn't settled by 9.1 but by edge 13"


def test_an_inquiry_reads_as_a_question(bank: Bank, buyer: Client) -> None:
    order = bank.buy()
    bank.dispute(order, inquiry=True)
    text = read(buyer, f"/billing/orders/{order.pk}/dispute")
    assert "The payment hasn’t been returned." in text
    assert "an inquiry isn’t a chargeback" in text
    assert "is disputed at your bank" not in text


def test_nobody_else_sees_it(bank: Bank) -> None:
    order = bank.buy()
    bank.dispute(order)
    stranger = Client()
    page = f"/billing/orders/{order.pk}/dispute"
    assert stranger.get(page).status_code == 302
    stranger.force_login(register("eve@rings.example").user)
    read(stranger, page, 404)
    read(stranger, "/desk/disputes", 404)


def test_the_desk_sees_state_reason_scopes_and_advice(bank: Bank, agent: Client) -> None:
    assert "No disputes" in read(agent, "/desk/disputes")
    order = bank.buy()
    bank.spend(4)
    work = bank.dispute(order)
    assert "Product not received" in read(agent, "/desk/disputes")
    page = f"/desk/disputes/{work.pk}"
    text = read(agent, page)
    assert "Contest: delivered, and our policy grants no remedy." in text
    assert "100 credits were added, and 4 of them spent on images." in text
    assert "The customer did not contact us before the bank." in text
    bank.decide(work, "lost")
    text = read(agent, page)
    assert "The bank has decided; no response is needed." in text
    assert "4 spent credits are recorded as a debt of this charge." in text
    read(agent, "/desk/disputes/dsp_nobody", 404)


def test_where_our_records_say_that_the_customer_is_right_it_is_accepted(
    bank: Bank, agent: Client
) -> None:
    order = bank.buy()
    charge_again(bank.sandbox, order)
    work = bank.dispute(order, "duplicate")
    text = read(agent, f"/desk/disputes/{work.pk}")
    assert "Accept: our own records support the customer." in text
    assert "This order was charged more than once (6.1)." in text


def test_without_the_processor_the_desk_still_has_its_own_facts(bank: Bank, agent: Client) -> None:
    work = bank.dispute(bank.buy())
    bank.sandbox.panel("faults", down=True)
    text = read(agent, f"/desk/disputes/{work.pk}")
    bank.sandbox.panel("faults", down=False)
    assert "the facts can’t be loaded now" in text
    assert "100 credits were added; none was used." in text


def test_a_reason_that_says_nothing_is_weighed_by_a_person(bank: Bank, agent: Client) -> None:
    work = bank.dispute(bank.buy(), "general")
    assert "Needs your judgment" in read(agent, f"/desk/disputes/{work.pk}")
