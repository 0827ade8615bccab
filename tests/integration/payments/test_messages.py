"""Messages of the processor: each by itself, "not ours" is an answer, a failing one blocks none."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import webhook_inbox
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.models import Charge, ChargeDispute
from jewelrymodel.payments.operations import event_inbox
from jewelrymodel.web.site.health import measure
from tests.support.shop import Sandbox, at_the_desk, deliver, now, settle, start

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def deliver_all(sandbox: Sandbox, client: Client) -> None:
    """Bring every message that the processor has sent so far."""
    sandbox.panel("webhooks/flush", wait_s=20)
    for letter in list(sandbox.letters):
        assert deliver(client, letter) == 200
    sandbox.letters.clear()


def work(at: datetime | None = None) -> None:
    """Do what waits, as the worker would."""
    for message in InboxMessage.objects.filter(processed_at__isnull=True).order_by("received_at"):
        operations.process_message(message_id=message.id, now=at or now())


def fail(message_id: str, times: int) -> datetime:
    """Try it so often, each time it is due; return when the last attempt was."""
    at = now()
    for _ in range(times):
        at = max(at, InboxMessage.objects.get(pk=message_id).next_attempt_at)
        assert not operations.process_message(message_id=message_id, now=at)
    return at


@pytest.fixture
def broken(sandbox: Sandbox, client: Client, monkeypatch: pytest.MonkeyPatch) -> InboxMessage:
    """A message that fails at every attempt: our own fault, whatever it is."""

    def stumble(*_args: object, **_more: object) -> str:
        raise AttributeError("card")

    monkeypatch.setattr(event_inbox, "handle_event", stumble)
    sandbox.panel("events/foreign", object="charge", type="charge.succeeded")
    deliver_all(sandbox, client)
    return InboxMessage.objects.get()


def test_a_hundred_messages_about_what_we_cannot_see_keep_no_dispute_waiting(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    deliver_all(sandbox, client)
    work()
    for kind in ("charge", "dispute", "subscription", "invoice", "refund", "payment_intent"):
        sandbox.panel("events/foreign", object=kind, type=f"{kind}.updated", count=20)
    deliver_all(sandbox, client)
    charge = Charge.objects.get()
    sandbox.panel(f"charges/{charge.processor_charge_id}/dispute", reason="fraudulent")
    deliver_all(sandbox, client)
    ProcrastinateJob.objects.all().delete()
    InboxMessage.objects.filter(processed_at=None).update(next_attempt_at=now() - 9 * MINUTE)
    for _ in range(2):
        tasks.sweep_orders(0)
        jobs = list(ProcrastinateJob.objects.filter(task_name=operations.PROCESS))
        ProcrastinateJob.objects.all().delete()
        for job in jobs:
            tasks.process_event(message_id=job.args["message_id"])
    assert ChargeDispute.objects.get().charge == charge
    assert not InboxMessage.objects.filter(processed_at=None).exists()
    outcomes = set(InboxMessage.objects.values_list("outcome", flat=True))
    assert {"not ours", "no order of ours"} <= outcomes


def test_an_object_of_ours_that_is_missing_there_is_no_answer(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    sandbox.panel("webhooks/flush", wait_s=5)
    letters = [one for one in sandbox.letters if b'"customer.subscription.created"' in one.body]
    sandbox.panel("reset")
    assert deliver(client, letters[0]) == 200
    work()
    message = InboxMessage.objects.get()
    assert (message.processed_at, message.attempts) == (None, 1)
    assert "No such subscription" in message.last_error


def test_another_mode_or_account_is_noted_and_nothing_is_asked(
    sandbox: Sandbox, client: Client
) -> None:
    sandbox.panel("events/foreign", livemode=True)
    sandbox.panel("events/foreign", account="acct_other")
    deliver_all(sandbox, client)
    found = InboxMessage.objects.order_by("received_at")
    assert [one.outcome for one in found] == [
        "not ours: an event of live mode",
        "not ours: an event of the connected account acct_other",
    ]
    assert all(one.processed_at for one in found)
    assert not ProcrastinateJob.objects.filter(task_name=operations.PROCESS).exists()


def test_a_failing_message_waits_longer_each_time_and_is_parked(broken: InboxMessage) -> None:
    waits = []
    at = now()
    for _ in range(webhook_inbox.MOST_ATTEMPTS - 1):
        at = fail(broken.pk, 1)
        waits.append(InboxMessage.objects.get().next_attempt_at - at)
        assert not operations.process_message(message_id=broken.pk, now=at), "not due yet"
    assert [wait // MINUTE for wait in waits] == [1, 2, 4, 8, 16, 32, 60]
    fail(broken.pk, 1)
    message = InboxMessage.objects.get()
    assert (message.attempts, message.last_error) == (8, "AttributeError: card")
    assert message.parked_at is not None
    later = at + timedelta(days=1)
    assert webhook_inbox.waiting(source=operations.INBOX, due_before=later, limit=9) == []
    assert not operations.process_message(message_id=broken.pk, now=later)


def test_a_message_that_kills_its_worker_is_parked_too(broken: InboxMessage) -> None:
    at = now()
    for _ in range(webhook_inbox.MOST_ATTEMPTS):
        at = max(at, InboxMessage.objects.get().next_attempt_at)
        assert webhook_inbox.begin(message_id=broken.pk, now=at), "and the worker dies"
    at += timedelta(hours=2)
    assert webhook_inbox.begin(message_id=broken.pk, now=at) is None
    assert InboxMessage.objects.get().last_error == "its last attempt did not end"
    assert webhook_inbox.parked(source=operations.INBOX) == [broken]


def test_while_the_processor_is_down_no_attempt_counts(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    sandbox.panel("events/foreign", object="dispute", type="charge.dispute.created")
    deliver_all(sandbox, client)
    sandbox.panel("faults", down=True)
    fail(InboxMessage.objects.get().pk, 12)
    message = InboxMessage.objects.get()
    assert (message.attempts, message.parked_at) == (0, None)
    sandbox.panel("faults", down=False)
    assert operations.process_message(message_id=message.pk, now=message.next_attempt_at)


def test_a_key_that_may_not_look_is_no_answer(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    sandbox.panel("events/foreign", object="dispute", type="charge.dispute.created")
    deliver_all(sandbox, client)
    sandbox.panel("faults", missing_right="dispute_read")
    work()
    assert InboxMessage.objects.get().processed_at is None
    sandbox.panel("faults", missing_right="")
    work(now() + timedelta(hours=1))
    assert InboxMessage.objects.get().outcome == "not ours"


def test_staff_see_what_was_parked_and_try_it_again(
    broken: InboxMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(broken.pk, webhook_inbox.MOST_ATTEMPTS)
    desk = at_the_desk()
    assert "1 payment processor message" in desk.get("/desk").content.decode()
    page = desk.get("/desk/messages").content.decode()
    assert "AttributeError: card" in page
    assert broken.payload["object_id"] in page
    address = f"/desk/messages/{broken.pk}"
    assert desk.post(f"{address}/retry").status_code == 422
    assert InboxMessage.objects.get().parked_at is not None
    ProcrastinateJob.objects.all().delete()
    said = {"reason": "The release of today reads it."}
    assert desk.post(f"{address}/retry", said).status_code == 302
    entry = AuditEntry.objects.get(action="message.retried")
    assert (entry.subject, entry.reason) == (f"message:{broken.pk}", said["reason"])
    assert ProcrastinateJob.objects.filter(task_name=operations.PROCESS).exists()
    monkeypatch.undo()
    work()
    assert InboxMessage.objects.get().outcome == "not ours"
    assert desk.post(f"{address}/retry", said).status_code == 409


def test_staff_set_a_message_aside_once(broken: InboxMessage) -> None:
    fail(broken.pk, webhook_inbox.MOST_ATTEMPTS)
    desk, said = at_the_desk(), {"reason": "A test of theirs."}
    assert desk.post(f"/desk/messages/{broken.pk}/dismiss", said).status_code == 302
    assert InboxMessage.objects.get().outcome == "set aside: A test of theirs."
    assert AuditEntry.objects.get(action="message.dismissed").reason == "A test of theirs."
    assert desk.post(f"/desk/messages/{broken.pk}/dismiss", said).status_code == 409
    assert "No failed messages" in desk.get("/desk/messages").content.decode()


def test_nobody_else_sees_them(broken: InboxMessage, client: Client, seller: Membership) -> None:
    client.force_login(seller.user)
    assert client.get("/desk/messages").status_code == 404
    assert client.post(f"/desk/messages/{broken.pk}/retry").status_code == 404


def test_the_status_page_tells_what_waits_from_what_our_team_has(broken: InboxMessage) -> None:
    assert news_waiting() == (True, "1")
    fail(broken.pk, webhook_inbox.MOST_ATTEMPTS)
    assert news_waiting() == (False, "0, and 1 in review")


def news_waiting() -> tuple[bool, str]:
    (found,) = (one for one in measure(now()) if str(one.title) == "Payment messages")
    return found.is_well, str(found.figure)
