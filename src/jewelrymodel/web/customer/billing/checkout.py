"""The page before the payment: what is bought, on which terms, and the way to the processor."""

import logging
import re
import uuid

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog import terms
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.infra import clock
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import operations, rules
from jewelrymodel.payments.checkout_agreement import Buyer
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.promises import operations as promises
from jewelrymodel.promises import queries as promised
from jewelrymodel.web import cookies
from jewelrymodel.web.customer.billing.forms import CheckoutForm, start_with
from jewelrymodel.web.customer.billing.order_status import problem_sentence, second_plan_refusal
from jewelrymodel.web.customer.billing.promise_words import shown_promise
from jewelrymodel.web.legal_acceptance import note_acceptance
from jewelrymodel.web.tenant import TenantRequest, for_account

DEVICE_COOKIE = "device"
MAX_USER_AGENT = 500
_DEVICE = re.compile(r"[0-9a-f]{32}")
_STATUS: dict[type[CodedError], int] = {
    operations.ConsentMissing: 422,
    operations.OfferChanged: 409,
    operations.AlreadySubscribed: 409,
    operations.KeyReused: 409,
    operations.NotChargeable: 409,
    ProcessorRefused: 502,
    ProcessorDown: 503,
}

log = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
@for_account(Act.BILLING)
def checkout(request: TenantRequest, sku: str) -> HttpResponse:
    """Show the offer; on POST place the order and lead to the payment page."""
    now = clock.now()
    version = _sold(sku)
    edition = catalog.edition_in_force("refund", now)
    shown = operations.disclosures(version)
    offer = rules.offer_digest(version.id, edition.sha256, shown, settings.AUTOMATIC_TAX)
    device = device_of(request)
    text = terms.pinned(edition)
    days = withdrawals.days_in(text)
    form = CheckoutForm(initial=_opening(request, offer), withdrawal_days=days)
    status, problem = 200, ""
    if request.method == "POST":
        form, status = CheckoutForm(request.POST, withdrawal_days=days), 422
        if form.is_valid():
            try:
                return remember_device(_start(request, version, form, device), device)
            except tuple(_STATUS) as stopped:
                log.warning("checkout stopped: %s", stopped)
                status = next(one for kind, one in _STATUS.items() if isinstance(stopped, kind))
                problem = problem_sentence(stopped)
                if isinstance(stopped, operations.OfferChanged | operations.KeyReused):
                    form = _with_fresh_key(form, offer)
    country, capacity = form.buyer_said()
    lines = promised.checkout_lines(
        version=version, text=text, country=country, capacity=capacity, now=now
    )
    context = {
        "form": form,
        "promise": shown_promise(lines),
        "problem": problem,
        "refusal": second_plan_refusal(request.account.id, version),
        "version": version,
        "edition": edition,
        "disclosures": shown,
    }
    return remember_device(render(request, "billing/checkout.html", context, status=status), device)


def _sold(sku: str) -> ProductVersion:
    try:
        return catalog.product_on_sale(sku, clock.now())
    except catalog.NotOnSale:
        raise Http404 from None


def _opening(request: TenantRequest, offer: str) -> dict[str, str]:
    """Return the form's first values; what was chosen meanwhile decides which boxes to show."""
    names = ("key", "country", "capacity")
    chosen = {name: request.GET[name] for name in names if name in request.GET}
    return start_with(request.account, offer) | chosen


def _start(
    request: TenantRequest, version: ProductVersion, form: CheckoutForm, device: str
) -> HttpResponse:
    """Return the way to the payment page, or to the order where nothing is left to pay."""
    choices = form.cleaned_data
    note_acceptance(request, request.user)
    started = promises.start_checkout(
        account_id=request.account.id,
        version_id=version.id,
        buyer=buyer_of(request, choices["country"], choices["capacity"], device),
        consents=form.consents(),
        offer=choices["offer"],
        promised=choices["promised"],
        idempotency_key=choices["key"],
        now=clock.now(),
    )
    if started.url:
        return HttpResponseRedirect(started.url)
    return redirect("payment", order_id=started.order.id)


def _with_fresh_key(form: CheckoutForm, offer: str) -> CheckoutForm:
    """Return the form as it was sent, ready for a new order under the present offer."""
    sent = dict(form.data.items()) | {"key": uuid.uuid4().hex, "offer": offer}
    return CheckoutForm(sent, withdrawal_days=form.withdrawal_days)


def buyer_of(request: TenantRequest, country: str, capacity: str, device: str) -> Buyer:
    """Return who buys, and over which connection."""
    return Buyer(
        user_id=request.user.pk,
        email=request.user.email,
        country=country,
        capacity=capacity,
        ip=request.META.get("REMOTE_ADDR") or None,
        user_agent=request.headers.get("User-Agent", "")[:MAX_USER_AGENT],
        device_id=device,
        origin=request.build_absolute_uri("/").rstrip("/"),
    )


def device_of(request: TenantRequest) -> str:
    """Return this browser's own mark: evidence that the same one bought before (disputes)."""
    device_id = cookies.read(request, DEVICE_COOKIE)
    return device_id if _DEVICE.fullmatch(device_id) else uuid.uuid4().hex


def remember_device(response: HttpResponse, device: str) -> HttpResponse:
    """Return the response that keeps this browser's mark for a year."""
    cookies.keep(response, DEVICE_COOKIE, device)
    return response
