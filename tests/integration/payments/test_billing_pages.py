"""What Billing says of an order after its money went back, or a bank took it."""

import re

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order
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
    """The lines of What happened, each a day and its words."""
    html = client.get(f"/billing/orders/{order.pk}").content.decode()
    lines = re.findall(r"<li><time[^>]*>(.*?)</time>(.*?)</li>", html)
    assert all(" UTC" in when for when, _words in lines)
    return [words for _when, words in lines]


def test_a_refund_is_said_as_far_as_it_got(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    assert badges(client) == ["Paid, credits added"]
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = follow(intend(charge))
    assert badges(client) == ["Refund on its way"]
    assert "$39.00 is on its way back" in happened(client, charge.order)[-1]
    sandbox.panel("clock", offset_s=4000)
    follow(refund)
    assert badges(client) == ["Refunded"]
    last = happened(client, charge.order)[-1]
    assert "$39.00 refunded to your bank on" in last
    assert "What was left of the credits went back with it." in last


def test_part_of_the_money_is_called_part(charge: Charge, client: Client) -> None:
    follow(intend(charge, 900, lot=False))
    assert badges(client) == ["Partly refunded"]
    last = happened(client, charge.order)[-1]
    assert "$9.00 refunded" in last
    assert "went back with it" not in last
    follow(intend(charge, 3000, why="dec_2", lot=False))
    assert badges(client) == ["Refunded"]
    assert sum("refunded to your bank" in line for line in happened(client, charge.order)) == 2


def test_a_second_charge_stands_there_and_so_does_its_refund(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    charge_again(sandbox, charge.order)
    assert badges(client) == ["Charged more than once"]
    second = Charge.objects.exclude(pk=charge.pk).get()
    lines = happened(client, charge.order)
    assert "Charged $39.00." in lines
    assert f"Charged $39.00 again, transaction {second.processor_charge_id}." in lines
    follow(intend(second, lot=False))
    assert badges(client) == ["Paid once, the other charge refunded"]


def test_what_a_bank_says_comes_first_and_leads_to_its_page(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    page = f"/billing/orders/{charge.order_id}"
    assert f"{page}/dispute" not in client.get(page).content.decode()
    follow(intend(charge, 900, lot=False))
    found = dispute(sandbox, charge)
    assert badges(client) == ["In dispute"]
    assert f'href="{page}/dispute"' in client.get(page).content.decode()
    assert any(
        "Your bank disputed the charge of" in line for line in happened(client, charge.order)
    )
    for outcome, words, told in (
        ("lost", "Taken back by the bank", "gave you the money back"),
        ("won", "Partly refunded", "the charge stands"),
    ):
        sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome=outcome)
        operations.mirror_dispute(processor_dispute_id=found.processor_dispute_id, now=now())
        assert badges(client) == [words]
        assert any(told in line for line in happened(client, charge.order))


def test_a_question_of_the_bank_is_no_dispute(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    dispute(sandbox, charge, inquiry=True)
    assert badges(client) == ["Your bank asks about it"]
    assert any("Your bank asked us about" in line for line in happened(client, charge.order))


def became(client: Client) -> list[str]:
    """What the list of payments says of each charge beside its amount, newest first."""
    html = client.get("/billing").content.decode().partition('id="payments"')[2]
    cells = re.findall(r'<td class="amount">(.*?)</td>', html)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_each_charge_says_what_became_of_it(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    assert became(client) == ["$39.00"]
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = follow(intend(charge, 900, lot=False))
    assert became(client) == ["$39.00 $9.00 on its way back"]
    sandbox.panel("clock", offset_s=4000)
    follow(refund)
    assert became(client) == ["$39.00 $9.00 refunded, $30.00 kept"]
    html = client.get("/billing").content.decode().partition("Money back")[2]
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
    assert became(client) == ["$39.00 taken back by your bank"]


def test_a_question_about_a_charge_is_called_one(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    dispute(sandbox, charge, inquiry=True)
    assert became(client) == ["$39.00 your bank asks about it"]


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
    assert statement(client) == [["Credits of a package", case, "+100", "100"]]
    refund = intend(charge)
    rests = ["Suspended during a refund 100 credits rest", case, "–", "0"]
    assert statement(client)[0] == rests
    follow(refund)
    assert statement(client)[:3] == [
        ["Suspension ended", case, "–", "0"],
        ["Taken back: refunded", case, "−100", "0"],
        rests,
    ]


def test_the_statement_says_how_many_credits_are_free_again(
    sandbox: Sandbox, charge: Charge, client: Client
) -> None:
    dispute(sandbox, charge)
    follow(intend(charge))  # refused: the bank has the charge
    case = f"{charge.order.product_version.name} {charge.order.label}"
    free = "Usable again: no refund 100 credits can be spent again"
    assert statement(client)[0] == [free, case, "–", "100"]
