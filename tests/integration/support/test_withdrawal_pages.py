"""The pages to withdraw: what is refused to strangers, and where the receipt's link leads later."""

import pytest
from django.core import mail
from django.test import Client

from jewelrymodel.payments.models import Charge
from jewelrymodel.support.models import Withdrawal
from jewelrymodel.web.withdrawal_form import ContractForm
from tests.support.desk import read
from tests.support.refunds import follow, intend
from tests.support.withdrawals import Buy

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]
TYPED = {"name": "Ada Example", "contract": "JM-000123", "email": "ada@rings.example"}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "Your parcel is held. Pay at https://evil.example/x"),
        ("name", "Your parcel is held, see evil.example"),
        ("name", "www.evil"),
        ("name", "Call 0123456"),
        ("name", "pay@evil"),
        ("contract", "https://evil.example"),
        ("contract", "EVIL.EXAMPLE now"),
        ("contract", "pay@evil.example"),
    ],
)
def test_a_stranger_sends_nobody_a_link_in_our_name(terms: None, field: str, text: str) -> None:
    typed = {**TYPED, field: text, "do": "confirm"}
    assert Client().post("/withdraw", typed).status_code == 422
    assert not Withdrawal.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize(
    "name",
    [
        "Ada Example",
        "J. R. Müller-O’Neill",
        "María José Núñez (Pérez)",
        "Dr. D'Arcy",
        "J.R.R. Tolkien",
        "李小龍",
        "Нина Иванова",
        "अनन्या",
        "マリア・ロペス",
        "Zoë Ștefănescu, Jr.",
    ],
)
def test_names_of_people_are_names(name: str) -> None:
    assert ContractForm({**TYPED, "name": name}).is_valid()


@pytest.mark.parametrize("contract", ["JM-000123", "RCP-000123", "my last order", "Order no. 12"])
def test_what_people_call_an_order_is_taken(contract: str) -> None:
    assert ContractForm({**TYPED, "contract": contract}).is_valid()


def test_after_the_days_the_receipts_link_says_so_and_leads_on(buy: Buy, client: Client) -> None:
    order = buy()
    follow(intend(Charge.objects.get(order=order)))
    answer = client.get(f"/billing/orders/{order.pk}/withdraw", follow=True)
    page = answer.content.decode()
    assert "You can’t withdraw from this order here" in page
    assert '<a href="/withdraw">If you believe that you still can, state it here.</a>' in page
    assert read(client, "/withdraw")
