"""Subscriptions over time: what the processor bills now becomes orders, each period once."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import events
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import rules
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.operations.delivery import deliver
from jewelrymodel.payments.operations.order_review import hold, note_review
from jewelrymodel.payments.operations.order_settlement import settle_order
from jewelrymodel.payments.operations.period_orders import (
    booked,
    disagreement,
    order_of_invoice,
)
from jewelrymodel.payments.operations.plan_change_settlement import (
    billed_version,
    dearer_than_scheduled,
    end_changes,
    follow_invoice,
    make_with_renewal,
)
from jewelrymodel.payments.operations.subscription_cancellation import (
    adopt_cancellation,
    adopt_resumption,
)
from jewelrymodel.payments.processor_objects import (
    IntentStatus,
    InvoiceStatus,
    ProcessorInvoice,
    ProcessorSubscription,
    SubscriptionStatus,
)
from jewelrymodel.payments.rules.holds import Hold
from jewelrymodel.payments.rules.renewal import RenewalState, RenewalStep
from jewelrymodel.payments.statuses import (
    HoldReason,
    OpenInvoiceStatus,
    OrderState,
    SubscriptionState,
)

ACTOR = Actor.system("payments.settle_subscription")
_STATES = {
    SubscriptionStatus.ACTIVE: SubscriptionState.ACTIVE,
    SubscriptionStatus.PAST_DUE: SubscriptionState.PAST_DUE,
    SubscriptionStatus.UNPAID: SubscriptionState.PAST_DUE,
    SubscriptionStatus.INCOMPLETE: SubscriptionState.PAST_DUE,
    SubscriptionStatus.CANCELED: SubscriptionState.CANCELED,
    SubscriptionStatus.INCOMPLETE_EXPIRED: SubscriptionState.CANCELED,
}
"""What the other words mean for a plan of ours, which has no trial, a person finds out: the
reconciliation opens a case."""
_COLLECTED_LATER = (InvoiceStatus.DRAFT, InvoiceStatus.OPEN)
_OF_PAYMENTS: dict[IntentStatus | None, OpenInvoiceStatus] = {
    IntentStatus.PROCESSING: OpenInvoiceStatus.PROCESSING,
    IntentStatus.REQUIRES_ACTION: OpenInvoiceStatus.REQUIRES_ACTION,
}


def settle_subscription(*, processor_subscription_id: str, now: datetime) -> Subscription | None:
    """Return the subscription after a look at the processor; None where it is none of ours.

    Every invoice that is paid has one order, delivered once, whatever was repeated, lost or out of
    order. A period that was billed after the customer had canceled is recorded and never delivered:
    its money is owed back (clause 3.2). Whether it renews is taken over from whoever changed that
    last. Raises ProcessorDown and ProcessorRefused.
    """
    ours = Subscription.objects.filter(processor_subscription_id=processor_subscription_id)
    version = ours.values_list("renewal_version", flat=True).first()  # before the look
    paid = Order.objects.filter(subscription__in=ours, charges__isnull=False)
    processor_subscription = subscriptions().retrieve_subscription(
        processor_subscription_id,
        booked={one or "" for one in paid.values_list("invoice_id", flat=True)},
    )
    if version is not None:
        _book_held(processor_subscription, now)
        return _apply(processor_subscription, version, now)
    order = Order.objects.filter(pk=processor_subscription.order_id).first()
    if order is None or settle_order(order_id=order.pk, now=now).subscription_id is None:
        return None
    if not ours.exists():  # the order's plan is another one
        return None
    return settle_subscription(processor_subscription_id=processor_subscription_id, now=now)


@transaction.atomic
def _book_held(processor_subscription: ProcessorSubscription, now: datetime) -> None:
    """Book the money of periods that were held because the processor didn't show it then.

    Each stays with its person. Before the plan's row is held: an order's comes first.
    """
    charges = {one.id: one.charge for one in processor_subscription.invoices if one.paid}
    unbooked = Order.objects.select_for_update(of=("self",)).filter(
        invoice_id__in=charges, state=OrderState.REQUIRES_REVIEW, charges__isnull=True
    )
    for order in unbooked.order_by("number"):
        booked(order, charges[order.invoice_id or ""], now)


@transaction.atomic
def _apply(
    processor_subscription: ProcessorSubscription, version: int, now: datetime
) -> Subscription:
    ours = Subscription.objects.select_for_update().get(
        processor_subscription_id=processor_subscription.id
    )
    step = _renewal_step(ours, processor_subscription) if ours.renewal_version == version else None
    if step is RenewalStep.ADOPT_RESUMPTION:  # before the invoices: what it renews for was wanted
        adopt_resumption(ours, now=now)
    known = set(ours.orders.values_list("invoice_id", flat=True))
    for invoice in processor_subscription.invoices:
        if invoice.is_change:
            follow_invoice(ours, invoice, known, now)
        elif invoice.paid and invoice.id not in known:
            _settle_invoice(ours, invoice, now)
    if step is RenewalStep.ADOPT_CANCELLATION:  # after them: what was billed before it stays bought
        adopt_cancellation(ours, at=_canceled_at(ours, processor_subscription, now), now=now)
    _follow(ours, processor_subscription, now, is_fresh=step is not None)
    end_changes(ours, now=now)
    ours.save()
    return ours


def _renewal_step(ours: Subscription, processor_subscription: ProcessorSubscription) -> RenewalStep:
    """What follows from what the processor says now; an end without a payment is no cancel."""
    if ours.renews and processor_subscription.status is SubscriptionStatus.CANCELED:
        return (
            RenewalStep.NONE
            if _was_not_collected(processor_subscription)
            else RenewalStep.ADOPT_CANCELLATION
        )
    if not ours.is_live:
        return RenewalStep.NONE
    return rules.renewal_step(
        RenewalState(
            renews=ours.renews,
            known_renews=ours.processor_renews,
            seen_renews=processor_subscription.renews,
            resumed_at=ours.resumed_at,
            seen_canceled_at=processor_subscription.canceled_at,
        )
    )


def _canceled_at(
    ours: Subscription, processor_subscription: ProcessorSubscription, now: datetime
) -> datetime:
    """When it was canceled there; never before a charge that its renewals brought after all.

    An invoice that is booked comes without its charge, so those are taken from our rows.
    """
    at = processor_subscription.canceled_at or processor_subscription.ended_at or now
    charges = Charge.objects.filter(order__subscription=ours)
    booked = charges.values_list("charged_at", flat=True)
    seen = (invoice.charged_at for invoice in processor_subscription.invoices)
    return min(max([at, *booked, *seen]), now)


def _settle_invoice(ours: Subscription, invoice: ProcessorInvoice, now: datetime) -> None:
    order = _renewal(ours, invoice, now)
    charge = booked(order, invoice.charge, now)
    why = disagreement(order, invoice) or dearer_than_scheduled(ours, order, invoice)
    came_too_late = rules.is_charged_after_cancellation(
        invoice.charged_at, cancel_requested_at=ours.cancel_requested_at
    )
    if charge is not None and came_too_late:
        _owe_back(order, charge, now)
    else:
        if charge is not None and why is None:
            deliver(order, charge, now)
        else:
            why = why or Hold(HoldReason.INVOICE_WITHOUT_CHARGE)
            hold(order, why, actor=ACTOR, now=now)
        ours.period_starts_at, ours.period_ends_at = (
            invoice.period_starts_at,
            invoice.period_ends_at,
        )
        make_with_renewal(ours, order, now=now)
    order.save()


def _renewal(ours: Subscription, invoice: ProcessorInvoice, now: datetime) -> Order:
    """The order of a renewal: under the terms that its subscriber accepted, at the plan's price."""
    return order_of_invoice(ours, invoice, billed_version(ours, invoice), now)


def _owe_back(order: Order, charge: Charge, now: datetime) -> None:
    order.state, order.paid_at = OrderState.REFUND_DUE, charge.charged_at
    reason = "billed after the subscription was canceled"
    note_review(order, "order.charged_in_error", reason, actor=ACTOR, now=now)
    events.emit("order.charged_in_error", subject_id=order.pk)


def _follow(
    ours: Subscription,
    processor_subscription: ProcessorSubscription,
    now: datetime,
    *,
    is_fresh: bool,
) -> None:
    """Take over its status. A look that began before our last change is old news of renewing."""
    state = _STATES.get(processor_subscription.status)
    if state is None:
        _record_unknown(ours, now)
    elif state != ours.state:
        ours.state = state
        ours.ended_at = (
            (processor_subscription.ended_at or now)
            if state == SubscriptionState.CANCELED
            else None
        )
        if state == SubscriptionState.PAST_DUE:
            events.emit("subscription.past_due", subject_id=ours.pk)
        elif (
            not ours.is_live
            and ours.cancel_requested_at is None
            and _was_not_collected(processor_subscription)
        ):
            events.emit("subscription.not_collected", subject_id=ours.pk)
    ours.past_due_since_at = (
        (ours.past_due_since_at or now) if ours.state == SubscriptionState.PAST_DUE else None
    )
    if is_fresh and ours.processor_renews != processor_subscription.renews:
        ours.processor_renews = processor_subscription.renews
        ours.renewal_version += 1
    ours.processor_customer_id = processor_subscription.customer_id
    _note_open_invoice(ours, processor_subscription, now)
    ours.next_look_at = rules.next_look_at_subscription(
        period_ends_at=ours.period_ends_at,
        in_step=ours.renews == processor_subscription.renews
        and (ours.is_told_plan or not ours.renews),
        now=now,
    )


def _note_open_invoice(
    ours: Subscription, processor_subscription: ProcessorSubscription, now: datetime
) -> None:
    """Keep which invoice the processor goes on to collect: the newest one, or none. Of a plan that
    is past due it can be paid also where nothing more is tried; of one that is ``unpaid`` later
    invoices stay drafts, and it is the one before them. None whose period is over: who paid it
    would get nothing for it.
    """
    ours.open_invoice_id = ours.open_invoice_status = ""
    is_past_due = ours.state == SubscriptionState.PAST_DUE
    for newest in reversed(_of_periods(processor_subscription)):
        if newest.status not in _COLLECTED_LATER or newest.period_ends_at <= now:
            return
        if newest.is_advancing or (newest.status is InvoiceStatus.OPEN and is_past_due):
            ours.open_invoice_id = newest.id
            ours.open_invoice_status = _how_far(newest, processor_subscription.status)
            return


def _how_far(newest: ProcessorInvoice, plan: SubscriptionStatus) -> OpenInvoiceStatus:
    status = OpenInvoiceStatus(newest.status.value)
    is_tried = newest.is_advancing and plan is not SubscriptionStatus.UNPAID
    if status is OpenInvoiceStatus.OPEN and not is_tried:
        status = OpenInvoiceStatus.UNCOLLECTED
    return _OF_PAYMENTS.get(newest.intent, status)


def _was_not_collected(processor_subscription: ProcessorSubscription) -> bool:
    """Whether it ended because nobody paid: as the processor says, else by its last invoice."""
    if processor_subscription.uncollected is not None:
        return processor_subscription.uncollected
    invoices = _of_periods(processor_subscription)
    return bool(invoices) and not invoices[-1].paid


def _of_periods(processor_subscription: ProcessorSubscription) -> list[ProcessorInvoice]:
    """Its invoices of periods, oldest first, without those of a difference to another plan."""
    return [one for one in processor_subscription.invoices if not one.is_change]


def _record_unknown(ours: Subscription, now: datetime) -> None:
    """A word that we don't know changes nothing and is left for a person (edge 16)."""
    audit.record(
        actor=ACTOR,
        action="subscription.unknown",
        subject=f"subscription:{ours.pk}",
        reason="the processor used a word that we don't know",
        account_id=ours.account_id,
        now=now,
    )
