"""The processor hears as which plan a subscription renews."""

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.infra.locks import locked
from jewelrymodel.payments import queries
from jewelrymodel.payments.adapters.stripe_plan_changes import plan_changes
from jewelrymodel.payments.models import Subscription
from jewelrymodel.payments.processor_objects import PlanPrice


def tell_plan(*, subscription_id: str) -> bool:
    """Make the processor bill the next renewal as the plan that it is to be; return whether that
    was needed.

    Two at once tell one after the other. One that renews no more is left as it is; whoever resumes
    it tells. Raises ProcessorDown and ProcessorRefused.
    """
    with locked(f"payments.tell_processor:{subscription_id}"):
        rows = Subscription.objects.select_related("product_version", "next_version")
        ours = rows.get(pk=subscription_id)
        if not ours.renews or ours.is_told_plan:
            return False
        version = ours.renews_as
        plan_changes().renew_as(ours.processor_subscription_id, plan_price(ours, version))
        Subscription.objects.filter(pk=ours.pk).update(processor_version=version)
    return True


def drop_unpaid_change(*, subscription_id: str) -> bool:
    """Void what a change to another plan would cost where the subscription renews no more; return
    whether that was needed. Whoever looks next sees that it came to nothing.

    Raises ProcessorDown and ProcessorRefused.
    """
    ours = Subscription.objects.get(pk=subscription_id)
    change = queries.open_change(subscription=ours)
    if ours.renews or change is None or not change.is_payable:
        return False
    plan_changes().void_invoice(change.invoice_id)
    return True


def plan_price(ours: Subscription, version: ProductVersion) -> PlanPrice:
    """Return what a plan costs, as the processor is told it: taxed as the subscription was."""
    behavior = queries.tax_behavior_of(ours)
    return PlanPrice(version.pk, version.name, version.price_minor, version.currency, behavior)
