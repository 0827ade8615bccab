"""From an order to its credits, over the sandbox's real HTTP."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, queries, rules
from jewelrymodel.payments.adapters import stripe_client
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, Receipt
from jewelrymodel.payments.statuses import HoldReason, OrderState
from tests.support.shop import ASKS, DECLINED, Sandbox, now, settle, start

pytestmark = pytest.mark.django_db


def credits_of(member: Membership) -> int:
    return ledger.balance(member.account_id, now()).available


def test_a_paid_order_brings_its_credits_a_charge_and_a_receipt(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    assert sandbox.pay(checkout.url).status_code == 303
    order = settle(checkout.order)
    assert order.state == OrderState.DELIVERED
    assert credits_of(seller) == 100
    charge = Charge.objects.get()
    assert (charge.paid_minor, charge.kept_minor, charge.currency) == (3900, 3900, "USD")
    assert (charge.card_brand, charge.card_last4) == ("visa", "4242")
    receipt = Receipt.objects.get()
    assert (receipt.label, receipt.total_minor) == ("RCP-000001", 3900)
    assert receipt.terms["sha256"] == order.terms_sha256
    assert ProcrastinateJob.objects.filter(task_name="payments.confirm_order").count() == 1


def test_looking_again_and_again_changes_nothing(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    for _ in range(3):
        assert settle(checkout.order).state == OrderState.DELIVERED
    assert credits_of(seller) == 100
    assert Charge.objects.count() == Receipt.objects.count() == 1


def test_a_double_click_is_one_order_and_one_payment_page(
    sandbox: Sandbox, seller: Membership
) -> None:
    first, second = start(seller), start(seller)
    assert (first.order, first.url) == (second.order, second.url)
    assert Order.objects.count() == 1
    assert start(seller, key="another-page").order.label == "JM-000002"


def test_the_same_page_with_other_details_is_refused(sandbox: Sandbox, seller: Membership) -> None:
    start(seller)
    with pytest.raises(operations.KeyReused):
        start(seller, sku="vault")


def test_a_declined_card_charges_nothing_and_can_be_replaced(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    assert sandbox.pay(checkout.url, DECLINED).status_code == 402
    order = settle(checkout.order)
    assert (order.state, order.decline) == ("awaiting_payment", "Your card was declined.")
    assert credits_of(seller) == 0
    sandbox.pay(checkout.url)
    assert settle(order).state == OrderState.DELIVERED


def test_a_card_that_asks_for_authentication_waits_for_it(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    asks = sandbox.pay(checkout.url, ASKS).headers["Location"]
    assert settle(checkout.order).state == OrderState.AWAITING_PAYMENT
    sandbox.http.post(asks, data={"act": "confirm"})
    assert settle(checkout.order).state == OrderState.DELIVERED


def test_a_canceled_order_cannot_be_paid_any_more(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    order = operations.cancel_order(
        account_id=seller.account_id, order_id=checkout.order.id, now=now()
    )
    assert order.state == OrderState.CANCELED
    assert sandbox.pay(checkout.url).status_code == 410
    assert (settle(order).state, credits_of(seller)) == (OrderState.CANCELED, 0)


def test_paying_is_quicker_than_canceling(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = operations.cancel_order(
        account_id=seller.account_id, order_id=checkout.order.id, now=now()
    )
    assert (order.state, credits_of(seller)) == (OrderState.DELIVERED, 100)


def test_what_is_not_paid_in_time_expires(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.panel("clock", offset_s=int(rules.CHECKOUT_LIFETIME.total_seconds()) + 60)
    order = settle(checkout.order)
    assert (order.state, order.session_url) == (OrderState.EXPIRED, "")


def test_a_consumer_in_the_eu_has_to_agree_and_it_is_kept(
    sandbox: Sandbox, seller: Membership
) -> None:
    with pytest.raises(operations.ConsentMissing) as refused:
        start(seller, country="DE", capacity="consumer")
    assert refused.value.missing == set(ConsentKind)
    checkout = start(seller, country="DE", capacity="consumer", consents=list(ConsentKind))
    kept = checkout.order.consents
    assert [consent["id"] for consent in kept] == ["express_consent_to_start", "ack_of_loss"]
    agreed = rules.consent_text(ConsentKind(kept[0]["id"]), withdrawal_days=14)
    assert kept[0]["sha256"] == rules.digest(agreed)
    assert [shown["id"] for shown in checkout.order.disclosures] == ["3.4", "4.1", "5.1"]
    seller.account.refresh_from_db()
    assert (seller.account.country, seller.account.buyer_capacity) == ("DE", "consumer")


def test_a_processor_that_is_down_keeps_the_order_and_a_retry_goes_on(
    sandbox: Sandbox, seller: Membership
) -> None:
    sandbox.panel("faults", down=True)
    with pytest.raises(ProcessorDown):
        start(seller)
    order = Order.objects.get()
    assert (order.state, order.session_id) == (OrderState.DRAFT, None)
    sandbox.panel("faults", down=False)
    checkout = start(seller)
    assert checkout.order == order
    sandbox.pay(checkout.url)
    assert settle(order).state == OrderState.DELIVERED


def test_a_crash_before_the_page_was_noted_heals_to_the_same_page(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    Order.objects.update(session_id=None, session_url="", state=OrderState.DRAFT)
    sandbox.pay(checkout.url)
    assert settle(checkout.order).state == OrderState.DELIVERED
    assert credits_of(seller) == 100


def test_a_draft_that_never_reached_the_processor_ends_as_expired(
    sandbox: Sandbox, seller: Membership
) -> None:
    sandbox.panel("faults", down=True)
    with pytest.raises(ProcessorDown):
        start(seller, at=now() - timedelta(days=1))
    sandbox.panel("faults", down=False)
    order = Order.objects.get()
    assert queries.orders_to_look_at(now=now(), limit=9) == [order.id]
    assert settle(order).state == OrderState.EXPIRED
    assert queries.orders_to_look_at(now=now(), limit=9) == []


def test_an_answer_that_does_not_agree_is_held_for_a_person(
    sandbox: Sandbox, seller: Membership
) -> None:
    cheap, dear = start(seller, sku="tray", key="cheap-one"), start(seller, key="dear-one")
    sandbox.pay(cheap.url)
    session = Order.objects.get(pk=cheap.order.pk).session_id
    Order.objects.filter(pk=cheap.order.pk).update(session_id="cs_gone")
    Order.objects.filter(pk=dear.order.pk).update(session_id=session)
    order = settle(dear.order)
    assert order.state == OrderState.REQUIRES_REVIEW
    assert (order.held_code, order.held_detail) == (
        HoldReason.OTHERS_PAGE,
        {"order_id": cheap.order.pk},
    )
    assert (credits_of(seller), queries.orders_held()) == (0, [order])
    assert AuditEntry.objects.get(action="order.held").subject == f"order:{order.id}"


def test_an_answer_that_got_lost_is_asked_for_again_and_is_the_same_page(
    sandbox: Sandbox, seller: Membership, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_client, "READ_TIMEOUT_S", 0.5)
    settings.STRIPE_SECRET_KEY = "sk_test_sandbox_impatient"  # a client of its own
    sandbox.panel("faults", timeouts_after_acting=1, timeout_s=2)
    checkout = start(seller)
    made = sandbox.http.get("/v1/checkout/sessions", auth=("sk_test_sandbox_tests", ""))
    assert [session["url"] for session in made.json()["data"]] == [checkout.url]
