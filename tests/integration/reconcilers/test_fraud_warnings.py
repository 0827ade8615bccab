"""Early fraud warnings: a person hears of a suspected charge before it is disputed."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from tests.support.refunds import follow, intend
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
CHECK = "suspected_fraud"
HOUR = timedelta(hours=1)


@pytest.fixture
def charge(sandbox: Sandbox, seller: Membership) -> Charge:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    return Charge.objects.get()


def test_a_warning_opens_one_case_with_a_recommendation_that_the_customer_does_not_read(
    sandbox: Sandbox, charge: Charge
) -> None:
    warning = sandbox.panel(f"charges/{charge.processor_charge_id}/warning")["id"]
    hint = {"object": "radar.early_fraud_warning", "object_id": str(warning)}
    assert payments.handle_event(hint, now=now()) == "suspected"
    assert reconcilers.run(now=now())[CHECK] == 1
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 0
    case = Case.objects.get()
    assert case.state == CaseState.OPEN
    note = case.entries.get(internal=True).text
    assert "Recommended: refund" in note
    shown = " ".join(case.entries.filter(internal=False).values_list("text", flat=True))
    assert "checking the payment of $39.00" in shown
    assert "fraud" not in shown
    assert not case.entries.filter(mail_due=True).exists()


def test_a_warning_without_news_is_found_and_one_of_a_refunded_charge_is_not(
    sandbox: Sandbox, charge: Charge
) -> None:
    sandbox.panel(f"charges/{charge.processor_charge_id}/warning")
    follow(intend(charge))
    assert reconcilers.run(now=now())[CHECK] == 0


def test_a_warning_of_a_charge_that_was_not_booked_yet_books_it(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    key = ("sk_test_sandbox_tests", "")
    newest = sandbox.http.get("/v1/charges", auth=key).json()["data"][0]["id"]
    warning = sandbox.panel(f"charges/{newest}/warning")["id"]
    hint = {"object": "radar.early_fraud_warning", "object_id": str(warning)}
    assert payments.handle_event(hint, now=now()) == "suspected"
    assert Charge.objects.get().order == checkout.order


def test_a_warning_of_nothing_of_ours_is_left_alone(sandbox: Sandbox, seller: Membership) -> None:
    hint = {"object": "radar.early_fraud_warning", "object_id": "issfr_unknown"}
    assert payments.handle_event(hint, now=now()) == "not ours"
