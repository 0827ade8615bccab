"""Changes of plan after a look at the processor: made once paid, and each with an end."""

from collections.abc import Container
from datetime import datetime

from jewelrymodel.audit import operations as audit
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.infra import events
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import rules
from jewelrymodel.payments.models import Order, PlanChange, Subscription
from jewelrymodel.payments.operations.delivery import deliver
from jewelrymodel.payments.operations.order_review import hold
from jewelrymodel.payments.operations.period_orders import (
    booked,
    disagreement,
    order_of_invoice,
)
from jewelrymodel.payments.processor_objects import InvoiceStatus, ProcessorInvoice
from jewelrymodel.payments.rules.holds import Hold
from jewelrymodel.payments.statuses import (
    OPEN_CHANGES,
    ChangeTiming,
    HoldReason,
    PlanChangeState,
)

ACTOR = Actor.system("payments.settle_plan_change")
_GIVEN_UP = (InvoiceStatus.VOID, InvoiceStatus.UNCOLLECTIBLE)


def follow_invoice(
    ours: Subscription, invoice: ProcessorInvoice, known: Container[str | None], now: datetime
) -> None:
    """Let a change go as far as the invoice of its difference; the caller holds the plan's row and
    saves it. *known* are the invoices that have an order.

    One that was given up, and turns out to be paid, is made: its customer paid for it. A paid one
    that nobody asked for here was made at the processor: a person looks at it.
    """
    change = ours.changes.filter(
        prorated_at=invoice.period_starts_at, timing=ChangeTiming.NOW
    ).first()
    if invoice.paid and invoice.id not in known:
        if change is None:
            _hold_foreign(ours, invoice, now)
        else:
            _make_now(ours, change, invoice, now)
    elif change is not None and _turned_up(ours, change, invoice):
        change.invoice_id = invoice.id
        _go(ours, change, PlanChangeState.PAYMENT_DUE, "its payment is due after all", now)
    elif change is not None and change.state in OPEN_CHANGES:
        change.invoice_id = invoice.id
        if invoice.status is InvoiceStatus.OPEN and not change.is_payable:
            _go(ours, change, PlanChangeState.PAYMENT_DUE, "its payment is due", now)
        elif invoice.status in _GIVEN_UP:
            _go(ours, change, PlanChangeState.FAILED, "nobody paid it", now)


def _turned_up(ours: Subscription, change: PlanChange, invoice: ProcessorInvoice) -> bool:
    """Whether a change that was given up can be paid all the same: it is waited for again, and so
    can be undone, unless another one is under way.
    """
    return (
        change.state == PlanChangeState.FAILED
        and invoice.status is InvoiceStatus.OPEN
        and ours.renews
        and change.from_version_id == ours.product_version_id
        and not ours.changes.filter(state__in=OPEN_CHANGES).exists()
    )


def end_changes(ours: Subscription, *, now: datetime) -> None:
    """End the change that nothing can come of any more, and look again soon at one that may be
    paid; as above.
    """
    change = ours.changes.filter(state__in=OPEN_CHANGES).first()
    if change is None:
        return
    is_unsent = (
        change.state == PlanChangeState.REQUESTED
        and now >= change.requested_at + rules.UNSENT_AFTER
    )
    if change.is_now and (is_unsent or not ours.is_live):
        _go(ours, change, PlanChangeState.FAILED, "it didn’t reach the processor, or ended", now)
    elif not change.is_now and not ours.is_live:
        ours.next_version = None
        _go(ours, change, PlanChangeState.LAPSED, "the subscription has ended", now)
    elif change.is_now:
        ours.next_look_at = min(ours.next_look_at, now + rules.CHANGE_LOOK)


def billed_version(ours: Subscription, invoice: ProcessorInvoice) -> ProductVersion:
    """Return the plan that a renewal's invoice bills: the present one, the one that is to follow,
    or one from before; where its product says nothing to us, the one that the subscription began
    with.
    """
    if ours.next_version and invoice.product == ours.next_version_id:
        return ours.next_version
    made = ours.changes.filter(state=PlanChangeState.MADE).order_by("requested_at")
    former = [one.from_version for one in made.select_related("from_version")]
    known = [ours.product_version, *former]
    first = (*former, ours.product_version)[0]
    return next((one for one in known if one.pk == invoice.product), first)


def dearer_than_scheduled(
    ours: Subscription, order: Order, invoice: ProcessorInvoice
) -> Hold | None:
    """Return the hold of a renewal that bills a dearer plan than its customer had asked for before
    it was billed: the processor didn't hear of it in time. None where it doesn't.
    """
    change = ours.changes.filter(
        state=PlanChangeState.SCHEDULED, requested_at__lt=invoice.created_at
    ).first()
    if change is None or order.product_version.price_minor <= change.to_version.price_minor:
        return None
    billed = (invoice.amount_minor, invoice.currency)
    expected = (change.to_version.price_minor, change.to_version.currency)
    return rules.amount_hold(HoldReason.INVOICE_AMOUNT, billed, expected)


def make_with_renewal(ours: Subscription, order: Order, *, now: datetime) -> None:
    """Let a scheduled change take effect where a renewal paid its plan; as above."""
    if order.product_version_id != ours.next_version_id:
        return
    change = ours.changes.filter(state=PlanChangeState.SCHEDULED).first()
    if change is not None:
        _make(ours, change, order, now)


def _make_now(
    ours: Subscription, change: PlanChange, invoice: ProcessorInvoice, now: datetime
) -> None:
    amount, tax, edition = change.amount_minor or 0, change.tax_minor or 0, change.terms_edition
    if edition is None:
        raise ValueError(f"{change.pk} says nothing of its terms")
    order = order_of_invoice(
        ours,
        invoice,
        change.to_version,
        now,
        id=change.order_key,
        subtotal_minor=amount - tax,
        tax_minor=tax,
        total_minor=amount,
        changed_from=change.from_version,
        change_credits=change.credits,
        created_at=change.requested_at,
        terms_edition_id=edition.pk,
        terms_sha256=edition.sha256,
        disclosures=change.disclosures,
        consents=change.consents,
    )
    charge = booked(order, invoice.charge, now)
    why = disagreement(order, invoice)
    if charge is not None and why is None:
        deliver(order, charge, now, tax_minor=tax)
    else:
        why = why or Hold(HoldReason.INVOICE_WITHOUT_CHARGE)
        hold(order, why, actor=ACTOR, now=now)
    order.save()
    change.invoice_id = invoice.id
    ours.processor_version = change.to_version
    _make(ours, change, order, now)


def _make(ours: Subscription, change: PlanChange, order: Order, now: datetime) -> None:
    """The change's row comes first: the database lets a plan follow only a change that is made."""
    change.order = order
    _go(ours, change, PlanChangeState.MADE, f"paid with {order.label}", now)
    if ours.next_version_id == change.to_version_id:
        ours.next_version = None
        _end_scheduled(ours, change.to_version, now)
    ours.product_version = change.to_version


def _end_scheduled(ours: Subscription, version: ProductVersion, now: datetime) -> None:
    """End what was scheduled for a plan that is in force now; nobody is told: they have it."""
    for one in ours.changes.filter(state=PlanChangeState.SCHEDULED, to_version=version):
        _go(ours, one, PlanChangeState.LAPSED, "the plan is in force already", now)


def _hold_foreign(ours: Subscription, invoice: ProcessorInvoice, now: datetime) -> None:
    order = order_of_invoice(ours, invoice, ours.product_version, now)
    booked(order, invoice.charge, now)
    why = disagreement(order, invoice) or Hold(HoldReason.UNKNOWN_STATUS)
    hold(order, why, actor=ACTOR, now=now)
    order.save()


def _go(
    ours: Subscription, change: PlanChange, state: PlanChangeState, reason: str, now: datetime
) -> None:
    move_change(change, state, actor=ACTOR, reason=reason, account_id=ours.account_id, now=now)


def move_change(
    change: PlanChange,
    state: PlanChangeState,
    *,
    actor: Actor,
    reason: str,
    account_id: str,
    now: datetime,
) -> None:
    """Write down how far a change got, and let its customer be told; the caller holds its plan."""
    change.state = state
    change.closed_at = None if state in OPEN_CHANGES else now
    change.save(update_fields=["state", "closed_at", "invoice_id", "order"])
    audit.record(
        actor=actor,
        action=f"subscription.change_{state}",
        subject=f"subscription:{change.subscription_id}",
        reason=reason,
        account_id=account_id,
        now=now,
    )
    events.emit("plan_change.moved", subject_id=change.pk)
