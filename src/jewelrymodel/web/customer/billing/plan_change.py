"""Changing a plan: the plans there are, what one costs now or with the renewal, paying and undoing.

Nothing is charged before a page has said how much, and then exactly that much.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog import terms
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.infra import clock
from jewelrymodel.infra.formats import money
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order, PlanChange, Subscription
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.payments.statuses import PlanChangeState
from jewelrymodel.policy.promise import PromisedLine
from jewelrymodel.promises import operations as promises
from jewelrymodel.promises import queries as promised
from jewelrymodel.web.customer.billing.forms import CheckoutForm
from jewelrymodel.web.customer.billing.promise_words import shown_promise
from jewelrymodel.web.customer.billing.subscription_cards import credits_left
from jewelrymodel.web.customer.billing.subscriptions import own_subscription, unreachable
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.legal_acceptance import note_acceptance
from jewelrymodel.web.tenant import TenantRequest, for_account

log = logging.getLogger(__name__)
_REFUSED = gettext_lazy(
    "Your subscription can’t be changed at the moment: its renewal or a payment is being settled. "
    "You weren’t charged."
)
_LAST_SECOND = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())
_PROBLEMS: dict[str, Promise] = {
    operations.NotChangeable.code: _REFUSED,
    operations.ChangeUnderWay.code: gettext_lazy(
        "Another change of this subscription is under way. You weren’t charged again."
    ),
    operations.OnlyWithRenewal.code: gettext_lazy(
        "This change can only be made with your next renewal. You weren’t charged."
    ),
    operations.QuoteChanged.code: gettext_lazy(
        "What the change costs has been worked out again since you opened the page. You weren’t "
        "charged; please check the amounts below."
    ),
    operations.ChangeBeingPaid.code: gettext_lazy(
        "The payment for this change is being processed, so it can’t be undone at the moment. "
        "We’ll email you how it ends."
    ),
    operations.ConsentMissing.code: gettext_lazy(
        "Please accept both statements so we can add your credits now. You weren’t charged."
    ),
}


class ChangeForm(CheckoutForm):
    """What a page showed of a change that is charged now, and what its customer agrees to.

    Where they are, and as what they buy, is known of the subscription.
    """

    prorated_at = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_LAST_SECOND)
    quoted = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, order: Order, withdrawal_days: int, **kwargs: Any) -> None:
        self._order = order
        super().__init__(*args, withdrawal_days=withdrawal_days, **kwargs)
        for name in ("key", "offer", "country", "capacity"):
            del self.fields[name]

    def buyer_said(self) -> tuple[str, str]:
        """As their last order of the subscription says."""
        return self._order.country, self._order.buyer_capacity


@dataclass(frozen=True)
class _Page:
    """A plan that a subscription is to change to."""

    subscription: Subscription
    version: ProductVersion
    order: Order


@require_safe
@for_account(Act.BILLING)
def plans(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Show the plans that a subscription can change to."""
    subscription = own_subscription(request, subscription_id)
    now = clock.now()
    if stopped := _stopped(subscription, now):
        messages.info(request, stopped)
        return redirect("billing")
    context = {
        "subscription": subscription,
        "others": queries.plans_to_change_to(subscription=subscription, now=now),
    }
    return render(request, "billing/change_plan.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@for_account(Act.BILLING)
def change(request: TenantRequest, subscription_id: str, plan: str) -> HttpResponse:
    """Show what changing to a plan costs, now and with the renewal; on POST change to it."""
    subscription = own_subscription(request, subscription_id)
    if plan == subscription.product_version.sku:  # as after a second press
        return _not_offered(request, subscription_id, plan)
    page = _Page(subscription, _offered(subscription, plan), _last_order(subscription))
    days = withdrawals.days_in(terms.pinned(catalog.edition_in_force("refund", clock.now())))
    form, problem, status = None, "", 200
    if request.method == "POST":
        form = ChangeForm(request.POST, order=page.order, withdrawal_days=days)
        try:
            return _done(request, page, form)
        except forms.ValidationError:
            status = 422
        except catalog.NotOnSale:  # a look found that it was paid, or it was withdrawn just now
            return _not_offered(request, subscription_id, plan)
        except (operations.ChangeRefused, operations.ConsentMissing) as refused:
            problem, status, form = _sentence(refused), 409, None
        except (ProcessorDown, ProcessorRefused) as stopped:
            log.warning("a change of plan stopped: %s", stopped)
            problem, status, form = unreachable(), 503, None
    try:
        quote, unquoted = _quote(request, page)
    except catalog.NotOnSale:
        return _not_offered(request, subscription_id, plan)
    except operations.ChangeRefused as refused:
        messages.info(request, problem or _sentence(refused))
        return redirect("billing")
    context = {
        **_shown(page, quote),
        "form": _opened(form, page, quote, days),
        "problem": problem or unquoted,
    }
    return render(request, "billing/change_to.html", context, status=status)


@require_safe
@never_cache
@for_account(Act.BILLING)
def pay(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Lead to the processor's page for a change that waits for its payment; else to Billing."""
    own_subscription(request, subscription_id)
    try:
        page = operations.change_page(
            account_id=request.account.id, subscription_id=subscription_id, now=clock.now()
        )
    except (ProcessorDown, ProcessorRefused):
        messages.error(request, unreachable())
        return redirect("billing")
    if not page:
        messages.info(request, _("There’s nothing left to pay for this change."))
    return redirect(page or "billing")


@for_account(Act.BILLING)
@form_of("billing")
def undo(request: TenantRequest, subscription_id: str) -> HttpResponse:
    """Take a change back that isn't paid, or not in force, yet."""
    own_subscription(request, subscription_id)
    try:
        operations.undo_change(
            account_id=request.account.id,
            subscription_id=subscription_id,
            actor=Actor.user(request.user.pk),
            now=clock.now(),
        )
        messages.success(request, _("The change was undone. You weren’t charged."))
    except operations.NoOpenChange:
        messages.info(request, _("There’s no change left to undo."))
    except (operations.NotChangeable, operations.ChangeBeingPaid) as refused:
        messages.info(request, _sentence(refused))
    except (ProcessorDown, ProcessorRefused):
        messages.error(request, unreachable())
    return redirect("billing")


def _done(request: TenantRequest, page: _Page, form: ChangeForm) -> HttpResponse:
    """Change the plan and return to Billing; raises what the operations raise, and ValidationError
    where the form lacks something.
    """
    asked: dict[str, Any] = {
        "account_id": request.account.id,
        "subscription_id": page.subscription.pk,
        "sku": page.version.sku,
        "actor": Actor.user(request.user.pk),
        "now": clock.now(),
    }
    if request.POST.get("when") == "renewal":
        operations.change_with_renewal(**asked, offer=request.POST.get("offer", ""))
        messages.success(
            request,
            _("Your subscription renews as %(name)s. You weren’t charged now.")
            % {"name": page.version.name},
        )
        return redirect("billing")
    if not form.is_valid():
        raise forms.ValidationError("")
    note_acceptance(request, request.user)
    change = promises.change_now(
        **asked,
        promised=form.cleaned_data["promised"],
        prorated_at=datetime.fromtimestamp(form.cleaned_data["prorated_at"], UTC),
        quoted=form.cleaned_data["quoted"],
        consents=form.consents(),
    )
    _tell(request, change)
    return redirect("billing")


def _tell(request: TenantRequest, change: PlanChange) -> None:
    amount = money(change.amount_minor or 0, change.to_version.currency)
    words = {"name": change.to_version.name, "amount": amount, "n": change.credits}
    if change.state == PlanChangeState.MADE:
        text = _("You’ve changed to %(name)s for %(amount)s, and %(n)s credits were added.")
        messages.success(request, text % words)
    elif change.state == PlanChangeState.PAYMENT_DUE:
        text = _(
            "Your bank hasn’t approved the payment of %(amount)s. You weren’t charged, and your "
            "subscription hasn’t changed; you can pay below."
        )
        messages.warning(request, text % words)
    elif change.state == PlanChangeState.REQUESTED:
        text = _(
            "The payment service hasn’t confirmed your change to %(name)s yet. We’re checking it "
            "and will email you; you won’t be charged twice."
        )
        messages.info(request, text % words)
    else:
        text = _("The change to %(name)s wasn’t made, and you weren’t charged.")
        messages.info(request, text % words)


def _quote(request: TenantRequest, page: _Page) -> tuple[operations.ChangeQuote | None, str]:
    """What it costs now, or none where it can only follow with the renewal, and why none where
    that isn't the plan's own nature.
    """
    now = clock.now()
    try:
        quote = operations.quote_change(
            account_id=request.account.id,
            subscription_id=page.subscription.pk,
            sku=page.version.sku,
            prorated_at=now.replace(microsecond=0),
            now=now,
        )
    except operations.OnlyWithRenewal:
        return None, ""
    except (ProcessorDown, ProcessorRefused) as stopped:
        log.warning("a change of plan has no quote: %s", stopped)
        return None, unreachable()
    return quote, ""


def _opened(
    form: ChangeForm | None, page: _Page, quote: operations.ChangeQuote | None, days: int
) -> ChangeForm | None:
    """The form under the present quote; what was missing in the one that was sent is still said."""
    if quote is None:
        return None
    shown = {"prorated_at": int(quote.prorated_at.timestamp()), "quoted": quote.digest}
    if form is None:
        return ChangeForm(initial=shown, order=page.order, withdrawal_days=days)
    return ChangeForm(dict(form.data.items()) | shown, order=page.order, withdrawal_days=days)


def _shown(page: _Page, quote: operations.ChangeQuote | None) -> dict[str, object]:
    now, version = clock.now(), page.version
    dearer = queries.is_dearer(version, page.subscription.product_version)
    edition = catalog.edition_in_force("refund", now)
    lines: tuple[PromisedLine, ...] = ()
    if quote is not None:
        lines = promised.change_lines(
            subscription=page.subscription,
            version=version,
            amount_minor=quote.amount_minor,
            credits_added=quote.credits,
            prorated_at=quote.prorated_at,
            text=terms.pinned(edition),
            now=now,
        )
    return {
        "promise": shown_promise(lines),
        "subscription": page.subscription,
        "present": page.subscription.product_version,
        "version": version,
        "quote": quote,
        "is_smaller": not dearer,
        "left": credits_left(page.subscription, now),
        "edition": edition,
        "renewal_offer": operations.renewal_offer(version, now),
        "disclosures": operations.change_disclosures(version),
    }


def _not_offered(request: TenantRequest, subscription_id: str, sku: str) -> HttpResponse:
    """Say why a plan can't be changed to: it is theirs, maybe since a moment ago, or is gone."""
    if sku == own_subscription(request, subscription_id).product_version.sku:
        messages.info(request, _("You have this plan already. You weren’t charged again."))
    else:
        messages.info(request, _("This plan isn’t offered any more. You weren’t charged."))
    return redirect("billing")


def _offered(subscription: Subscription, sku: str) -> ProductVersion:
    others = queries.plans_to_change_to(subscription=subscription, now=clock.now())
    version = next((one for one in others if one.sku == sku), None)
    if version is None:
        raise Http404
    return version


def _last_order(subscription: Subscription) -> Order:
    order = queries.last_order(subscription)
    if order is None:
        raise Http404
    return order


def _stopped(subscription: Subscription, now: datetime) -> str:
    """Why nothing can be changed now; empty where it can."""
    if queries.open_change(subscription=subscription) is not None:
        return str(_PROBLEMS[operations.ChangeUnderWay.code])
    return "" if queries.is_changeable(subscription=subscription, now=now) else str(_REFUSED)


def _sentence(problem: CodedError) -> str:
    return str(_PROBLEMS[problem.code])
