"""Another plan: what it costs is asked of the processor, agreed to, and only then charged.

A dearer plan counts at once, for the difference of the time that is left; what the paid period
brought stays (clause 3.5). Any other plan, and a dearer one on request, counts with the next
renewal.
"""

import logging
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.models import ProductVersion, TermsEdition
from jewelrymodel.infra import queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments import queries, rules
from jewelrymodel.payments.adapters.stripe_plan_changes import plan_changes
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order, PlanChange, Subscription
from jewelrymodel.payments.operations.order_placement import (
    ConsentMissing,
    accepted,
    disclosures,
)
from jewelrymodel.payments.operations.period_orders import newest_order
from jewelrymodel.payments.operations.plan_change_settlement import ACTOR, move_change
from jewelrymodel.payments.operations.plan_telling import plan_price, tell_plan
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.processor_objects import ChangePreview
from jewelrymodel.payments.statuses import ChangeTiming, PlanChangeState

log = logging.getLogger(__name__)


class ChangeRefused(CodedError):
    """The plan can't be changed so now. Nothing was charged or changed."""


class NotChangeable(ChangeRefused):
    """The subscription doesn't renew, is past due, disputed or in review, or its renewal is being
    collected.
    """


class ChangeUnderWay(ChangeRefused):
    """Another change of this plan waits to be paid, or for the renewal."""


class OnlyWithRenewal(ChangeRefused):
    """This plan can't be charged for the rest of the period; it can follow with the renewal."""


class QuoteChanged(ChangeRefused):
    """What the change costs isn't what was shown, or was shown too long ago: it is shown again."""


class NoOpenChange(ChangeRefused):
    """Nothing waits that could be undone; it was made, or has ended."""


@dataclass(frozen=True)
class ChangeQuote:
    """What another plan costs now and later, in minor units, as the processor says it.

    *unused_minor* is credited for the old plan, *remaining_minor* charged for the new one, both
    without tax; *amount_minor* is the difference with its *tax_minor*, charged today. *credits*
    come with it. *offer* is the digest of the terms and disclosures that go with it.
    """

    subscription_id: str
    version_id: str
    prorated_at: datetime
    unused_minor: int
    remaining_minor: int
    tax_minor: int
    amount_minor: int
    renewal_minor: int
    currency: str
    credits: int
    renews_at: datetime
    offer: str

    @property
    def digest(self) -> str:
        """What a form sends back of what its page showed."""
        text = "\n".join(f"{name}={value}" for name, value in asdict(self).items())
        return sha256(text.encode()).hexdigest()


def quote_change(
    *, account_id: str, subscription_id: str, sku: str, prorated_at: datetime, now: datetime
) -> ChangeQuote:
    """Return what the plan *sku* costs from *prorated_at* on, which is now or was a moment ago.

    Nothing is changed, but for what our records lacked. Raises Subscription.DoesNotExist,
    NotOnSale, ChangeRefused in its kinds, ProcessorDown and ProcessorRefused.
    """
    ours = _changeable(account_id, subscription_id, now)
    version = _wanted(ours, sku, now)
    if not queries.is_dearer(version, ours.product_version):
        raise OnlyWithRenewal(plan=sku)
    tell_plan(subscription_id=ours.pk)
    preview = plan_changes().preview_change(
        ours.processor_subscription_id, plan_price(ours, version), prorated_at=prorated_at
    )
    bought = rules.credits_of_change(
        before=ours.product_version.credits,
        after=version.credits,
        prorated_at=prorated_at,
        period_starts_at=ours.period_starts_at,
        period_ends_at=ours.period_ends_at,
    )
    if not bought or not _is_chargeable(preview, version):
        raise OnlyWithRenewal(plan=sku)
    return ChangeQuote(
        subscription_id=ours.pk,
        version_id=version.pk,
        prorated_at=prorated_at,
        unused_minor=preview.unused_minor,
        remaining_minor=preview.remaining_minor,
        tax_minor=preview.tax_minor,
        amount_minor=preview.total_minor,
        renewal_minor=preview.renewal_minor,
        currency=preview.currency,
        credits=bought,
        renews_at=ours.period_ends_at,
        offer=_offer(version, catalog.edition_in_force("refund", now)),
    )


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
) -> PlanChange:
    """Return the change to the plan *sku*, made if its difference could be charged at once.

    *quoted* is the digest of the quote that was shown; the processor is asked again, and nothing is
    charged unless it says the same. What is agreed to is committed before it is asked to charge; a
    change whose fate it doesn't say is looked at again. Where the bank declines, or wants its
    customer, the old plan stays whole and the change waits for its payment. The same again returns
    the first. Raises ConsentMissing and what ``quote_change`` raises.
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
    change = _agree(account_id, quote, consents, actor, now)
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
    settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    return PlanChange.objects.select_related("to_version").get(pk=change.pk)


def change_with_renewal(
    *, account_id: str, subscription_id: str, sku: str, actor: Actor, now: datetime
) -> PlanChange:
    """Return the change to the plan *sku* with the next renewal; nothing is charged before it.

    The same again changes nothing. The processor is told by a task of its own. Raises
    Subscription.DoesNotExist, NotOnSale, ChangeRefused, ProcessorDown and ProcessorRefused.
    """
    _changeable(account_id, subscription_id, now, again_to=sku)
    with transaction.atomic():
        ours = _locked(account_id, subscription_id)
        version = _wanted(ours, sku, now)
        standing = queries.open_change(subscription=ours)
        if standing is not None and not standing.is_now and standing.to_version_id == version.pk:
            return standing
        _require_changeable(ours, now)
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
    Subscription.DoesNotExist, NoOpenChange, ProcessorDown and ProcessorRefused.
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
            _note(ours, standing, PlanChangeState.UNDONE, None, actor, now)
            return standing
    if change is None:
        raise NoOpenChange
    change.refresh_from_db()
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


def _changeable(
    account_id: str, subscription_id: str, now: datetime, *, again_to: str = ""
) -> Subscription:
    """The plan after a fresh look; a change that waits for the renewal *again_to* it may stand."""
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    if not (again_to and ours.next_version and ours.next_version.sku == again_to):
        _require_changeable(ours, now)
    return ours


def _require_changeable(ours: Subscription, now: datetime) -> None:
    if not queries.is_changeable(subscription=ours, now=now):
        raise NotChangeable
    if queries.open_change(subscription=ours) is not None:
        raise ChangeUnderWay


def _wanted(ours: Subscription, sku: str, now: datetime) -> ProductVersion:
    others = queries.plans_to_change_to(subscription=ours, now=now)
    version = next((one for one in others if one.sku == sku), None)
    if version is None:
        raise catalog.NotOnSale(sku=sku)
    return version


def _is_chargeable(preview: ChangePreview, version: ProductVersion) -> bool:
    """Whether exactly the difference is charged: no balance at the processor, nothing besides, and
    not less or more than it can charge.
    """
    return (
        preview.total_minor == preview.due_minor
        and not preview.has_more
        and preview.currency == version.currency
        and rules.chargeable(preview.total_minor, preview.currency)
    )


def _offer(version: ProductVersion, edition: TermsEdition) -> str:
    return rules.offer_digest(version.id, edition.sha256, disclosures(version))


def _agree(
    account_id: str,
    quote: ChangeQuote,
    consents: Collection[ConsentKind],
    actor: Actor,
    now: datetime,
) -> PlanChange:
    """Write down what was agreed to; of two at once one is refused, by the row or the database."""
    version = catalog.product_version(quote.version_id)
    edition = catalog.edition_in_force("refund", now)
    try:
        with transaction.atomic():
            ours = _locked(account_id, quote.subscription_id)
            _require_changeable(ours, now)
            if ours.period_ends_at != quote.renews_at:
                raise QuoteChanged
            newest: Order = newest_order(ours)
            needed = rules.consents_needed(newest.country, newest.buyer_capacity)
            if missing := set(needed) - set(consents):
                raise ConsentMissing(missing)
            agreed = accepted(version, edition, needed, now)
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
                disclosures=agreed["disclosures"],
                consents=agreed["consents"],
            )
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
