"""Canceling and resuming a subscription, each with one page that says what it means; and the ways
to the processor's pages for an open renewal and for another card.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Subscription
from jewelrymodel.promises import operations as promises
from jewelrymodel.promises import queries as promised
from jewelrymodel.web.customer.billing.order_status import problem_sentence
from jewelrymodel.web.customer.billing.promise_words import (
    ShownPromise,
    promise_file,
    shown_promise,
)
from jewelrymodel.web.tenant import TenantRequest, for_account


@require_http_methods(["GET", "POST"])
@for_account(Act.BILLING)
def cancel(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Show what canceling does; on POST cancel, which counts at once (clause 3.2)."""
    subscription = own_subscription(request, subscription_id)
    if request.method != "POST" and subscription.renews:
        reviewed = queries.held_order_of(subscription=subscription)
        lines = promised.cancellation_lines(subscription=subscription, now=clock.now())
        until = subscription.period_ends_at
        context = {
            "subscription": subscription,
            "reviewed": reviewed,
            "promise": shown_promise(lines, kept_until=until) if lines else None,
        }
        return render(request, "billing/cancel_subscription.html", context)
    if request.method == "POST":
        try:
            promises.cancel_subscription(
                account_id=request.account.id,
                subscription_id=subscription.id,
                actor=Actor.user(request.user.pk),
                now=clock.now(),
            )
            messages.success(request, _("Subscription canceled. You won’t be charged again."))
        except operations.SubscriptionOver as over:
            messages.info(request, problem_sentence(over))
    return redirect("billing")


@require_http_methods(["GET", "POST"])
@for_account(Act.BILLING)
def resume(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Show what renewing again costs and when; on POST take the cancellation back."""
    subscription = own_subscription(request, subscription_id)
    runs = subscription.is_live and clock.now() < subscription.period_ends_at
    if request.method != "POST" and runs and not subscription.renews:
        context = {"subscription": subscription, "promise": _kept(subscription)}
        return render(request, "billing/resume_subscription.html", context)
    if request.method == "POST":
        try:
            operations.resume_subscription(
                account_id=request.account.id,
                subscription_id=subscription.id,
                actor=Actor.user(request.user.pk),
                now=clock.now(),
            )
            messages.success(request, _("Subscription resumed. You weren’t charged now."))
        except (operations.SubscriptionOver, operations.AlreadySubscribed) as stopped:
            messages.info(request, problem_sentence(stopped))
    return redirect("billing")


@require_safe
@for_account(Act.BILLING)
def promise(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Hand out what was promised when a subscription was last canceled, with its signature."""
    try:
        kept = promised.cancellation_promise(
            account_id=request.account.id, subscription_id=subscription_id
        )
    except promised.NoPromise:
        raise Http404 from None
    return promise_file(kept.signed, subscription_id)


def _kept(subscription: Subscription) -> ShownPromise | None:
    try:
        kept = promised.cancellation_promise(
            account_id=subscription.account_id, subscription_id=subscription.pk
        )
    except promised.NoPromise:
        return None
    said = kept.promise
    return shown_promise(said.lines, kept_until=said.kept_until)


@require_safe
@never_cache
@for_account(Act.BILLING)
def pay(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Lead to the processor's page for a renewal that it couldn't collect; else back to Billing,
    which says how it stands.
    """
    own_subscription(request, subscription_id)
    try:
        page = operations.renewal_page(
            account_id=request.account.id, subscription_id=subscription_id, now=clock.now()
        )
    except (ProcessorDown, ProcessorRefused):
        messages.error(request, unreachable())
        return redirect("billing")
    if not page:
        messages.info(request, _("There’s nothing left to pay for this subscription."))
    return redirect(page or "billing")


@require_safe
@never_cache
@for_account(Act.BILLING)
def change_card(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Lead to the processor's page at which the card for renewals is replaced."""
    own_subscription(request, subscription_id)
    try:
        page = operations.payment_method_page(
            account_id=request.account.id,
            subscription_id=subscription_id,
            return_url=request.build_absolute_uri(reverse("billing")),
        )
    except (ProcessorDown, ProcessorRefused):
        messages.error(request, unreachable())
        return redirect("billing")
    if not page:
        messages.info(request, _("This subscription doesn’t renew, so no card is charged for it."))
    return redirect(page or "billing")


def unreachable() -> str:
    """Return what is said where the processor can't be asked now."""
    return _("We can’t reach the payment service right now, sorry. Nothing was charged or changed.")


def own_subscription(request: TenantRequest, subscription_id: str) -> Subscription:
    """Return one of the account's subscriptions; raises Http404."""
    try:
        return queries.subscription(account_id=request.account.id, subscription_id=subscription_id)
    except Subscription.DoesNotExist:
        raise Http404 from None
