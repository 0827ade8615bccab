"""Signed letters from the processor, in whatever order and however often they come."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import webhook_inbox
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import tasks
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.statuses import OrderState
from tests.support.shop import Letter, Sandbox, deliver, now, signed, start

pytestmark = pytest.mark.django_db
COMPLETED = "checkout.session.completed"


def paid(sandbox: Sandbox, member: Membership) -> Order:
    """An order that is paid at the processor, while we know nothing of it yet."""
    checkout = start(member)
    assert sandbox.pay(checkout.url).status_code == 303
    return checkout.order


def work() -> None:
    """Do what the webhooks deferred, as the worker would."""
    for message in InboxMessage.objects.filter(processed_at__isnull=True):
        tasks.process_event(message_id=message.id)


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def credits_of(member: Membership) -> int:
    return ledger.balance(member.account_id, now()).available


def test_one_letter_delivers_and_keeps_only_ids(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = paid(sandbox, seller)
    assert deliver(client, sandbox.wait_for(COMPLETED)[0]) == 200
    work()
    assert (state_of(order), credits_of(seller)) == (OrderState.DELIVERED, 100)
    message = InboxMessage.objects.get()
    assert message.outcome == "delivered"
    assert set(message.payload) == {"type", "object", "object_id", "order_id"}


def test_repeated_letters_are_stored_once_and_grant_once(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = paid(sandbox, seller)
    letter = sandbox.wait_for(COMPLETED)[0]
    assert [deliver(client, letter) for _ in range(3)] == [200, 200, 200]
    assert InboxMessage.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="payments.process_event").count() == 1
    tasks.process_event(message_id=InboxMessage.objects.get().id)
    work()
    assert deliver(client, letter) == 200
    assert (state_of(order), credits_of(seller)) == (OrderState.DELIVERED, 100)


def test_letters_in_reverse_order_end_the_same(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = paid(sandbox, seller)
    sandbox.wait_for(COMPLETED)
    assert len(sandbox.letters) >= 3
    for letter in reversed(sandbox.letters):
        assert deliver(client, letter) == 200
    work()
    assert (state_of(order), credits_of(seller)) == (OrderState.DELIVERED, 100)


def test_a_dropped_letter_is_made_up_for_by_the_sweeper_and_harmless_when_it_comes(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    sandbox.panel("faults", drop_webhooks=-1)
    order = paid(sandbox, seller)
    assert sandbox.panel("webhooks/flush", wait_s=1)["left"] == 0
    assert sandbox.letters == []
    Order.objects.update(next_look_at=now() - timedelta(seconds=1))
    tasks.sweep_orders(0)
    assert ProcrastinateJob.objects.filter(task_name="payments.settle_order").count() == 1
    tasks.settle_order(order_id=order.id)
    assert (state_of(order), credits_of(seller)) == (OrderState.DELIVERED, 100)

    sandbox.panel("faults", drop_webhooks=0)
    events = sandbox.http.get("/v1/events", auth=("sk_test_sandbox_tests", "")).json()["data"]
    late = next(event["id"] for event in events if event["type"] == COMPLETED)
    sandbox.panel(f"events/{late}/resend")
    assert deliver(client, sandbox.wait_for(COMPLETED)[0]) == 200
    work()
    assert credits_of(seller) == 100


def test_a_letter_that_comes_while_the_processor_is_down_waits_for_the_sweeper(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = paid(sandbox, seller)
    deliver(client, sandbox.wait_for(COMPLETED)[0])
    message = InboxMessage.objects.get()
    sandbox.panel("faults", down=True)
    tasks.settle_order(order_id=order.id)
    assert state_of(order) == OrderState.AWAITING_PAYMENT
    ProcrastinateJob.objects.all().delete()
    InboxMessage.objects.update(next_attempt_at=now() - timedelta(minutes=2))
    tasks.sweep_orders(0)
    waiting = webhook_inbox.waiting(source="stripe", due_before=now(), limit=9)
    assert waiting == [message.id]
    assert ProcrastinateJob.objects.filter(task_name="payments.process_event").count() == 1
    sandbox.panel("faults", down=False)
    work()
    assert (state_of(order), credits_of(seller)) == (OrderState.DELIVERED, 100)


def test_a_forged_letter_is_refused_and_not_stored(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = paid(sandbox, seller)
    letter = sandbox.wait_for(COMPLETED)[0]
    stale = f"t=1,v1={re.search('v1=(.*)', letter.signature)[1]}"  # type: ignore[index]  # there
    for forged in (
        Letter(letter.body, ""),
        Letter(letter.body, letter.signature.replace("v1=", "v1=0")),
        Letter(letter.body, stale),
        Letter(letter.body.replace(b"case", b"vault") + b" ", letter.signature),
    ):
        assert deliver(client, forged) == 400
    assert client.get("/hooks/stripe").status_code == 405
    assert not InboxMessage.objects.exists()
    assert (state_of(order), credits_of(seller)) == (OrderState.AWAITING_PAYMENT, 0)


def test_without_a_secret_nothing_is_believed(client: Client, settings: Settings) -> None:
    """Anybody can sign with an empty one."""
    settings.STRIPE_WEBHOOK_SECRET = ""
    about = {"object": "checkout.session", "id": "cs_x", "client_reference_id": "ord_x"}
    event = {"id": "evt_x", "object": "event", "type": COMPLETED, "data": {"object": about}}
    assert deliver(client, signed(event, secret="")) == 400
    assert not InboxMessage.objects.exists()


def test_a_rightly_signed_claim_of_payment_is_only_a_hint(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = start(seller).order
    about = {"object": "checkout.session", "id": "cs_x", "client_reference_id": order.id}
    claim = {"payment_status": "paid", "status": "complete", "amount_total": 3900}
    event = {"id": "evt_x", "object": "event", "type": COMPLETED, "data": {"object": about | claim}}
    assert deliver(client, signed(event)) == 200
    work()
    assert (state_of(order), credits_of(seller)) == (OrderState.AWAITING_PAYMENT, 0)


def test_a_letter_about_nothing_of_ours_is_noted_and_done(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    about = {"object": "customer", "id": "cus_x"}
    event = {"id": "evt_y", "object": "event", "type": "customer.created"}
    assert deliver(client, signed(event | {"data": {"object": about}})) == 200
    work()
    assert InboxMessage.objects.get().outcome == "no order of ours"
    assert deliver(client, signed(["no event"])) == 400


WHOLE = {
    "id": "evt_z",
    "object": "event",
    "type": "charge.updated",
    "data": {"object": {"object": "charge", "id": "ch_x"}},
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", None),
        ("id", 7),
        ("id", "e\0"),
        ("id", "e" * 256),
        ("type", ""),
        ("type", []),
        ("data", None),
        ("data", "all of it"),
        ("data", {}),
        ("data", {"object": "ch_x"}),
        ("data", {"object": []}),
    ],
)
def test_a_signed_event_without_what_every_event_has_is_refused_with_a_reason(
    sandbox: Sandbox, client: Client, name: str, value: object
) -> None:
    letter = signed(WHOLE | {name: value})
    answer = client.post(
        "/hooks/stripe",
        letter.body,
        content_type="application/json",
        headers={"Stripe-Signature": letter.signature},
    )
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "no event with its id" in answer.content.decode()
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize("metadata", [None, "ord_1", [], {"order_id": 7}, {"order_id": "o\0"}])
def test_odd_metadata_names_no_order(sandbox: Sandbox, client: Client, metadata: object) -> None:
    about = {"object": "payout", "id": "po_x", "metadata": metadata}
    assert deliver(client, signed(WHOLE | {"data": {"object": about}})) == 200
    work()
    assert InboxMessage.objects.get().outcome == "no order of ours"
