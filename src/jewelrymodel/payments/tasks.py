"""The room's work in the background: load, one call."""

import logging
from datetime import timedelta

from procrastinate.contrib.django import app

from jewelrymodel.infra import clock, queue, webhook_inbox
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order, Subscription

BATCH = 100
PATIENCE = timedelta(minutes=1)
REFUNDS_WATCHED = timedelta(days=30)  # a bank may send one back long after it succeeded
DISPUTES_WATCHED = timedelta(days=120)  # and decides, or changes its mind, even later

log = logging.getLogger(__name__)


@app.task(name=operations.PROCESS)
def process_event(*, message_id: str) -> None:
    """Settle what a webhook hints at; what it claims is never believed."""
    operations.process_message(message_id=message_id, now=clock.now())


@app.task(name="payments.settle_order")
def settle_order(*, order_id: str) -> None:
    """Look at one order's payment; while the processor is down the sweeper comes again."""
    operations.postpone_order(order_id=order_id, now=clock.now())
    try:
        operations.settle_order(order_id=order_id, now=clock.now())
    except ProcessorDown as problem:
        log.warning("order %s could not be looked at: %s", order_id, problem.why)


@app.task(name="payments.confirm_order")
def confirm_order(*, subject_id: str) -> None:
    """Mail the receipt of a delivered order."""
    operations.postpone_confirmation(order_id=subject_id, now=clock.now())
    operations.confirm_order(order_id=subject_id, now=clock.now())


@app.task(name="payments.end_failed_order")
def end_failed_order(*, subject_id: str) -> None:
    """End what a returned bank debit had begun, and say so; while the processor is down the job
    fails, and the queue puts it back.
    """
    operations.end_failed_order(order_id=subject_id, now=clock.now())


@app.task(name="payments.follow_subscription")
def follow_subscription(*, subscription_id: str) -> None:
    """Let the processor know what the customer said, and look what it bills."""
    operations.postpone_subscription(subscription_id=subscription_id, now=clock.now())
    try:
        operations.follow_subscription(subscription_id=subscription_id, now=clock.now())
    except ProcessorDown as problem:
        log.warning("subscription %s has to wait: %s", subscription_id, problem.why)


@app.task(name="payments.warn_past_due")
def warn_past_due(*, subject_id: str) -> None:
    """Mail that a renewal could not be collected."""
    operations.warn_past_due(subscription_id=subject_id)


@app.task(name="payments.tell_plan_change")
def tell_plan_change(*, subject_id: str) -> None:
    """Mail how a change of plan goes on."""
    operations.tell_plan_change(change_id=subject_id)


@app.task(name="payments.tell_renewing")
def tell_renewing(*, subject_id: str) -> None:
    """Mail that a plan was canceled, renews again, or could not be renewed and has ended."""
    operations.tell_renewing(subscription_id=subject_id)


@app.task(name="payments.tell_unrenewed")
def tell_unrenewed(*, subscription_id: str) -> None:
    """Mail that nobody collects a renewal; while the processor is down the sweeper comes again."""
    try:
        operations.tell_unrenewed(subscription_id=subscription_id, now=clock.now())
    except (ProcessorDown, ProcessorRefused) as problem:
        log.warning("the renewal of %s could not be looked at: %s", subscription_id, problem)


@app.task(name="payments.check_card")
def check_card(*, subscription_id: str) -> None:
    """Mail where a card expires before its renewal; looked at again while the processor is down."""
    try:
        operations.check_card(subscription_id=subscription_id, now=clock.now())
    except ProcessorDown as problem:
        log.warning("the card of %s has to wait: %s", subscription_id, problem.why)


@app.task(name="payments.close_other_plans")
def close_other_plans(*, subject_id: str) -> None:
    """Close what else the account had begun to take, now that an order of it was delivered.

    While the processor is down the job fails, and the queue puts it back.
    """
    order = Order.objects.get(pk=subject_id)
    if order.subscription_id:
        operations.close_unpaid_plans(account_id=order.account_id, now=clock.now())


@app.task(name="payments.close_unpaid_plans")
def close_unpaid_plans(*, subject_id: str) -> None:
    """Close what the account had begun to take while its plan was canceled; fails as above."""
    ours = Subscription.objects.get(pk=subject_id)
    operations.close_unpaid_plans(account_id=ours.account_id, now=clock.now())


@app.task(name="payments.follow_refund")
def follow_refund(*, refund_id: str) -> None:
    """Take a refund one step further; while the processor is down the sweeper comes again."""
    operations.postpone_refund(refund_id=refund_id, now=clock.now())
    try:
        operations.follow_refund(refund_id=refund_id, now=clock.now())
    except ProcessorDown as problem:
        log.warning("refund %s has to wait: %s", refund_id, problem.why)


@app.task(name="payments.issue_credit_note")
def issue_credit_note(*, subject_id: str) -> None:
    """Issue the credit note of a refund that went, or void that of one that came back."""
    operations.issue_credit_note(refund_id=subject_id, now=clock.now())


@app.task(name="payments.tell_refunded")
def tell_refunded(*, subject_id: str) -> None:
    """Mail how a refund that was made at the processor ended, with its credit note."""
    operations.try_credit_note(refund_id=subject_id, now=clock.now())
    operations.tell_refunded(refund_id=subject_id)


@app.task(name="payments.mirror_dispute")
def mirror_dispute(*, processor_dispute_id: str) -> None:
    """Look at a dispute again: a bank's decision may have been missed."""
    operations.postpone_dispute(processor_dispute_id=processor_dispute_id, now=clock.now())
    try:
        operations.mirror_dispute(processor_dispute_id=processor_dispute_id, now=clock.now())
    except ProcessorDown as problem:
        log.warning("dispute %s has to wait: %s", processor_dispute_id, problem.why)


@app.periodic(cron="* * * * *")
@app.task(name="payments.sweep_refunds", queueing_lock="payments.sweep_refunds")
def sweep_refunds(timestamp: int) -> None:
    """Nudge refunds that are due for a look, and disputes whose decision may have been missed."""
    now = clock.now()
    for refund_id in queries.refunds_to_look_at(now=now, since=now - REFUNDS_WATCHED, limit=BATCH):
        queue.defer("payments.follow_refund", once_key=f"refund:{refund_id}", refund_id=refund_id)
    for dispute_id in queries.disputes_to_look_at(now=now, limit=BATCH):
        key = f"dispute:{dispute_id}"
        queue.defer("payments.mirror_dispute", once_key=key, processor_dispute_id=dispute_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="payments.list_disputes", queueing_lock="payments.list_disputes")
def list_disputes(timestamp: int) -> None:
    """Mirror the disputes that the processor lists: the news of one may have been lost."""
    now = clock.now()
    try:
        operations.mirror_disputes_since(since=now - DISPUTES_WATCHED, now=now)
    except ProcessorDown as problem:
        log.warning("the disputes have to wait: %s", problem.why)


@app.periodic(cron="*/10 * * * *")
@app.task(name="payments.sweep_notices", queueing_lock="payments.sweep_notices")
def sweep_notices(timestamp: int) -> None:
    """Nudge what customers have yet to be told about how their plans go on."""
    for subscription_id in queries.unrenewed_to_tell(now=clock.now(), limit=BATCH):
        key = f"unrenewed:{subscription_id}"
        queue.defer("payments.tell_unrenewed", once_key=key, subscription_id=subscription_id)
    for subscription_id in queries.cards_to_check(now=clock.now(), limit=BATCH):
        key = f"card:{subscription_id}"
        queue.defer("payments.check_card", once_key=key, subscription_id=subscription_id)


@app.periodic(cron="* * * * *")
@app.task(name="payments.sweep_orders", queueing_lock="payments.sweep_orders")
def sweep_orders(timestamp: int) -> None:
    """Nudge what was lost: unpaid orders, renewals, unprocessed webhooks, receipts not mailed."""
    now = clock.now()
    for order_id in queries.orders_to_look_at(now=now, limit=BATCH):
        queue.defer("payments.settle_order", once_key=f"settle:{order_id}", order_id=order_id)
    for message_id in webhook_inbox.waiting(
        source=operations.INBOX, due_before=now - PATIENCE, limit=BATCH
    ):
        key = f"{operations.PROCESS}:{message_id}"
        queue.defer(operations.PROCESS, once_key=key, message_id=message_id)
    for order_id in queries.orders_to_confirm(now=now, limit=BATCH):
        queue.defer("payments.confirm_order", once_key=f"confirm:{order_id}", subject_id=order_id)
    for subscription_id in queries.subscriptions_to_look_at(now=now, limit=BATCH):
        key = f"follow:{subscription_id}"
        queue.defer("payments.follow_subscription", once_key=key, subscription_id=subscription_id)
