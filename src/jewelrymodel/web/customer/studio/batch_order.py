"""One look for the approved pieces of a batch: what all cost, the order, and the one archive."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.products import GenerationPrice
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Batch, Photo, Task
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as ledger_queries
from jewelrymodel.promises import operations as promises
from jewelrymodel.studio.composition import ASPECTS, SQUARE
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.studio.batch import batch_of
from jewelrymodel.web.customer.studio.batch_looks import (
    carried_aspects_of,
    look_for_batch,
    offered,
    suits,
)
from jewelrymodel.web.customer.studio.composition_form import aspects_sent
from jewelrymodel.web.customer.studio.missing_credits import purchase_of
from jewelrymodel.web.customer.studio.new_generation import REFUSALS
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import archive_sent
from jewelrymodel.web.studio_messages.display import file_description
from jewelrymodel.web.tenant import TenantRequest, for_account


@dataclass(frozen=True)
class BatchChoice:
    """What is ordered of a batch, as its purchase has to know it."""

    look_id: str
    aspects: tuple[str, ...]
    photo_ids: tuple[str, ...]

    def images(self) -> int:
        """Return how many images it makes; 0 where it can't be made."""
        return len(self._carried()) * len(self.photo_ids)

    def credits(self, now: datetime) -> int:
        """Return what it costs at *now*; 0 where it can't be made."""
        if not self._carried():
            return 0
        return operations.batch_price(
            self.look_id, self.aspects, pieces=len(self.photo_ids), at=now
        )

    def credits_shown(self, form: QueryDict) -> int | None:
        """Return what it costs by the page that *form* was on; None where that doesn't say."""
        said = form.get("price", "")
        return int(said) if said.isdecimal() else None

    def _carried(self) -> tuple[str, ...]:
        is_known = self.look_id in LOOKS or is_own(self.look_id)
        if not is_known or not set(self.aspects) <= set(ASPECTS):
            return ()
        return carried_aspects_of(self.look_id, self.aspects)


@dataclass(frozen=True)
class Ordered:
    """What a form asks for: a look, formats, and the photos that the look suits, in their order."""

    look_id: str
    aspects: tuple[str, ...]
    photos: tuple[Photo, ...]
    ticked: frozenset[str]

    @property
    def choice(self) -> BatchChoice:
        """What is ordered, by ids."""
        return BatchChoice(self.look_id, self.aspects, tuple(one.pk for one in self.photos))

    @property
    def unsuited(self) -> int:
        """How many of the ticked photos the look doesn't suit."""
        return len(self.ticked) - len(self.photos)


@require_GET
@for_account(Act.STUDIO)
def look(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Show the looks for the approved pieces of a batch, and what they cost."""
    return look_page(request, batch_of(request, batch_id))


def look_page(
    request: TenantRequest,
    row: Batch,
    *,
    problem: str = "",
    short: ledger.NotEnoughCredits | None = None,
    is_bought: bool = False,
) -> HttpResponse:
    """Return that page, with what was asked for and what went wrong with it.

    With *is_bought* it shows what its purchase lacks.
    """
    now = clock.now()
    approved = approved_photos(row)
    sent = request.POST if request.method == "POST" else request.GET
    asked = ordered_in(request, row, approved)
    price = catalog.credit_price(now)
    balance = ledger_queries.balance(row.account_id, now)
    each = _price_of_piece(asked, price)
    formats = len(carried_aspects_of(asked.look_id, asked.aspects)) if each else 0
    covered = balance.available // each if each else 0
    context = {
        "batch": row,
        "photos": approved,
        "looks": offered(row.account_id, approved, price),
        "aspects": [(aspect, aspect in asked.aspects) for aspect in ASPECTS],
        "asked": asked,
        "each": each,
        "price": each * len(asked.photos),
        "cost": _credits(each * len(asked.photos)),
        "available": _credits(balance.available),
        "images": formats * len(asked.photos),
        "covered": min(covered, len(asked.photos)),
        "balance": balance,
        "purchase": purchase_of(
            request.account,
            asked.choice,
            sent,
            available=balance.available,
            now=now,
            is_pressed=is_bought,
        )
        if request.method == "POST"
        else None,
        "buy": reverse("batch_buy", args=[row.pk]),
        "problem": problem,
        "key": sent.get("key") or uuid.uuid4().hex,
    }
    status = 422 if problem or short or is_bought else 200
    return render(request, "studio/batch_look.html", context, status=status)


@for_account(Act.STUDIO)
@form_of("batch_look")
def order(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Order the images of all pieces at the price that the page said; twice the same is once."""
    row, now = batch_of(request, batch_id), clock.now()
    asked = ordered_in(request, row, approved_photos(row))
    said = request.POST.get("price", "")
    if request.POST.get("act") in ("cover", "offer") or not said.isdecimal():
        return look_page(request, row)
    try:
        rate_limits.count_or_refuse(rate_limits.GENERATIONS, account_id=row.account_id, now=now)
        tasks = promises.with_promises(
            lambda: _ordered(request, row, asked, now), account=request.account, now=now
        )
    except ledger.NotEnoughCredits as short:
        return look_page(request, row, short=short)
    except (*REFUSALS, operations.PriceRisen, operations.NoPhotoChosen) as refused:
        return look_page(request, row, problem=refusal_text(refused))
    held = sum(task.credits_held for task in tasks)
    messages.success(
        request, _("Your images are being made; %(n)s credits are held for them.") % {"n": held}
    )
    return redirect("batch", batch_id=row.pk)


def _ordered(request: TenantRequest, row: Batch, asked: Ordered, now: datetime) -> list[Task]:
    """The generations that the form orders, at the price that it says."""
    return operations.order_batch(
        account_id=row.account_id,
        batch_id=row.pk,
        photo_ids=[photo.pk for photo in asked.photos],
        look_id=asked.look_id,
        aspects=asked.aspects,
        idempotency_key=request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        at_most=int(request.POST["price"]),
        now=now,
    )


@require_GET
@for_account(Act.STUDIO)
def archive(request: TenantRequest, batch_id: str) -> HttpResponseBase:
    """Send all finished images of a batch as one archive, made while it is sent."""
    row, now = batch_of(request, batch_id), clock.now()
    images = list(queries.batch_images(row))
    if not images:
        messages.info(request, _("None of this batch’s images is finished yet."))
        return redirect("batch", batch_id=row.pk)
    try:
        rate_limits.count_or_refuse(rate_limits.DOWNLOADS, account_id=row.account_id, now=now)
        chunks = operations.archive_chunks(
            assets=images, fmt=request.GET.get("format", "jpeg"), description=file_description
        )
    except operations.NoSuchFormat:
        raise Http404 from None
    except (operations.DownloadSuspended, rate_limiter.TooOften) as refused:
        context = {"problem": refusal_text(refused)}
        return render(request, "library/refused.html", context, status=422)
    return archive_sent(f"images-{row.created_at:%Y-%m-%d}.zip", chunks)


def approved_photos(row: Batch) -> list[Photo]:
    """Return the approved photos of a batch by piece, the front of each first."""
    photos = [one for one in queries.batch_photos(row) if one.status == PhotoStatus.APPROVED]
    views = ["front", "unknown", "three_quarter", "side", "back"]
    began: dict[str, int] = {}
    for n, photo in enumerate(photos):
        began.setdefault(photo.piece_id, n)
    return sorted(photos, key=lambda one: (began[one.piece_id], views.index(one.view)))


def ordered_in(request: TenantRequest, row: Batch, approved: Sequence[Photo]) -> Ordered:
    """Return what the request asks for; by itself one photo of each piece, in the look and formats
    of the latest order.
    """
    sent = request.POST if request.method == "POST" else _kept(request, row)
    look_id = sent.get("look", row.look_id)
    aspects = aspects_sent(sent) if "aspect" in sent else row.aspects or [SQUARE]
    ticked = {photo.pk for photo in approved} & set(sent.getlist("photo"))
    if "photo" not in sent and request.method != "POST":
        first: dict[str, str] = {}
        for photo in approved:
            first.setdefault(photo.piece_id, photo.pk)
        ticked = set(first.values())
    chosen = look_for_batch(look_id, row.account_id, [one.kind for one in approved])
    suited = [one for one in approved if one.pk in ticked and chosen and suits(chosen, one.kind)]
    if sent.get("act") == "cover":
        covered = sent.get("covered", "")
        suited = suited[: int(covered) if covered.isdecimal() else 0]
        ticked = {one.pk for one in suited}
    return Ordered(look_id, tuple(aspects), tuple(suited), frozenset(ticked))


def _kept(request: TenantRequest, row: Batch) -> QueryDict:
    """What the address says; where that is nothing, what was chosen and waits for its payment."""
    kept = None if request.GET else queries.kept_batch_selection(row, now=clock.now())
    if kept is None:
        return request.GET
    chosen = QueryDict(mutable=True)
    chosen["look"] = kept.request["look_id"]
    chosen.setlist("aspect", kept.request["aspects"])
    chosen.setlist("photo", kept.request["photo_ids"])
    return chosen


def _price_of_piece(asked: Ordered, price: GenerationPrice) -> int:
    """What the asked look and formats cost of one piece; 0 where none is chosen, or none of those
    formats is one that the look comes in.
    """
    is_known = asked.look_id in LOOKS or is_own(asked.look_id)
    if not is_known or not set(asked.aspects) <= set(ASPECTS):
        return 0
    each = price.images[queries.look_kind(asked.look_id)]
    return each * len(carried_aspects_of(asked.look_id, asked.aspects))


def _credits(count: int) -> str:
    return ngettext("%(n)s credit", "%(n)s credits", count) % {"n": count}
