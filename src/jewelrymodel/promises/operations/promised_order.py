"""Placing an order together with what was promised for it: both or neither, before anybody pays."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction

from jewelrymodel.catalog import terms
from jewelrymodel.kernel.signing import sign
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.checkout_agreement import Buyer, ConsentKind
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.statuses import UNPAID_STATES
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.promise import PromisedLine
from jewelrymodel.policy.promise_document import PromiseDocument, PromiseKind
from jewelrymodel.promises.models import OrderPromise
from jewelrymodel.promises.queries import checkout_lines


def start_checkout(
    *,
    account_id: str,
    version_id: str,
    buyer: Buyer,
    consents: Collection[ConsentKind],
    offer: str,
    promised: str,
    idempotency_key: str,
    now: datetime,
) -> payments.Checkout:
    """Place the order with its promise (committed first), then lead to its payment page.

    Raises what ``place_order`` raises, and what the payments room's ``continue_to_pay`` does.
    """
    order = place_order(
        account_id=account_id,
        version_id=version_id,
        buyer=buyer,
        consents=consents,
        offer=offer,
        promised=promised,
        idempotency_key=idempotency_key,
        now=now,
    )
    return payments.continue_to_pay(account_id=account_id, order_id=order.pk)


@transaction.atomic
def place_order(
    *,
    account_id: str,
    version_id: str,
    buyer: Buyer,
    consents: Collection[ConsentKind],
    offer: str,
    promised: str,
    idempotency_key: str,
    now: datetime,
) -> Order:
    """Return the order, placed with the signed promise that its page showed (clause 3.4).

    *promised* is the digest of what was shown (``promise_document.shown_sha256``); the same key
    again returns the first order with the first promise. Raises OfferChanged where something else
    would be promised now, NoEdition and PinnedTextDiffers where the text isn't at hand, and what
    the payments room's ``place_order`` raises.
    """
    order = payments.place_order(
        account_id=account_id,
        version_id=version_id,
        buyer=buyer,
        consents=consents,
        offer=offer,
        idempotency_key=idempotency_key,
        now=now,
    )
    known = OrderPromise.objects.filter(pk=order.pk).exists()
    if known or order.state not in UNPAID_STATES:
        return order
    lines = checkout_lines(
        version=order.product_version,
        text=terms.pinned(order.terms_edition),
        country=order.country,
        capacity=order.buyer_capacity,
        now=now,
    )
    if promise_document.shown_sha256(lines) != promised:
        raise payments.OfferChanged
    _keep(order, lines, now)
    return order


def _keep(order: Order, lines: tuple[PromisedLine, ...], now: datetime) -> None:
    said = PromiseDocument(PromiseKind.CHECKOUT, order.account_id, order.pk, now, lines)
    signed = sign(promise_document.write(said), secret=settings.SIGNING_KEY)
    OrderPromise.objects.create(
        order=order,
        account_id=order.account_id,
        document=signed.document,
        sha256=signed.sha256,
        signature=signed.signature,
        public_key=signed.public_key,
        made_at=now,
    )
