"""Disputes that came before we had booked their charge, or of which no news came."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Subscription
from jewelrymodel.payments.operations import charge_booking, disputes
from jewelrymodel.payments.statuses import DisputeStatus, OrderState
from tests.support.bank import Bank
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
API = ("sk_test_sandbox_tests", "")
HOUR = timedelta(hours=1)


def dispute_newest(sandbox: Sandbox) -> str:
    """The newest charge at the processor is disputed; nobody tells us."""
    charge = sandbox.http.get("/v1/charges", auth=API).json()["data"][0]
    return str(sandbox.panel(f"charges/{charge['id']}/dispute", reason="fraudulent")["id"])


def hear(dispute_id: str) -> str:
    return operations.handle_event({"object": "dispute", "object_id": dispute_id}, now=now())


@pytest.mark.parametrize("sku", ["case", "bench"])
def test_a_dispute_before_its_charge_was_booked_finds_its_order(
    sandbox: Sandbox, seller: Membership, sku: str
) -> None:
    checkout = start(seller, sku=sku)
    sandbox.pay(checkout.url)
    assert hear(dispute_newest(sandbox)) == "needs_response"
    mirrored = ChargeDispute.objects.get()
    assert mirrored.charge.order == checkout.order
    order = Order.objects.get()
    assert order.state == OrderState.REQUIRES_REVIEW, "a disputed charge delivers nothing by itself"
    assert bool(order.subscription_id) == (sku == "bench")


def test_a_dispute_of_a_renewal_that_was_never_announced_finds_its_plan(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    plan = Subscription.objects.get()
    renewed = plan.period_ends_at + 2 * HOUR
    sandbox.panel("clock", offset_s=round((renewed - now()).total_seconds()))
    dispute_id = dispute_newest(sandbox)
    operations.mirror_dispute(processor_dispute_id=dispute_id, now=renewed)
    renewal = ChargeDispute.objects.get().charge.order
    assert renewal.subscription == plan
    assert renewal != checkout.order


def test_a_dispute_of_nothing_of_ours_is_left_alone(sandbox: Sandbox, seller: Membership) -> None:
    sent = {"amount": "500", "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true"}
    sandbox.http.post("/v1/payment_intents", data=sent, auth=API).raise_for_status()
    assert hear(dispute_newest(sandbox)) == "no charge of ours"
    assert operations.mirror_disputes_since(since=now() - HOUR, now=now()) == 0


def test_a_dispute_whose_charge_is_ours_and_not_to_be_booked_yet_comes_again(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its order's payment page does not show the payment yet: the message is not lost."""
    checkout = start(seller)
    sandbox.pay(checkout.url)
    dispute_id = dispute_newest(sandbox)
    message = InboxMessage.objects.create(
        id="msg_1",
        source=operations.INBOX,
        external_id="evt_1",
        payload={"object": "dispute", "object_id": dispute_id},
        received_at=now(),
        next_attempt_at=now(),
    )
    monkeypatch.setattr(charge_booking, "settle_order", lambda **_more: None)
    assert not operations.process_message(message_id=message.pk, now=now())
    message.refresh_from_db()
    assert "charge_not_booked: order=" in message.last_error
    monkeypatch.undo()
    assert operations.process_message(message_id=message.pk, now=message.next_attempt_at)
    assert ChargeDispute.objects.get().charge.order == checkout.order


def test_a_dispute_of_which_no_news_came_is_found_by_the_list(
    sandbox: Sandbox, seller: Membership
) -> None:
    bank = Bank(sandbox, seller)
    bank.buy()
    dispute_newest(sandbox)
    tasks.list_disputes(0)
    found = ChargeDispute.objects.get()
    assert found.status == DisputeStatus.NEEDS_RESPONSE
    sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome="lost")
    tasks.list_disputes(0)
    assert Charge.objects.get().lost_minor == 3900
    sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome="won")
    assert operations.mirror_disputes_since(since=now() - HOUR, now=now()) == 1
    assert Charge.objects.get().lost_minor == 0
    assert operations.mirror_disputes_since(since=now() - HOUR, now=now()) == 0


def test_one_dispute_that_stumbles_keeps_no_other_from_being_found(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(sandbox, seller)
    bank.buy()
    bad = dispute_newest(sandbox)
    bank.buy(key="another-page-key")
    good = dispute_newest(sandbox)
    real = disputes._mirror

    def stumble(seen: disputes.ProcessorDispute, at: object) -> object:
        if seen.id == bad:
            raise AttributeError("card")
        return real(seen, at)  # type: ignore[arg-type]  # an instant

    monkeypatch.setattr(disputes, "_mirror", stumble)
    assert operations.mirror_disputes_since(since=now() - HOUR, now=now()) == 1
    assert ChargeDispute.objects.get().processor_dispute_id == good


def test_while_the_processor_is_away_the_list_waits(
    sandbox: Sandbox, seller: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.panel("faults", down=True)
    tasks.list_disputes(0)
    assert "the disputes have to wait" in caplog.text
