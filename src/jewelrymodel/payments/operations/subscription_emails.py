"""Telling the customer how their plan goes on: canceled, renewing again, declined, ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog.expiry_text import expiry_words
from jewelrymodel.infra import languages, mail
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.payment_methods import CARD, method_words
from jewelrymodel.payments.processor_objects import RenewalCard
from jewelrymodel.payments.rules import Collection
from jewelrymodel.payments.statuses import OpenInvoiceStatus, SubscriptionState
from jewelrymodel.payments.tax_text import price_words


def warn_past_due(*, subscription_id: str) -> bool:
    """Mail that the renewal failed, what that cost (nothing) and what to do; return if it was sent.

    What to do is to pay it by another card, or to confirm it where the bank asks for that.
    Quiet where the renewal was collected meanwhile.
    """
    ours = _plan(subscription_id)
    if ours.state != SubscriptionState.PAST_DUE:
        return False
    subject = gettext_noop("We couldn’t renew your %(name)s subscription")
    if ours.open_invoice_status == OpenInvoiceStatus.REQUIRES_ACTION:
        subject = gettext_noop("Please confirm the renewal of your %(name)s subscription")
    return _send(ours, subject, "payments/past_due_mail.txt")


def tell_renewing(*, subscription_id: str) -> bool:
    """Mail that the plan was canceled, that it renews again, or that it ended because its renewal
    could not be collected; return whether a mail was sent.

    Quiet where the customer has that mail already: an end that nobody asked for is noted like a
    cancellation. Sent before it is noted: a crash in between repeats the mail rather than losing
    it.
    """
    with locked_in_transaction(f"payments.tell_renewing:{subscription_id}"):
        ours = _plan(subscription_id)
        stopped_at = ours.cancel_requested_at or ours.ended_at
        if stopped_at == ours.told_cancel_at:
            return False
        if stopped_at is None:
            sent = _send(
                ours,
                gettext_noop("Your %(name)s subscription was resumed"),
                "payments/resumed_mail.txt",
            )
        elif ours.cancel_requested_at is None:
            subject = gettext_noop(
                "Your %(name)s subscription has ended because we couldn’t renew it"
            )
            sent = _send(ours, subject, "payments/not_collected_mail.txt")
        else:
            sent = _send(
                ours,
                gettext_noop("Your %(name)s subscription was canceled"),
                "payments/canceled_mail.txt",
            )
        Subscription.objects.filter(pk=ours.pk).update(told_cancel_at=stopped_at)
        return sent


def tell_unrenewed(*, subscription_id: str, now: datetime) -> bool:
    """Mail that nobody collects the renewal that is due, what that means and what can be done;
    return whether a mail was sent. Once for each period.

    As where its collection was paused, or its invoice voided, at the processor's dashboard. The
    processor is asked first, so that nobody is told of what only lacked its news. Sent before it is
    noted: a crash in between repeats the mail rather than losing it. Raises ProcessorDown and
    ProcessorRefused.
    """
    processor_id = _plan(subscription_id).processor_subscription_id
    settle_subscription(processor_subscription_id=processor_id, now=now)
    with locked_in_transaction(f"payments.tell_unrenewed:{subscription_id}"):
        ours = _plan(subscription_id)
        is_overdue = queries.collection_of(subscription=ours, now=now) is Collection.OVERDUE
        if not is_overdue or ours.told_unrenewed_at == ours.period_ends_at:
            return False
        subject = gettext_noop("Your %(name)s subscription wasn’t renewed")
        if ours.open_invoice_id:
            subject = gettext_noop("The renewal of your %(name)s subscription is delayed")
        sent = _send(ours, subject, "payments/unrenewed_mail.txt")
        Subscription.objects.filter(pk=ours.pk).update(told_unrenewed_at=ours.period_ends_at)
        return sent


def send_card_expiry(ours: Subscription, card: RenewalCard) -> bool:
    """Mail that *card* expires before the plan renews, and how to replace it; return if it was."""
    details = {
        "card_brand": card.brand,
        "card_last4": card.last4,
        "expires_on": card.last_day,
    }
    subject = gettext_noop("Your card expires before your %(name)s subscription renews")
    return _send(ours, subject, "payments/card_expiry_mail.txt", details)


def _plan(subscription_id: str) -> Subscription:
    rows = Subscription.objects.select_related("product_version", "next_version")
    return rows.get(pk=subscription_id)


def _send(
    ours: Subscription, subject: str, template: str, details: Mapping[str, Any] | None = None
) -> bool:
    order = Order.objects.filter(subscription=ours).order_by("-created_at").first()
    if order is None:
        return False
    with languages.speaking(accounts.language_of(account_id=order.account_id)):
        _compose(ours, order, subject, template, details or {}).send()
    return True


def _compose(
    ours: Subscription, order: Order, subject: str, template: str, details: Mapping[str, Any]
) -> EmailMessage:
    version, asked_at = ours.product_version, ours.cancel_requested_at
    begins = ours.period_starts_at
    words = {
        "subscription": ours,
        "price": price_words(
            ours.renews_as.price_minor, ours.renews_as.currency, order.tax_behavior
        ),
        "expiry": expiry_words(renews=True, days=None, period_ends_at=ours.period_ends_at),
        "is_over": asked_at is not None and asked_at >= ours.period_ends_at,
        "was_changed": len(queries.orders_of_period(subscription=ours)) > 1,
        "is_given_back": queries.is_given_back(subscription_id=ours.pk, period_starts_at=begins),
        "is_reviewed": queries.held_order_of(subscription=ours) is not None,
        "is_disputed": queries.is_disputed(subscription_id=ours.pk, period_starts_at=begins),
        "url": f"{settings.PUBLIC_URL}/billing",
        "card": _card_words(details),
        "card_url": f"{settings.PUBLIC_URL}/billing/subscriptions/{ours.pk}/card",
        "expires_on": details.get("expires_on"),
        "pay_url": f"{settings.PUBLIC_URL}/billing/subscriptions/{ours.pk}/pay",
        "pricing_url": f"{settings.PUBLIC_URL}/pricing",
    }
    return mail.compose(
        to=order.buyer_email,
        subject=gettext(subject) % {"name": version.name},
        text=render_to_string(template, words),
    )


def _card_words(details: Mapping[str, Any]) -> str:
    """The card in the reader's language: "Visa ending in 4242"; empty where none is meant."""
    if "card_brand" not in details:
        return ""
    digits = {name: details[name] for name in ("card_brand", "card_last4")}
    return method_words(method=CARD, **digits, details={})
