"""What Billing says of an order after its money went back, or a bank took it."""

import re

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order, Refund
from tests.support.refunds import dispute, follow, intend
from tests.support.shop import Sandbox, charge_again, now, settle, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge(sandbox: Sandbox, seller: Membership, client: Client) -> Charge:
    """The case, 100 credits for 39.00, bought by who looks at the pages."""
    client.force_login(seller.user)
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    return Charge.objects.get()


def badges(client: Client) -> list[str]:
    return re.findall(
        r'<span class="badge[^>]*>(.*?)</span>', client.get("/billing").content.decode()
    )


def happened(client: Client, order: Order) -> list[str]:
    """The lines of the order's history, each a day and its words."""
    html = client.get(f"/billing/orders/{order.pk}").content.decode()
    history = html.partition('id="happened"')[2].partition("</ol>")[0]
    lines = re.findall(r"<li>\s*<time[^>]*>(.*?)</time>\s*(.*?)\s*</li>", history, re.DOTALL)
    assert all(" UTC" in when for when, _words in lines)
    return [words for _when, words in lines]


def test_a_refund_is_said_as_far_as_it_got(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    assert badges(client) == ["Paid, credits added"]
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = follow(intend(charge))
    assert badges(client) == ["Refund in progress"]
    assert "Refund of $39.00 sent" in happened(client, charge.order)[-1]
    sandbox.panel("clock", offset_s=4000)
    follow(refund)
    assert badges(client) == ["Refunded"]
    last = happened(client, charge.order)[-1]
    assert "$39.00 refunded to your card on" in last
    assert "The unused credits were removed." in last


def test_a_refund_that_waits_for_us_is_not_said_to_be_in_progress(
    charge: Charge, client: Client
) -> None:
    refund = intend(charge)
    Refund.objects.filter(pk=refund.pk).update(refusal="key_not_accepted", refused_since_at=now())
    assert badges(client) == ["Refund delayed"]
    assert "our team is working on it" in happened(client, charge.order)[-1]


def test_part_of_the_money_is_called_part(charge: Charge, client: Client) -> None:
    follow(intend(charge, 900, lot=False))
    assert badges(client) == ["Partially refunded"]
    last = happened(client, charge.order)[-1]
    assert "$9.00 refunded" in last
    assert "were removed" not in last
    follow(intend(charge, 3000, why="dec_2", lot=False))
    assert badges(client) == ["Refunded"]
    assert sum("refunded to your card" in line for line in happened(client, charge.order)) == 2


def test_a_second_charge_stands_there_and_so_does_its_refund(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    charge_again(sandbox, charge.order)
    assert badges(client) == ["Charged more than once"]
    second = Charge.objects.exclude(pk=charge.pk).get()
    lines = happened(client, charge.order)
    assert "You were charged $39.00." in lines
    assert f"You were charged $39.00 again (transaction {second.processor_charge_id})." in lines
    follow(intend(second, lot=False))
    assert badges(client) == ["Paid; duplicate charge refunded"]


def test_what_a_bank_says_comes_first_and_leads_to_its_page(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    page = f"/billing/orders/{charge.order_id}"
    assert f"{page}/dispute" not in client.get(page).content.decode()
    follow(intend(charge, 900, lot=False))
    found = dispute(sandbox, charge)
    assert badges(client) == ["In dispute"]
    assert f'href="{page}/dispute"' in client.get(page).content.decode()
    assert any("was disputed at your bank" in line for line in happened(client, charge.order))
    for outcome, words, told in (
        ("lost", "Returned by your bank", "ruled in your favor"),
        ("won", "Partially refunded", "ruled in our favor"),
    ):
        sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome=outcome)
        operations.mirror_dispute(processor_dispute_id=found.processor_dispute_id, now=now())
        assert badges(client) == [words]
        assert any(told in line for line in happened(client, charge.order))


def test_a_question_of_the_bank_is_no_dispute(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    dispute(sandbox, charge, inquiry=True)
    assert badges(client) == ["Bank inquiry"]
    assert any("Your bank asked us about" in line for line in happened(client, charge.order))


def became(client: Client) -> list[str]:
    """What the list of payments says of each charge beside its amount, newest first."""
    html = client.get("/billing").content.decode().partition('id="payments"')[2]
    cells = re.findall(r'<td class="amount">(.*?)</td>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_each_charge_says_what_became_of_it(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    assert became(client) == ["$39.00"]
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = follow(intend(charge, 900, lot=False))
    assert became(client) == ["$39.00 refund of $9.00 in progress"]
    sandbox.panel("clock", offset_s=4000)
    follow(refund)
    assert became(client) == ["$39.00 $9.00 refunded"]
    html = client.get("/billing").content.decode().partition(">Refunds<")[2]
    assert charge.processor_charge_id in html
    follow(intend(charge, 3000, why="dec_2", lot=False))
    assert became(client) == ["$39.00 refunded"]


def test_each_charge_says_what_its_bank_does(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    found = dispute(sandbox, charge)
    assert became(client) == ["$39.00 in dispute"]
    sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome="lost")
    operations.mirror_dispute(processor_dispute_id=found.processor_dispute_id, now=now())
    assert became(client) == ["$39.00 returned by your bank"]


def test_a_question_about_a_charge_is_called_one(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    dispute(sandbox, charge, inquiry=True)
    assert became(client) == ["$39.00 under bank inquiry"]


def statement(client: Client) -> list[list[str]]:
    """The statement's lines, newest first, each cell as it reads; the instant left out."""
    html = client.get("/credits").content.decode().partition('id="statement"')[2]
    rows = re.findall(r"<tr>(.*?)</tr>", html.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    told = [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]
    return [[what, whose, *rest] for what, whose, _when, *rest in told]


def test_the_statement_says_how_many_credits_rest_and_of_which_order(
    charge: Charge, client: Client
) -> None:
    case = f"{charge.order.product_version.name} {charge.order.label}"
    assert statement(client) == [["Credit pack", case, "+100", "100"]]
    refund = intend(charge)
    rests = ["Suspended during a refund 100 credits suspended", case, "–", "0"]
    assert statement(client)[0] == rests
    follow(refund)
    assert statement(client)[:3] == [
        ["Suspension ended", case, "–", "0"],
        ["Revoked: purchase refunded", case, "−100", "0"],
        rests,
    ]


def test_the_statement_says_how_many_credits_are_free_again(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    dispute(sandbox, charge)
    follow(intend(charge))  # refused: the bank has the charge
    case = f"{charge.order.product_version.name} {charge.order.label}"
    free = "Reinstated: not refunded 100 credits reinstated"
    assert statement(client)[0] == [free, case, "–", "100"]
