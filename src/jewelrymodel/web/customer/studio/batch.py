"""Many photos at once: the account's batches, one batch, and the files that are sent to it."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.limits import MAX_BATCH_PHOTOS
from jewelrymodel.generation.models import Batch, Photo
from jewelrymodel.generation.rules.size_units import SizeUnit
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.photo import MAX_BYTES, PhotoRefused
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.library.deletion import last_deleted
from jewelrymodel.web.customer.studio.batch_cards import (
    Card,
    card_of,
    typed_card,
    unit_options,
)
from jewelrymodel.web.customer.studio.batch_example import EXAMPLE
from jewelrymodel.web.customer.studio.batch_refusals import refused_file
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.customer.studio.size_form import KINDS
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

PAGE = 20
MOST_CARDS = 50  # that a page asks for at once
_KEPT = (PhotoRefused, operations.PhotoKnown)
_STOPPED = (operations.BatchFull, operations.TooManyWaiting, rate_limiter.TooOften)


@require_http_methods(["GET", "POST"])
@for_account(Act.STUDIO)
def batches(request: TenantRequest) -> HttpResponse:
    """Show the account's batches, or begin one."""
    if request.method == "POST":
        row = operations.begin_batch(account_id=request.account.id, now=clock.now())
        return redirect("batch", batch_id=row.pk)
    rows = queries.batches(account_id=request.account.id)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "most": MAX_BATCH_PHOTOS, "examples": EXAMPLE}
    return render(request, "studio/batches.html", context)


@require_GET
@for_account(Act.STUDIO)
def batch(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Show a batch: where photos are dropped, how far they are, what waits for approval."""
    return batch_page(request, batch_of(request, batch_id))


def batch_page(
    request: TenantRequest,
    row: Batch,
    *,
    problem: str = "",
    problems: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    """Return the page of a batch; *problems* are what is wrong with its cards, by photo."""
    photos = queries.batch_photos(row)
    if request.method == "POST":
        cards = [typed_card(one, request.POST, problems.get(one.pk, "")) for one in photos]
    else:
        cards = [card_of(one) for one in photos]
    context = {
        "batch": row,
        "cards": cards,
        "count": len(cards),
        "room": MAX_BATCH_PHOTOS - len(cards),
        "most": MAX_BATCH_PHOTOS,
        "shown": sum(card.is_shown for card in cards),
        "ready": sum(card.looks_right for card in cards),
        "kinds": KINDS,
        "units": unit_options(SizeUnit.MM),
        "refused_files": [refused_file(one) for one in row.refused_files],
        "groups": queries.joinable(photos),
        "problem": problem,
        "problems": len(problems),
        "first_problem": next((card.photo.pk for card in cards if card.problem), ""),
        "deleted": last_deleted(request),
        **progress_context(row, photos),
    }
    status = 422 if problem or problems else 200
    return render(request, "studio/batch.html", context, status=status)


def progress_context(row: Batch, photos: Collection[Photo]) -> dict[str, Any]:
    """Return how far the cutouts and the images of a batch are; its seller knows that from now."""
    images = queries.image_progress(row)
    if images.has_news:
        operations.see_batch(batch=row, now=clock.now())
    return {
        "batch": row,
        "cutouts": queries.cutout_progress(photos),
        "images": images,
        "failed": queries.failed_items(row) if images.failed else [],
    }


@for_account(Act.STUDIO)
@form_of("batch")
def upload(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Take a file, or several from a browser without scripts; scripts get what became of it."""
    row = batch_of(request, batch_id)
    sentence, is_over = "", False
    answer: dict[str, Any] = {}
    for file in request.FILES.getlist("photo"):
        try:
            rate_limits.count_or_refuse(
                rate_limits.BATCH_UPLOADS, account_id=request.account.id, now=clock.now()
            )
            photo = operations.upload_to_batch(
                account_id=request.account.id,
                batch_id=row.pk,
                file_name=file.name or "",
                data=file.read(MAX_BYTES + 1),
                again="again" in request.POST,
                now=clock.now(),
            )
            answer = {"photo": photo.pk}
        except _KEPT as refused:
            _keep(row, file.name or "", refused)
            sentence = refusal_text(refused)
            answer = {"sentence": sentence, "known": _page_of_known(refused)}
        except _STOPPED as stopped:
            sentence, is_over = refusal_text(stopped), True
            answer = {"sentence": sentence, "stopped": True}
            break
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(answer, status=422 if sentence else 200)
    if is_over:
        return batch_page(request, row, problem=sentence)
    return redirect("batch", batch_id=row.pk)


def _keep(row: Batch, file_name: str, refused: CodedError) -> None:
    operations.note_refused(
        account_id=row.account_id, batch_id=row.pk, file_name=file_name, refusal=refused
    )


def _page_of_known(refused: CodedError) -> str:
    photo_id = refused.params.get("photo_id")
    return reverse("photo", args=[photo_id]) if photo_id else ""


@for_account(Act.STUDIO)
@form_of("batch")
def forget(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Dismiss what is said about a file that was refused."""
    or_404(
        lambda: operations.forget_refused(
            account_id=request.account.id,
            batch_id=batch_id,
            file_name=request.POST.get("file", ""),
        )
    )
    return redirect("batch", batch_id=batch_id)


@require_GET
@for_account(Act.STUDIO)
def progress(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Return how far a batch is: sentences for the page, and each photo's state for its card."""
    row = batch_of(request, batch_id)
    context = progress_context(row, queries.batch_photos(row))
    cutouts, images = context["cutouts"], context["images"]
    answer = {
        "states": cutouts.states,
        "html": render_to_string("studio/_batch_progress.html", context, request=request),
        "isOver": cutouts.done == cutouts.total and not images.waiting,
        "images": f"{images.delivered}-{images.failed}",
    }
    return JsonResponse(answer)


@require_GET
@for_account(Act.STUDIO)
def cards(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Return the cards of the photos that the query names, as they are now."""
    row = batch_of(request, batch_id)
    wanted = set(request.GET.getlist("id")[:MOST_CARDS])
    shown: Collection[Card] = [
        card_of(one) for one in queries.batch_photos(row) if one.pk in wanted
    ]
    return render(request, "studio/_batch_cards.html", {"batch": row, "cards": shown})


def batch_of(request: TenantRequest, batch_id: str) -> Batch:
    """Return the account's batch; raises Http404."""
    return or_404(lambda: queries.batch(account_id=request.account.id, batch_id=batch_id))
