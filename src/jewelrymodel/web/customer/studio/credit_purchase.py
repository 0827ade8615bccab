"""The page of the looks where credits are missing: what is offered there, and buying it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.web.customer.billing.checkout import device_of, remember_device
from jewelrymodel.web.customer.billing.forms import CheckoutForm
from jewelrymodel.web.customer.billing.order_status import problem_sentence
from jewelrymodel.web.customer.studio.missing_credits import (
    STOPPED,
    Choice,
    begin,
    press_key,
    purchase_of,
)
from jewelrymodel.web.customer.studio.new_generation import REFUSALS, generate, looks_page
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.legal_acceptance import note_acceptance
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

log = logging.getLogger(__name__)


@require_GET
@for_account(Act.STUDIO)
def missing(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Return the part of the page that offers what the choice in the query lacks; perhaps empty."""
    photo, now = _photo(request, photo_id), clock.now()
    purchase = purchase_of(
        request.account,
        Choice.sent(request.GET),
        request.GET,
        available=ledger.balance(request.account.id, now).available,
        now=now,
    )
    context = {"buy": reverse("photo_buy", args=[photo.pk]), "purchase": purchase}
    return render(request, "studio/_offer.html", context)


@for_account(Act.STUDIO, Act.BILLING)
@form_of("photo")
def buy(request: TenantRequest, photo_id: str) -> HttpResponseBase:
    """Order the missing credits together with the images, and lead to the payment page.

    Where the credits have come meanwhile, the images are made at once and nothing is bought. The
    same press again leads to the same order.
    """
    photo, now = _photo(request, photo_id), clock.now()
    choice = Choice.sent(request.POST)
    key = press_key(request, photo.id, choice)
    known = queries.selection_of_key(account_id=request.account.id, key=key)
    if known is not None:  # pressed before: to its payment page, or to what it became
        return redirect("pay_order", order_id=known.order_id)
    available = ledger.balance(request.account.id, now).available
    if purchase_of(request.account, choice, request.POST, available=available, now=now) is None:
        return generate(request, photo_id=photo_id)
    edition = catalog.edition_in_force("refund", now)
    form = CheckoutForm(request.POST, withdrawal_days=withdrawals.days_of(edition))
    if not form.is_valid():
        return looks_page(request, photo, is_bought=True)
    note_acceptance(request, request.user)
    try:
        started = begin(
            request, choice, form, key=key, keep=_keeping(photo, choice, key, now), now=now
        )
    except STOPPED as stopped:
        log.warning("a purchase stopped: %s", stopped)
        return looks_page(request, photo, problem=problem_sentence(stopped))
    except REFUSALS as refused:
        return looks_page(request, photo, problem=refusal_text(refused))
    return to_payment(request, started)


def to_payment(request: TenantRequest, started: payments.Checkout) -> HttpResponseBase:
    """Lead to the processor's page, or back where there is nothing to pay any more."""
    paying = HttpResponseRedirect(started.url) if started.url else None
    return remember_device(
        paying or redirect("payment", order_id=started.order.id), device_of(request)
    )


def _keeping(photo: Photo, choice: Choice, key: str, now: datetime) -> Callable[[str], object]:
    """What keeps the choice with its order, by the order's id."""

    def keep(order_id: str) -> object:
        return operations.keep_selection(
            account_id=photo.account_id,
            photo_id=photo.id,
            look_ids=choice.look_ids,
            aspects=choice.aspects,
            generator=choice.generator,
            adjustments=choice.adjustments(),
            without=choice.left_out(),
            scene=dict(choice.scene),
            key=key,
            order_id=order_id,
            now=now,
        )

    return keep


def _photo(request: TenantRequest, photo_id: str) -> Photo:
    return or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
