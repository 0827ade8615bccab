"""The processor's pages for a renewal or a change that is open, and for the card of renewals."""

from datetime import datetime

from jewelrymodel.payments import queries
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription


def renewal_page(*, account_id: str, subscription_id: str, now: datetime) -> str:
    """Return the processor's page at which the account's open renewal is paid or confirmed; empty
    where nothing is left to pay, as when it was paid or the subscription canceled meanwhile.

    The processor is asked first, so that no payment is asked for that isn't wanted any more. Raises
    Subscription.DoesNotExist, ProcessorDown and ProcessorRefused.
    """
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    if not ours.is_payable:
        return ""
    return subscriptions().invoice_page(ours.open_invoice_id)


def change_page(*, account_id: str, subscription_id: str, now: datetime) -> str:
    """Return the processor's page at which the difference to another plan is paid or confirmed;
    empty where nothing is left to pay. As above.
    """
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    change = queries.open_change(subscription=ours)
    if change is None or not change.is_payable:
        return ""
    return subscriptions().invoice_page(change.invoice_id)


def payment_method_page(*, account_id: str, subscription_id: str, return_url: str) -> str:
    """Return the processor's page at which the card of a subscription that renews is replaced;
    empty where it renews no more. It leads back to *return_url*.

    Raises Subscription.DoesNotExist, ProcessorDown and ProcessorRefused.
    """
    ours = queries.subscription(account_id=account_id, subscription_id=subscription_id)
    if not ours.renews or not ours.processor_customer_id:
        return ""
    return subscriptions().payment_method_page(ours.processor_customer_id, return_url=return_url)
