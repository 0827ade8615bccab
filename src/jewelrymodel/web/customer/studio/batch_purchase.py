"""Buying the credits that a batch's order lacks: what was chosen is kept with the purchase."""

import logging

from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.generation import operations, queries
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.web.customer.billing.forms import CheckoutForm
from jewelrymodel.web.customer.billing.order_status import problem_sentence
from jewelrymodel.web.customer.studio.batch import batch_of
from jewelrymodel.web.customer.studio.batch_order import (
    approved_photos,
    look_page,
    order,
    ordered_in,
)
from jewelrymodel.web.customer.studio.credit_purchase import to_payment
from jewelrymodel.web.customer.studio.missing_credits import (
    STOPPED,
    begin,
    press_key,
    purchase_of,
)
from jewelrymodel.web.customer.studio.new_generation import REFUSALS
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.tenant import TenantRequest, for_account

log = logging.getLogger(__name__)


@for_account(Act.STUDIO, Act.BILLING)
@form_of("batch_look")
def buy(request: TenantRequest, batch_id: str) -> HttpResponseBase:
    """Order the missing credits together with the images, and lead to the payment page.

    Where the credits have come meanwhile, the images are made at once and nothing is bought. The
    same press again leads to the same order.
    """
    row, now = batch_of(request, batch_id), clock.now()
    choice = ordered_in(request, row, approved_photos(row)).choice
    key = press_key(request, row.pk, choice)
    known = queries.selection_of_key(account_id=row.account_id, key=key)
    if known is not None:  # pressed before: to its payment page, or to what it became
        return redirect("pay_order", order_id=known.order_id)
    available = ledger.balance(row.account_id, now).available
    if purchase_of(request.account, choice, request.POST, available=available, now=now) is None:
        return order(request, batch_id=batch_id)
    edition = catalog.edition_in_force("refund", now)
    form = CheckoutForm(request.POST, withdrawal_days=withdrawals.days_of(edition))
    if not form.is_valid():
        return look_page(request, row, is_bought=True)

    def keep(order_id: str) -> object:
        return operations.keep_batch_selection(
            account_id=row.account_id,
            batch_id=row.pk,
            photo_ids=choice.photo_ids,
            look_id=choice.look_id,
            aspects=choice.aspects,
            key=key,
            order_id=order_id,
            now=now,
        )

    try:
        started = begin(request, choice, form, key=key, keep=keep, now=now)
    except STOPPED as stopped:
        log.warning("a purchase stopped: %s", stopped)
        return look_page(request, row, problem=problem_sentence(stopped))
    except (*REFUSALS, operations.NoPhotoChosen) as refused:
        return look_page(request, row, problem=refusal_text(refused))
    return to_payment(request, started)
