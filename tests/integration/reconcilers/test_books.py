"""Our books beside the processor's: what one of them knows and the other doesn't is found."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.models import Charge, Order, Refund, Subscription
from jewelrymodel.payments.statuses import RefundOrigin, RefundState
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from tests.support.refunds import refunds_done
from tests.support.shop import Sandbox, at_the_desk, charge_again, now, settle, start

pytestmark = pytest.mark.django_db
CHECK = "processor_and_ledger_disagree"
HOUR = timedelta(hours=1)
KEY = {"Authorization": "Bearer sk_test_sandbox_tests"}


def buy(sandbox: Sandbox, seller: Membership, sku: str = "case") -> Order:
    checkout = start(seller, sku=sku)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def take_again(sandbox: Sandbox) -> str:
    """The processor takes the newest charge's money once more; nobody tells us."""
    newest = Charge.objects.latest("charged_at")
    return str(sandbox.panel(f"charges/{newest.processor_charge_id}/repeat")["id"])


def test_a_refund_made_behind_our_back_is_booked(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    sandbox.http.post(
        "/v1/refunds",
        data={"charge": Charge.objects.get().processor_charge_id, "amount": "100"},
        headers={"Authorization": "Bearer sk_test_sandbox_tests"},
    ).raise_for_status()
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 0
    assert Refund.objects.get().origin == RefundOrigin.PROCESSOR
    assert Charge.objects.get().refunded_minor == 100


@pytest.mark.clause("6.1")
def test_a_second_charge_of_which_no_news_came_is_found_and_refunded(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = buy(sandbox, seller)
    take_again(sandbox)
    found = reconcilers.run(now=now() + HOUR)
    assert (found["charged_twice"], found[CHECK]) == (0, 0), "noted, and left to its own check"
    assert order.charges.count() == 2
    assert reconcilers.run(now=now() + 2 * HOUR)["charged_twice"] == 1
    refunds_done()
    assert sum(order.charges.values_list("kept_minor", flat=True)) == order.total_minor
    assert DecisionRecord.objects.get().body["cites"] == ["6.1", "8.5"]


@pytest.mark.clause("6.4")
def test_money_of_a_subscriber_that_nothing_asked_for_waits_for_a_person(
    sandbox: Sandbox, seller: Membership
) -> None:
    """It names no order and no renewal: what it was for nobody can know from records (edge 16)."""
    buy(sandbox, seller, "bench")
    charge_id = take_again(sandbox)
    assert reconcilers.run(now=now())[CHECK] == 0, "its news may be on the way"
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 1
    case = Case.objects.get()
    assert (case.state, case.category, case.subject_id) == (
        CaseState.OPEN,
        Category.ACCOUNT_ERROR,
        charge_id,
    )
    words = case.entries.get().text
    assert words.startswith("The payment processor charged $19.00 on ")
    assert words.endswith(f"({charge_id}), and no order or renewal asked for it.")
    assert Charge.objects.count() == 1, "it is nobody's payment"
    page = at_the_desk().get(f"/desk/cases/{case.pk}").content.decode()
    assert charge_id in page
    assert "No recommendation" in page
    assert reconcilers.run(now=now() + 2 * HOUR)[CHECK] == 0, "it has its case"
    sandbox.http.post("/v1/refunds", data={"charge": charge_id}, headers=KEY).raise_for_status()
    later = now() + 3 * HOUR
    reconcilers.run(now=later)
    assert list(reconcilers.CHECKS[-1].find(later)) == [], "it went back"


def test_the_news_of_a_renewal_that_was_lost_is_made_good(
    sandbox: Sandbox, seller: Membership
) -> None:
    buy(sandbox, seller, "bench")
    plan = Subscription.objects.get()
    assert plan.processor_customer_id
    renewed = plan.period_ends_at + 2 * HOUR
    sandbox.panel("clock", offset_s=round((renewed - now()).total_seconds()))
    assert reconcilers.run(now=renewed + HOUR)[CHECK] == 0
    assert Order.objects.filter(subscription=plan).count() == 2
    assert ledger.balance(seller.account_id, renewed + HOUR).available == 60


def test_the_news_of_a_refund_that_was_lost_is_made_good(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = buy(sandbox, seller)
    charge_again(sandbox, order)
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=60)
    assert reconcilers.run(now=now())["charged_twice"] == 1
    refunds_done()
    assert Refund.objects.get().is_open
    sandbox.panel("clock", offset_s=120)
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 0
    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert sum(order.charges.values_list("refunded_minor", flat=True)) == 3900


def test_a_charge_of_ours_that_the_processor_does_not_know_is_found(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = buy(sandbox, seller)
    sandbox.panel("reset")
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 1
    assert Case.objects.get().subject_id == order.pk


def test_charges_of_another_shop_are_none_of_our_business(
    sandbox: Sandbox, seller: Membership
) -> None:
    buy(sandbox, seller, "bench")
    sent = {"amount": "500", "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true"}
    sandbox.http.post("/v1/payment_intents", data=sent, headers=KEY).raise_for_status()
    named = {**sent, "metadata[order_id]": "ord_of_another_shop"}
    sandbox.http.post("/v1/payment_intents", data=named, headers=KEY).raise_for_status()
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 0


def test_while_the_processor_is_away_the_books_are_not_compared(
    sandbox: Sandbox, seller: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    buy(sandbox, seller)
    sandbox.panel("faults", down=True)
    assert CHECK not in reconcilers.run(now=now() + HOUR)
    assert f"check {CHECK} has to wait" in caplog.text
    sandbox.panel("faults", down=False)
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 0


def test_listing_the_charges_waits_for_its_hour(sandbox: Sandbox, seller: Membership) -> None:
    begun = now()
    assert CHECK in reconcilers.run(now=begun)
    assert CHECK not in reconcilers.run(now=begun + HOUR / 2)
    assert CHECK in reconcilers.run(now=begun + HOUR)
