"""Canceling and resuming a subscription, each with one page that says what it means."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.models import Subscription
from jewelrymodel.web.customer.billing.order_status import problem_sentence
from jewelrymodel.web.tenant import TenantRequest, for_account


@require_http_methods(["GET", "POST"])
@for_account(Act.BILLING)
def cancel(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Show what canceling does; on POST cancel, which counts at once (clause 3.2)."""
    subscription = _own(request, subscription_id)
    if request.method != "POST" and subscription.renews:
        reviewed = queries.held_order_of(subscription=subscription)
        context = {"subscription": subscription, "reviewed": reviewed}
        return render(request, "billing/cancel_subscription.html", context)
    if request.method == "POST":
        try:
            operations.cancel_subscription(
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
    subscription = _own(request, subscription_id)
    runs = subscription.is_live and clock.now() < subscription.period_ends_at
    if request.method != "POST" and runs and not subscription.renews:
        return render(request, "billing/resume_subscription.html", {"subscription": subscription})
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


def _own(request: TenantRequest, subscription_id: str) -> Subscription:
    try:
        return queries.subscription(account_id=request.account.id, subscription_id=subscription_id)
    except Subscription.DoesNotExist:
        raise Http404 from None
