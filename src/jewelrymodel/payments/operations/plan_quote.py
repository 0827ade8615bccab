"""What another plan costs now: asked of the processor, and shown before anything is agreed to."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.models import ProductVersion, TermsEdition
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import queries, rules
from jewelrymodel.payments.adapters.stripe_plan_changes import plan_changes
from jewelrymodel.payments.checkout_agreement import Statement
from jewelrymodel.payments.models import Charge, Subscription
from jewelrymodel.payments.operations.order_placement import disclosures
from jewelrymodel.payments.operations.period_orders import RENEWS
from jewelrymodel.payments.operations.plan_telling import plan_price, tell_plan
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.payment_methods import DELAYED
from jewelrymodel.payments.processor_objects import ChangePreview


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


class ChangeBeingPaid(ChangeRefused):
    """Its payment is on its way, or its fate isn't known yet: it can't be undone at the moment."""


class NoOpenChange(ChangeRefused):
    """Nothing waits that could be undone; it was made, or has ended."""


@dataclass(frozen=True)
class ChangeQuote:
    """What another plan costs now and later, in minor units, as the processor says it.

    *unused_minor* is credited for the old plan, *remaining_minor* charged for the new one, with no
    tax but what is in the plans' prices; *amount_minor* is the difference with all its *tax_minor*,
    charged today. *credits* come with it. *offer* is the digest of the terms and disclosures that
    go with it.
    """

    subscription_id: str
    from_version_id: str
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
    def is_tax_included(self) -> bool:
        """Whether the tax is in the plans' prices, not added to them."""
        return self.amount_minor == self.remaining_minor - self.unused_minor

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
    ours = changeable(account_id, subscription_id, now)
    version = wanted(ours, sku, now)
    if prorated_at < ours.period_starts_at:  # it was renewed meanwhile
        raise QuoteChanged
    if not queries.is_dearer(version, ours.product_version):
        raise OnlyWithRenewal(plan=sku)
    if _pays_later(ours):
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
        from_version_id=ours.product_version_id,
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


def changeable(
    account_id: str, subscription_id: str, now: datetime, *, again_to: str = ""
) -> Subscription:
    """Return the plan after a fresh look; one that waits for the renewal *again_to* the same plan
    is let through. Raises as ``require_changeable``.
    """
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    if not (again_to and ours.next_version and ours.next_version.sku == again_to):
        require_changeable(ours, now)
    return ours


def require_changeable(ours: Subscription, now: datetime) -> None:
    if not queries.is_changeable(subscription=ours, now=now):
        raise NotChangeable
    if queries.open_change(subscription=ours) is not None:
        raise ChangeUnderWay


def wanted(ours: Subscription, sku: str, now: datetime) -> ProductVersion:
    """Return the plan *sku* that a subscription can change to; raises NotOnSale."""
    others = queries.plans_to_change_to(subscription=ours, now=now)
    version = next((one for one in others if one.sku == sku), None)
    if version is None:
        raise catalog.NotOnSale(sku=sku)
    return version


def _pays_later(ours: Subscription) -> bool:
    """Whether its last payment was of a kind that is known only days later: the processor charges
    no difference that way.
    """
    paid = Charge.objects.filter(order__subscription=ours).order_by("-charged_at", "-id").first()
    return paid is not None and paid.method in DELAYED


def _is_chargeable(preview: ChangePreview, version: ProductVersion) -> bool:
    """Whether exactly the difference is charged: no balance or discount at the processor, nothing
    besides, and not less or more than it can charge.
    """
    difference = preview.remaining_minor - preview.unused_minor
    return (
        preview.total_minor == preview.due_minor == difference + preview.added_tax_minor
        and not preview.has_more
        and preview.currency == version.currency
        and rules.chargeable(preview.total_minor, preview.currency)
    )


def change_disclosures(version: ProductVersion) -> tuple[Statement, ...]:
    """Return what is read before the difference is paid; at which price it renews the page says
    itself, for it isn't the one that is charged.
    """
    return tuple(one for one in disclosures(version) if one.id != RENEWS)


def renewal_offer(version: ProductVersion, now: datetime) -> str:
    """Return the digest of what changing to a plan with the renewal is agreed to: which version of
    it, under which terms, and what is to be known of it.
    """
    edition = catalog.edition_in_force("refund", now)
    return rules.offer_digest(version.id, edition.sha256, disclosures(version))


def _offer(version: ProductVersion, edition: TermsEdition) -> str:
    return rules.offer_digest(version.id, edition.sha256, change_disclosures(version))
