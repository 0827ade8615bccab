"""The order's row: what was offered, shown and agreed to, written before anybody can pay."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.models import ProductVersion, TermsEdition
from jewelrymodel.catalog.products import CheckoutTerms, ProductKind
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments import queries, rules
from jewelrymodel.payments.checkout_agreement import Buyer, ConsentKind, Statement
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.number_series import Series
from jewelrymodel.payments.operations.gapless_numbers import take_number
from jewelrymodel.payments.queries import withdrawals


class OfferChanged(CodedError):
    """The offer changed since this page was opened. Nothing was charged; please read it again."""


class ConsentMissing(CodedError):
    """Please tick what is needed to add the credits at once. Nothing was charged."""

    def __init__(self, missing: Collection[ConsentKind]) -> None:
        super().__init__(missing=", ".join(sorted(missing)))
        self.missing = frozenset(missing)


class AlreadySubscribed(CodedError):
    """This account has a plan already. Nothing was charged; you find the plan under Billing."""


class NotChargeable(CodedError):
    """The processor can't charge this price in its currency. No order was placed."""


class KeyReused(CodedError):
    """This page already placed an order with other details. Nothing more was charged.

    Continue to place a new order with these details, or look at the first under Billing.
    """


def place_order(
    *,
    account_id: str,
    version_id: str,
    buyer: Buyer,
    consents: Collection[ConsentKind],
    offer: str,
    idempotency_key: str,
    now: datetime,
) -> Order:
    """Write the order, in one transaction, and note country and capacity on the account.

    *offer* is ``rules.offer_digest`` of what the buyer was shown. The same key again returns the
    first order. Raises OfferChanged, AlreadySubscribed, ConsentMissing, KeyReused or catalog's
    NotChargeable and NotOnSale.
    """
    details = {
        "product_version_id": version_id,
        "country": buyer.country,
        "buyer_capacity": buyer.capacity,
    }
    standing = _standing(account_id, idempotency_key, details)
    if standing is not None:
        return standing
    version, edition = _offered(version_id, offer, now)
    if not rules.chargeable(version.price_minor, version.currency):
        raise NotChargeable(amount_minor=version.price_minor, currency=version.currency)
    require_not_subscribed(account_id=account_id, version=version)
    needed = rules.consents_needed(buyer.country, buyer.capacity)
    if missing := set(needed) - set(consents):
        raise ConsentMissing(missing)
    columns = {
        **details,
        **_money(version),
        **_connection(buyer),
        **accepted(version, edition, needed, now),
        "account_id": account_id,
        "processor_customer_id": queries.processor_customer(
            account_id=account_id, currency=version.currency
        ),
        "idempotency_key": idempotency_key,
        "created_at": now,
        "payable_until_at": now + rules.CHECKOUT_LIFETIME,
        "next_look_at": now + rules.FIRST_LOOK,
    }
    try:
        order = _insert(columns, now)
    except IntegrityError:  # the same click came twice, and the other one was first
        standing = _standing(account_id, idempotency_key, details)
        if standing is None:
            raise
        return standing
    order.product_version = version  # whoever asks for it needn't read it again
    return order


def disclosures(version: ProductVersion) -> tuple[Statement, ...]:
    """Return what a buyer of *version* reads before paying."""
    return rules.disclosures(
        ProductKind(version.kind),
        CheckoutTerms(version.checkout_terms),
        version.checkout_terms_text,
    )


def require_not_subscribed(*, account_id: str, version: ProductVersion) -> None:
    """Raise AlreadySubscribed where *version* is a plan and the account has one that renews."""
    is_plan = version.kind == ProductKind.SUBSCRIPTION
    if is_plan and queries.renews_already(account_id=account_id):
        raise AlreadySubscribed


def _standing(account_id: str, key: str, details: dict[str, Any]) -> Order | None:
    order = Order.objects.filter(account_id=account_id, idempotency_key=key).first()
    if order and any(getattr(order, name) != value for name, value in details.items()):
        raise KeyReused(order=order.label)
    return order


def _offered(version_id: str, offer: str, now: datetime) -> tuple[ProductVersion, TermsEdition]:
    on_sale = (one for one in catalog.products_on_sale(now) if one.id == version_id)
    version = next(on_sale, None)
    if version is None:
        catalog.product_on_sale(catalog.product_version(version_id).sku, now)
        raise OfferChanged
    edition = catalog.edition_in_force("refund", now)
    shown = disclosures(version)
    taxed = settings.AUTOMATIC_TAX
    if rules.offer_digest(version.id, edition.sha256, shown, taxed) != offer:
        raise OfferChanged
    return version, edition


def _money(version: ProductVersion) -> dict[str, Any]:
    return {
        "subtotal_minor": version.price_minor,
        "tax_minor": 0,
        "total_minor": version.price_minor,
        "currency": version.currency,
        "tax_behavior": settings.AUTOMATIC_TAX,
    }


def _connection(buyer: Buyer) -> dict[str, Any]:
    return {
        "placed_by_id": buyer.user_id,
        "buyer_email": buyer.email,
        "ip": buyer.ip,
        "user_agent": buyer.user_agent,
        "device_id": buyer.device_id,
        "return_origin": buyer.origin,
    }


def accepted(
    version: ProductVersion,
    edition: TermsEdition,
    consents: Iterable[ConsentKind],
    now: datetime,
) -> dict[str, Any]:
    """Return the columns that say what a buyer of *version* was shown and agreed to."""
    shown = disclosures(version)
    days = withdrawals.days_of(edition)
    given = [
        Statement(kind.value, rules.consent_text(kind, withdrawal_days=days)) for kind in consents
    ]
    return {
        "terms_edition_id": edition.pk,
        "terms_sha256": edition.sha256,
        "disclosures": [_record(s, "shown_at", now) for s in shown],
        "consents": [_record(s, "given_at", now) for s in given],
    }


def _record(statement: Statement, when: str, now: datetime) -> dict[str, str]:
    terms = {"terms": statement.terms} if statement.terms else {}
    return {
        "id": statement.id,
        "text": statement.text,
        "sha256": rules.digest(statement.text),
        when: now.isoformat(),
        **terms,
    }


@transaction.atomic
def _insert(columns: dict[str, Any], now: datetime) -> Order:
    order = Order.objects.create(
        id=new_id("ord", now=now), number=take_number(Series.ORDER), **columns
    )
    accounts.note_buyer(
        account_id=order.account_id, country=order.country, buyer_capacity=order.buyer_capacity
    )
    return order
