"""Buying missing credits where they are missed: one press orders the credits and the images."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.http import QueryDict

from jewelrymodel.accounts.models import Account
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog import terms
from jewelrymodel.catalog.models import ProductVersion, TermsEdition
from jewelrymodel.catalog.products import ProductKind
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo, Selection
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import queries as paid
from jewelrymodel.payments import rules
from jewelrymodel.payments.checkout_agreement import ConsentKind, Statement
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Subscription
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.promises import operations as promises
from jewelrymodel.promises import queries as promised
from jewelrymodel.studio.composition import Adjustment, Composition
from jewelrymodel.web.customer.billing.checkout import buyer_of, device_of
from jewelrymodel.web.customer.billing.forms import CheckoutForm, start_with
from jewelrymodel.web.customer.billing.promise_words import ShownPromise, shown_promise
from jewelrymodel.web.customer.studio.composition_form import (
    adjustments_in,
    aspects_sent,
    pairs_in,
    placed_field,
)
from jewelrymodel.web.customer.studio.scene_form import scene_fields, scene_sent, variants_of
from jewelrymodel.web.customer.studio.shown_prices import credits_shown
from jewelrymodel.web.tenant import TenantRequest

STOPPED: tuple[type[CodedError], ...] = (
    payments.ConsentMissing,
    payments.OfferChanged,
    payments.KeyReused,
    payments.NotChargeable,
    ProcessorRefused,
    ProcessorDown,
)
"""Why a purchase stops before anybody is charged."""

log = logging.getLogger(__name__)


class Buyable(Protocol):
    """What a seller chose to have made, as far as its purchase has to know it."""

    def images(self) -> int:
        """Return how many images it makes; 0 where it can't be made."""

    def credits(self, now: datetime) -> int:
        """Return what it costs at *now*."""

    def credits_shown(self, form: QueryDict) -> int | None:
        """Return what it costs by the page that *form* was on; None where that doesn't say."""


@dataclass(frozen=True)
class Choice:
    """What a seller ticked on the page of the looks, as ``submit`` takes it; `placed` and `without`
    are the form's fields of what was placed by hand and of what can't be shown, `scene` those of
    the scene in their own words.
    """

    look_ids: tuple[str, ...]
    aspects: tuple[str, ...]
    generator: str
    placed: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    scene: tuple[tuple[str, str], ...] = ()

    @classmethod
    def sent(cls, form: QueryDict) -> "Choice":
        """Return what *form* says."""
        return cls(
            look_ids=tuple(form.getlist("look")),
            aspects=tuple(aspects_sent(form)),
            generator=form.get("generator", GeneratorName.EMBEDDED),
            placed=tuple(form.getlist("placed")),
            without=tuple(form.getlist("without")),
            scene=scene_sent(form),
        )

    @classmethod
    def kept(cls, photo: Photo, now: datetime) -> "Choice | None":
        """Return what was chosen for *photo* and waits for its payment."""
        row = queries.kept_selection(photo, now=now)
        return None if row is None else cls.of(row)

    @classmethod
    def of(cls, row: Selection) -> "Choice":
        """Return what was chosen with an order."""
        request: Mapping[str, Any] = row.request
        return cls(
            look_ids=tuple(request["look_ids"]),
            aspects=tuple(request["aspects"]),
            generator=request["generator"],
            placed=tuple(placed_field(*one) for one in request.get("adjustments", ())),
            without=tuple(" ".join(pair) for pair in request.get("without", ())),
            scene=tuple((name, str(value)) for name, value in request.get("scene", {}).items()),
        )

    def query(self) -> dict[str, Any]:
        """Return the parameters of the address at which it is ticked again."""
        return {
            "look": self.look_ids,
            "aspect": self.aspects,
            "generator": self.generator,
            "placed": self.placed,
            "without": self.without,
            **scene_fields(self.scene),
        }

    def adjustments(self) -> dict[tuple[str, str], Adjustment]:
        """Return what was placed by hand; raises OutOfBounds where that can't be read."""
        return adjustments_in(self.placed)

    def left_out(self) -> set[tuple[str, str]]:
        """Return the looks and formats that can't be made."""
        return pairs_in(self.without)

    def images(self) -> int:
        """Return how many images it makes; 0 where it can't be made."""
        return len(self._compositions())

    def credits(self, now: datetime) -> int:
        """Return what it costs at *now*."""
        return sum(self.prices(now))

    def prices(self, now: datetime) -> list[int]:
        """Return what each of its images costs at *now*; none where it can't be made."""
        return [operations.price_of(one, now) for one in self._compositions()]

    def credits_shown(self, form: QueryDict) -> int | None:
        """Return what it costs by the page that *form* was on; None where that doesn't say."""
        kinds = [queries.look_kind(one.look_id) for one in self._compositions()]
        return credits_shown(form.get("prices", ""), kinds)

    def _compositions(self) -> list[Composition]:
        try:
            return operations.compositions_of(
                self.look_ids,
                self.aspects,
                self.adjustments(),
                self.left_out(),
                variants_of(self.scene),
            )
        except (operations.AspectUnknown, operations.NoLookChosen, operations.OutOfBounds):
            return []


@dataclass(frozen=True)
class Purchase:
    """The credit pack that is offered for what is missing, with all that its checkout asks.

    *collecting* is the plan whose renewal is being collected, which may bring them anyway.
    """

    images: int
    credits: int
    missing: int
    version: ProductVersion
    edition: TermsEdition
    offer: str
    disclosures: tuple[Statement, ...]
    promise: ShownPromise
    form: CheckoutForm
    collecting: Subscription | None


def pack_for(choice: Buyable, *, available: int, now: datetime) -> ProductVersion | None:
    """Return the cheapest pack on sale that *choice* can be made with; None where there is none, or
    where nothing is missing.
    """
    missing = choice.credits(now) - available
    packs = (
        one
        for one in catalog.products_on_sale(now)
        if one.kind == ProductKind.PACKAGE and one.credits >= missing > 0
    )
    return min(packs, key=lambda one: (one.price_minor, one.credits), default=None)


def purchase_of(
    account: Account,
    choice: Buyable,
    sent: QueryDict,
    *,
    available: int,
    now: datetime,
    is_pressed: bool = False,
) -> Purchase | None:
    """Return what the page offers where *choice* costs more than is *available*, by ``pack_for``.

    *sent* is what the page says so far, with errors once it *is_pressed*.
    """
    version = pack_for(choice, available=available, now=now)
    if version is None:
        return None
    images, needed = choice.images(), choice.credits(now)
    edition = catalog.edition_in_force("refund", now)
    text = terms.pinned(edition)
    shown = payments.disclosures(version)
    offer = rules.offer_digest(version.id, edition.sha256, shown, settings.AUTOMATIC_TAX)
    said = {name: sent[name] for name in ("country", "capacity") if name in sent}
    ticked = {kind.value: kind.value in sent for kind in ConsentKind}
    form = CheckoutForm(
        sent if is_pressed else None,
        initial=start_with(account, offer) | said | ticked,
        withdrawal_days=withdrawals.days_in(text),
    )
    country, capacity = form.buyer_said()
    lines = promised.checkout_lines(
        version=version, text=text, country=country, capacity=capacity, now=now
    )
    return Purchase(
        images=images,
        credits=needed,
        missing=needed - available,
        version=version,
        edition=edition,
        offer=offer,
        disclosures=shown,
        promise=shown_promise(lines),
        form=form,
        collecting=paid.collecting(account_id=account.id, now=now),
    )


def begin(
    request: TenantRequest,
    choice: Buyable,
    form: CheckoutForm,
    *,
    key: str,
    keep: Callable[[str], object],
    now: datetime,
) -> payments.Checkout:
    """Place the order and *keep* the choice with it, by the order's id, both or neither; then lead
    to the payment page.

    *form* is valid; the same *key* is the same order. Raises STOPPED, and what *keep* raises.
    """
    said = form.cleaned_data
    operations.require_price(choice.credits(now), choice.credits_shown(request.POST))
    version = catalog.product_on_sale(request.POST.get("sku", ""), now)
    with transaction.atomic():
        order = promises.place_order(
            account_id=request.account.id,
            version_id=version.id,
            buyer=buyer_of(request, said["country"], said["capacity"], device_of(request)),
            consents=form.consents(),
            offer=said["offer"],
            promised=said["promised"],
            idempotency_key=key,
            now=now,
        )
        keep(order.pk)
    return payments.continue_to_pay(account_id=request.account.id, order_id=order.pk)


def press_key(request: TenantRequest, subject_id: str, choice: Buyable) -> str:
    """Return what makes a press the same as another: the page, the pack, the buyer, the choice."""
    said = [request.POST.get(name, "") for name in ("key", "sku", "country", "capacity")]
    return sha256(repr((said, subject_id, choice)).encode()).hexdigest()
