"""What the law gives and a person: declined by nobody, by no other ground, through the page."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations
from jewelrymodel.support.models import Withdrawal
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.statuses import WithdrawalState
from tests.support.desk import decide, read, shown, wait_until_decided
from tests.support.shop import Sandbox, charge_again, now, settle, start
from tests.support.withdrawals import Buy, carry_out, confirm

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]


def decide_grounds(client: Client, row: Withdrawal, *acts: str) -> int:
    page = read(client, f"/desk/cases/{row.case_id}")
    told = dict(re.findall(r'name="(signature_\w+|read_up_to)" value="(\w*)"', page))
    keys = re.findall(r'name="signature_(\w+)"', page)
    told |= {f"act_{key}": act for key, act in zip(keys, acts, strict=True)}
    told |= {"sure": "on", "reason": "As our records say."}
    status = client.post(f"/desk/cases/{row.case_id}/grounds/decide", told).status_code
    wait_until_decided()
    return status


def test_at_the_desk_a_decline_is_refused_in_words(buy: Buy, client: Client, vera: Client) -> None:
    row = confirm(client, buy())
    assert decide(vera, row.case, "decline") == 409
    assert not DecisionRecord.objects.exists()
    page = read(vera, f"/desk/cases/{row.case_id}")
    told = {"sure": "on", "reason": "No.", **shown(page)}
    answer = vera.post(f"/desk/cases/{row.case_id}/decline", told).content.decode()
    assert "The law gives this consumer" in answer


def test_what_another_order_gets_back_makes_no_right_good(
    buy: Buy, client: Client, vera: Client, sandbox: Sandbox
) -> None:
    row = confirm(client, buy("tray"))
    second = Charge.objects.get().order
    checkout = start(
        second.account.memberships.get(),
        sku="case",
        key="another-page-key",
    )
    sandbox.pay(checkout.url)
    other = settle(checkout.order)
    charge_again(sandbox, other)
    told = {"category": "duplicate", "about": other.label, "records": ""}
    assert vera.post(f"/desk/cases/{row.case_id}/grounds/add", told).status_code == 302
    assert decide_grounds(vera, row, "decline", "approve") == 409
    assert not DecisionRecord.objects.exists()
    assert decide_grounds(vera, row, "approve", "approve") == 302
    assert {one.category for one in DecisionRecord.objects.all()} == {"withdrawal", "duplicate"}


def test_who_was_not_told_of_the_right_is_a_persons_to_decide(
    buy: Buy, vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawals, "consents_of", lambda _order: ())
    order, late = buy(), now() + timedelta(days=40)
    row = operations.claim_withdrawal(
        contract=order.label, name="Ada", email=order.buyer_email, now=late
    )
    operations.confirm_sender(token=confirmation_link(row.case).rpartition("/")[2], now=late)
    assert carry_out(row).state == WithdrawalState.PERSON
    assert decide(vera, row.case, "decline", reason="They were told by phone.") == 302
    assert DecisionRecord.objects.get().denied
    assert not Refund.objects.exists()
