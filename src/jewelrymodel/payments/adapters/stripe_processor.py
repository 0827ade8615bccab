"""The payment processor over the official SDK: the sandbox or the real one, one code path."""

import json
import logging
from dataclasses import replace
from typing import Any, TypeVar

import stripe
from django.conf import settings
from stripe.checkout import Session

from jewelrymodel.payments.adapters.stripe_charges import (
    decline_of,
    intent_status,
    processor_charge,
)
from jewelrymodel.payments.adapters.stripe_client import (
    asked,
    client,
    has_live_key,
    id_at,
    optional,
    payable,
)
from jewelrymodel.payments.adapters.stripe_refunds import with_refunds
from jewelrymodel.payments.adapters.stripe_tax import BREAKDOWN, session_tax
from jewelrymodel.payments.gateway import (
    EventHint,
    ForgedEvent,
    MalformedEvent,
    Processor,
    ProcessorRefused,
)
from jewelrymodel.payments.processor_objects import (
    CheckoutRequest,
    PaymentPage,
    PaymentStatus,
    ProcessorCharge,
    ProcessorCheckout,
    SessionStatus,
)
from jewelrymodel.payments.rules.processor_amounts import received

SIGNATURE_TOLERANCE_S = 300
ORDER_ID = "order_id"  # under this name our id rides along in the processor's metadata
LONGEST_ID = 255  # the API's own limit for ids

_ASKED_FOR_TAX: dict[str, Any] = {
    "automatic_tax": {"enabled": True},
    "billing_address_collection": "required",
    "tax_id_collection": {"enabled": True},
}
"""What the payment page asks so that the processor can tell the tax."""

T = TypeVar("T")
log = logging.getLogger(__name__)


def processor() -> Processor:
    """Return the processor that the settings name."""
    return StripeProcessor(client())


class StripeProcessor:
    """``gateway.Processor`` for Stripe's API. Idempotency keys are made of our order's id."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._client = client

    def create_checkout(self, request: CheckoutRequest) -> PaymentPage:
        """See ``gateway.Processor``.

        A customer that can't be sold to is made anew by paying: one who was deleted there, or has
        been billed in another currency, which ties them to it.
        """
        key = f"checkout:{request.order_id}"
        try:
            session = self._create_session(request, key)
        except ProcessorRefused:
            if not request.customer_id:
                raise
            unknown = replace(request, customer_id="")
            session = self._create_session(unknown, f"{key}:without-customer")
        url = optional(session, str, "url")
        if not url:
            raise ProcessorRefused(detail="the processor made a payment page without an address")
        return PaymentPage(session.id, url)

    def _create_session(self, request: CheckoutRequest, key: str) -> Session:
        return asked(
            lambda: self._client.v1.checkout.sessions.create(
                params=_parameters(request), options={"idempotency_key": key}
            ),
            right="checkout_session_write",
        )

    def retrieve_checkout(self, session_id: str) -> ProcessorCheckout:
        """See ``gateway.Processor``."""
        return _seen(
            self._client,
            asked(
                lambda: self._client.v1.checkout.sessions.retrieve(
                    session_id, params={"expand": ["payment_intent.latest_charge", BREAKDOWN]}
                ),
                right="checkout_session_read",
            ),
        )

    def expire_checkout(self, session_id: str) -> None:
        """See ``gateway.Processor``."""
        try:
            asked(
                lambda: self._client.v1.checkout.sessions.expire(session_id),
                right="checkout_session_write",
            )
        except ProcessorRefused as refused:
            log.info("payment page %s was not open any more: %s", session_id, refused)

    def read_event(self, body: bytes, signature: str) -> EventHint:
        """See ``gateway.Processor``. Of the event only ids are kept: the rest is fetched again."""
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(
                text, signature, settings.STRIPE_WEBHOOK_SECRET, SIGNATURE_TOLERANCE_S
            )
            return _hint(json.loads(text))
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise ForgedEvent(detail=str(error)) from error


def _parameters(request: CheckoutRequest) -> Any:
    ours = {ORDER_ID: request.order_id}
    about = {"description": f"{request.order_label} · {request.product_name}", "metadata": ours}
    price: dict[str, Any] = {
        "currency": request.currency.lower(),
        "unit_amount": payable(request.amount_minor, request.currency),
        "product_data": {"name": request.product_name},
    }
    payer: dict[str, Any] = {"customer_email": request.buyer_email}
    if request.customer_id:
        payer = {"customer": request.customer_id}
    if request.tax_behavior:
        price["tax_behavior"] = request.tax_behavior
        payer |= _ASKED_FOR_TAX
    if request.tax_behavior and request.customer_id:
        payer["customer_update"] = {"address": "auto", "name": "auto"}
    kind: dict[str, Any] = {"mode": "payment", "payment_intent_data": about}
    if request.renews_monthly:
        price["recurring"] = {"interval": "month"}
        kind = {"mode": "subscription", "subscription_data": about}
    return {
        **kind,
        "client_reference_id": request.order_id,
        **payer,
        "metadata": ours,
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
    }


def _hint(event: Any) -> EventHint:
    if not isinstance(event, dict) or event.get("object") != "event":
        raise MalformedEvent(detail="this is no event")
    about = _named(_named(event, "data", dict), "object", dict)
    event_id, kind = _named(event, "id", str), _named(event, "type", str)
    metadata = about.get("metadata")
    rode_along = metadata.get(ORDER_ID) if isinstance(metadata, dict) else None
    payload = {
        "type": kind,
        "object": _text(about.get("object")),
        "object_id": _text(about.get("id")),
        ORDER_ID: _text(about.get("client_reference_id")) or _text(rode_along),
    }
    return EventHint(event_id, payload, _not_ours(event))


def _named(doc: dict[str, Any], name: str, kind: type[T]) -> T:
    """What every event has; one that is signed and lacks it is refused, not stumbled over."""
    found = doc.get(name)
    if not isinstance(found, kind) or not found or (kind is str and not _text(found)):
        raise MalformedEvent(detail=f"an event without its {name}")
    return found


def _text(value: object) -> str:
    """A word or an id that can be stored; anything else names nothing."""
    fits = isinstance(value, str) and len(value) <= LONGEST_ID and "\0" not in value
    return str(value) if fits else ""


def _not_ours(event: Any) -> str:
    """Our key sees the objects of one mode and of its own account: why it can't see this one's."""
    is_live = event.get("livemode", has_live_key())
    if is_live is not has_live_key():
        return f"not ours: an event of {'live' if is_live else 'test'} mode"
    account = event.get("account")
    return f"not ours: an event of the connected account {account}" if account else ""


def _seen(client: stripe.StripeClient, session: Session) -> ProcessorCheckout:
    intent = optional(session, stripe.PaymentIntent, "payment_intent")
    currency = (optional(session, str, "currency") or "").upper()
    total = optional(session, int, "amount_total")
    return ProcessorCheckout(
        session_id=session.id,
        order_id=optional(session, str, "client_reference_id") or "",
        status=_word(SessionStatus, optional(session, str, "status"), SessionStatus.UNKNOWN),
        payment=_word(PaymentStatus, session.payment_status, PaymentStatus.UNKNOWN),
        amount_minor=None if total is None else received(total, currency),
        currency=currency,
        charge=_charge(client, session, intent) if intent else None,
        decline=decline_of(intent),
        subscription_id=id_at(session, "subscription"),
        customer_id=id_at(session, "customer"),
        tax_minor=received(optional(session, int, "total_details", "amount_tax") or 0, currency),
        intent=intent_status(intent),
    )


def _charge(
    client: stripe.StripeClient, session: Session, intent: stripe.PaymentIntent
) -> ProcessorCharge | None:
    charge = with_refunds(client, processor_charge(intent))
    return None if charge is None else replace(charge, tax=session_tax(session))


def _word(words: type[T], word: str | None, unknown: T) -> T:
    try:
        return words(word)  # type: ignore[call-arg]  # both are enumerations of words
    except ValueError:
        return unknown
