"""Another plan: what it costs is asked of the processor, agreed to, and only then charged.

A dearer plan counts at once, for the difference of the time that is left; what the paid period
brought stays (clause 3.5). Any other plan, and a dearer one on request, counts with the next
renewal.
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.infra import queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments import queries, rules
from jewelrymodel.payments.adapters.stripe_plan_changes import plan_changes
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order, PlanChange, Subscription
from jewelrymodel.payments.operations.order_placement import (
    ConsentMissing,
    accepted,
)
from jewelrymodel.payments.operations.period_orders import newest_order
from jewelrymodel.payments.operations.plan_change_settlement import ACTOR, move_change
from jewelrymodel.payments.operations.plan_quote import (
    ChangeBeingPaid,
    ChangeQuote,
    NoOpenChange,
    NotChangeable,
    OnlyWithRenewal,
    QuoteChanged,
    change_disclosures,
    changeable,
    quote_change,
    renewal_offer,
    require_changeable,
    wanted,
)
from jewelrymodel.payments.operations.plan_telling import plan_price
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.statuses import OPEN_CHANGES, ChangeTiming, PlanChangeState

log = logging.getLogger(__name__)


def change_now(
    *,
    account_id: str,
    subscription_id: str,
    sku: str,
    prorated_at: datetime,
    quoted: str,
    consents: Collection[ConsentKind],
    actor: Actor,
    now: datetime,
    keep: Callable[[PlanChange, ChangeQuote], None] = lambda _change, _quote: None,
) -> PlanChange:
    """Return the change to the plan *sku*, made if its difference could be charged at once.

    *quoted* is the digest of the quote that was shown; the processor is asked again, and nothing is
    charged unless it says the same. What is agreed to is committed before it is asked to charge,
    together with what *keep* keeps of it; a change whose fate it doesn't say is looked at again.
    Where the bank declines, or wants its customer, the old plan stays whole and the change waits
    for its payment. The same again returns the first. Raises ConsentMissing and what
    ``quote_change`` raises.
    """
    standing = _standing(account_id, subscription_id, sku, prorated_at)
    if standing is not None:
        return standing
    if not now - rules.QUOTE_HOLDS <= prorated_at <= now:
        raise QuoteChanged
    quote = quote_change(
        account_id=account_id,
        subscription_id=subscription_id,
        sku=sku,
        prorated_at=prorated_at,
        now=now,
    )
    if quote.digest != quoted:
        raise QuoteChanged
    change = _agree(account_id, quote, consents, actor, now, keep)
    ours = change.subscription
    try:
        plan_changes().change_plan(
            ours.processor_subscription_id,
            plan_price(ours, change.to_version),
            prorated_at=prorated_at,
            change_id=change.pk,
        )
    except ProcessorRefused as refusal:
        log.warning("the processor doesn't change plan %s: %s", ours.pk, refusal)
        _give_up(change, now)
        raise OnlyWithRenewal(plan=sku) from refusal
    except ProcessorDown as problem:  # it may have been done: whoever looks next finds out
        log.warning("change of plan %s has to wait: %s", change.pk, problem.why)
        return change
    try:
        settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    except (ProcessorDown, ProcessorRefused) as problem:  # it may be charged: as above
        log.warning("change of plan %s can't be looked at: %s", change.pk, problem)
    return PlanChange.objects.select_related("to_version").get(pk=change.pk)


def change_with_renewal(
    *, account_id: str, subscription_id: str, sku: str, offer: str, actor: Actor, now: datetime
) -> PlanChange:
    """Return the change to the plan *sku* with the next renewal; nothing is charged before it.

    *offer* is the ``renewal_offer`` that was shown. The same again changes nothing. The processor
    is told by a task of its own. Raises Subscription.DoesNotExist, NotOnSale, ChangeRefused in its
    kinds, ProcessorDown and ProcessorRefused.
    """
    changeable(account_id, subscription_id, now, again_to=sku)
    with transaction.atomic():
        ours = _locked(account_id, subscription_id)
        version = wanted(ours, sku, now)
        standing = queries.open_change(subscription=ours)
        if standing is not None and not standing.is_now and standing.to_version_id == version.pk:
            return standing
        require_changeable(ours, now)
        if offer != renewal_offer(version, now):
            raise QuoteChanged
        change = PlanChange.objects.create(
            id=new_id("chp", now=now),
            subscription=ours,
            from_version=ours.product_version,
            to_version=version,
            timing=ChangeTiming.RENEWAL,
            state=PlanChangeState.SCHEDULED,
            requested_by=str(actor),
            requested_at=now,
        )
        _note(ours, change, PlanChangeState.SCHEDULED, version, actor, now)
    return change


def undo_change(
    *, account_id: str, subscription_id: str, actor: Actor, now: datetime
) -> PlanChange:
    """Return the change that its customer took back: it isn't paid, or not in force, yet.

    Of one whose payment is due the invoice is voided first; what is paid by then is made. Raises
    Subscription.DoesNotExist, NoOpenChange, NotChangeable once the renewal is due, ChangeBeingPaid
    where the processor doesn't void it, ProcessorDown and ProcessorRefused.
    """
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    change = queries.open_change(subscription=ours)
    if change is not None and change.is_payable:
        plan_changes().void_invoice(change.invoice_id)
    settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    with transaction.atomic():
        ours = _locked(account_id, subscription_id)
        standing = queries.open_change(subscription=ours)
        if standing is not None and not standing.is_now:
            if ours.open_invoice_id or now >= ours.period_ends_at:  # the renewal bills it already
                raise NotChangeable
            _note(ours, standing, PlanChangeState.UNDONE, None, actor, now)
            return standing
    if change is None:
        raise NoOpenChange
    change.refresh_from_db()
    if change.state in OPEN_CHANGES:  # the processor voids no invoice that is being paid
        raise ChangeBeingPaid
    if change.state != PlanChangeState.FAILED:
        raise NoOpenChange
    return change


def _standing(
    account_id: str, subscription_id: str, sku: str, prorated_at: datetime
) -> PlanChange | None:
    """What was agreed to of this very quote: the same click came twice."""
    rows = PlanChange.objects.filter(
        subscription=subscription_id, subscription__account_id=account_id, prorated_at=prorated_at
    )
    return rows.filter(to_version__sku=sku).select_related("to_version").first()


def _agree(
    account_id: str,
    quote: ChangeQuote,
    consents: Collection[ConsentKind],
    actor: Actor,
    now: datetime,
    keep: Callable[[PlanChange, ChangeQuote], None],
) -> PlanChange:
    """Write down what was agreed to; of two at once one is refused, by the row or the database."""
    version = catalog.product_version(quote.version_id)
    edition = catalog.edition_in_force("refund", now)
    try:
        with transaction.atomic():
            ours = _locked(account_id, quote.subscription_id)
            require_changeable(ours, now)
            present = (ours.product_version_id, ours.period_ends_at)
            if present != (quote.from_version_id, quote.renews_at):
                raise QuoteChanged
            newest: Order = newest_order(ours)
            needed = rules.consents_needed(newest.country, newest.buyer_capacity)
            if missing := set(needed) - set(consents):
                raise ConsentMissing(missing)
            agreed = accepted(version, edition, needed, now)
            shown = {one.id for one in change_disclosures(version)}
            ours.next_look_at = now + rules.UNSENT_AFTER
            ours.save(update_fields=["next_look_at"])
            change = PlanChange.objects.create(
                id=new_id("chp", now=now),
                subscription=ours,
                from_version=ours.product_version,
                to_version=version,
                timing=ChangeTiming.NOW,
                state=PlanChangeState.REQUESTED,
                requested_by=str(actor),
                requested_at=now,
                prorated_at=quote.prorated_at,
                amount_minor=quote.amount_minor,
                tax_minor=quote.tax_minor,
                credits=quote.credits,
                terms_edition=edition,
                disclosures=[one for one in agreed["disclosures"] if one["id"] in shown],
                consents=agreed["consents"],
            )
            keep(change, quote)
            _record(change, PlanChangeState.REQUESTED, account_id, actor, now)
            return change
    except IntegrityError as twice:  # the same second was agreed to before, and came to nothing
        raise QuoteChanged from twice


@transaction.atomic
def _give_up(change: PlanChange, now: datetime) -> None:
    ours = Subscription.objects.select_for_update().get(pk=change.subscription_id)
    standing = PlanChange.objects.get(pk=change.pk)
    if standing.state == PlanChangeState.REQUESTED:
        move_change(
            standing,
            PlanChangeState.FAILED,
            actor=ACTOR,
            reason="the processor refused it",
            account_id=ours.account_id,
            now=now,
        )


def _note(
    ours: Subscription,
    change: PlanChange,
    state: PlanChangeState,
    next_version: ProductVersion | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down as what it renews from now on; the processor is told by a task."""
    ours.next_version, ours.next_look_at = next_version, now
    ours.save(update_fields=["next_version", "next_look_at"])
    _record(change, state, ours.account_id, actor, now)
    queue.defer("payments.follow_subscription", subscription_id=ours.pk)


def _record(
    change: PlanChange, state: PlanChangeState, account_id: str, actor: Actor, now: datetime
) -> None:
    move_change(
        change, state, actor=actor, reason="asked for under Billing", account_id=account_id, now=now
    )


def _locked(account_id: str, subscription_id: str) -> Subscription:
    rows = Subscription.objects.select_related("product_version").select_for_update(of=("self",))
    return rows.get(account_id=account_id, pk=subscription_id)
