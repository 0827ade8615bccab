"""Previews of looks, free: a tile's, a larger one placed by hand, and what can't be worn."""

import json

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.generation.rules.size_units import SizeUnit, millimeters
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import clock, rate_limiter, storage
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.composition import ASPECTS, SQUARE, Composition
from jewelrymodel.studio.cutout_quality import MENDABLE_FOR_LOOKS
from jewelrymodel.studio.looks import LookKind
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.studio.composition_form import adjustment_sent
from jewelrymodel.web.customer.studio.new_generation import REFUSALS, looks_page
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.customer.studio.size_form import usual_mm
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404, stored_picture
from jewelrymodel.web.studio_messages.display import reason_and_advice
from jewelrymodel.web.tenant import TenantRequest, for_account

REFUSED = (*REFUSALS, operations.ViewRefused)
_FOR_SCRIPTS = "application/json"


@for_account(Act.STUDIO)
@form_of("photo")
def preview(request: TenantRequest, photo_id: str, look_id: str) -> HttpResponse:
    """Make a small watermarked preview, free; scripts get where it is, others the page with it."""
    photo = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    aspect = request.POST.get("aspect", SQUARE)
    for_scripts = request.headers.get("Accept") == _FOR_SCRIPTS
    try:
        make_preview(request, photo, look_id, aspect)
    except REFUSED as refused:
        if for_scripts:
            return _refusal(refused)
        return looks_page(request, photo, problem=refusal_text(refused))
    address = redirect("photo_preview_picture", photo_id=photo.id, look_id=look_id)["Location"]
    if for_scripts:
        version = queries.preview_key(photo, look_id, aspect)[-12:-5]
        return JsonResponse({"picture": f"{address}?aspect={aspect}&{version}"})
    response = redirect("photo", photo_id=photo.id)
    response["Location"] += f"?preview={look_id}&aspect={aspect}#{look_id}"
    return response


def make_preview(request: TenantRequest, photo: Photo, look_id: str, aspect: str) -> None:
    """Make a preview, counted; one that is there already costs nobody anything and isn't."""
    if storage.exists(queries.preview_key(photo, look_id, aspect)):
        return
    _count(request)
    operations.make_preview(
        account_id=request.account.id, photo_id=photo.id, look_id=look_id, aspect=aspect
    )


@require_GET
@for_account(Act.STUDIO)
def preview_picture(request: TenantRequest, photo_id: str, look_id: str) -> HttpResponse:
    """Return a preview that was made."""
    photo = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    aspect = request.GET.get("aspect", SQUARE)
    if photo.status != PhotoStatus.APPROVED or aspect not in ASPECTS:
        return stored_picture("nothing")
    key = queries.preview_key(photo, look_id, aspect)
    return stored_picture(key, of_somebody=is_own(look_id))


@for_account(Act.STUDIO)
@form_of("photo")
def placement(request: TenantRequest, photo_id: str, look_id: str) -> HttpResponse:
    """Return a larger preview, free, as the piece was placed by hand: a picture whose headers say
    how many millimeters it shows and where the cutout lies in it.
    """
    photo = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    aspect = request.POST.get("aspect", SQUARE)
    try:
        _count(request)
        placed = operations.draw_placement(
            account_id=request.account.id,
            photo_id=photo.id,
            composition=Composition(look_id, aspect, adjustment_sent(request.POST)),
        )
    except REFUSED as refused:
        return _refusal(refused)
    headers = {
        "Cache-Control": "private, no-store",
        "X-Width-Mm": f"{placed.width_mm:.2f}",
        "X-Place": json.dumps([round(value, 6) for value in placed.place]),
    }
    return HttpResponse(placed.content, content_type="image/webp", headers=headers)


@require_GET
@for_account(Act.STUDIO)
def wearable(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Return the part of the approval that says whether the piece can be shown worn."""
    photo = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    kind = request.GET.get("kind", photo.kind)
    worn = [look for look in queries.looks(kind) if look.kind is LookKind.MODEL]
    refused = {}
    if photo.cutout_key and worn:
        refused = operations.refusals_of_looks(
            account_id=request.account.id,
            photo_id=photo.id,
            kind=kind,
            size_mm=_size_mm(request, photo, Kind(kind)),
        )
    context = {
        "worn": [look for look in worn if look.id not in refused],
        "reasons": list(dict.fromkeys(refusal_text(refusal) for refusal in refused.values())),
        "mendable": any(one.code in MENDABLE_FOR_LOOKS for one in refused.values()),
        "photo": photo,
        "has_worn": bool(worn),
        "is_known": kind in set(Kind),
    }
    return render(request, "studio/_wearable.html", context)


def _size_mm(request: TenantRequest, photo: Photo, kind: Kind) -> float:
    """The size that was typed so far, in the usual one's place where it is none yet."""
    unit = request.GET.get("unit", "")
    typed = request.GET.get("size", "")
    size = millimeters(typed, SizeUnit(unit)) if unit in set(SizeUnit) else None
    likely = size is not None and operations.MIN_SIZE_MM <= size <= operations.MAX_SIZE_MM
    return size if size is not None and likely else usual_mm(photo, kind)


def _count(request: TenantRequest) -> None:
    rate_limits.count_or_refuse(
        rate_limits.PREVIEWS, account_id=request.account.id, now=clock.now()
    )


def _refusal(refused: CodedError) -> JsonResponse:
    """What scripts are told; `impossible` where asking again can't help."""
    status = 429 if isinstance(refused, rate_limiter.TooOften) else 422
    sentence = refusal_text(refused)
    reason, advice = reason_and_advice(sentence)
    answer = {
        "sentence": sentence,
        "reason": reason,
        "advice": advice,
        "impossible": isinstance(refused, operations.ViewRefused),
    }
    return JsonResponse(answer, status=status)
