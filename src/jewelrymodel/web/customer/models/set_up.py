"""Marking places on a photo of an own model: handles, a scale, a brush for what is in front."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation.models import OwnModel
from jewelrymodel.generation.operations import own_model_set_up
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.statuses import OwnModelStatus
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.studio.own_model import (
    LENGTHS,
    POINTS,
    TILT_DEG,
    Part,
    SetUp,
    SetUpUnusable,
    set_up_of,
    usual,
)
from jewelrymodel.studio.photo import MAX_BYTES
from jewelrymodel.studio.render_request import ViewRefused
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.models.place_labels import HINTS, LENGTH_LABELS, POINT_LABELS
from jewelrymodel.web.customer.models.refusals import model_refusal
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404, stored_picture
from jewelrymodel.web.tenant import TenantRequest, for_account

_REFUSED = (
    SetUpUnusable,
    ViewRefused,
    own_model_set_up.NotAgreed,
    own_model_set_up.FrontUnreadable,
    own_model_set_up.NothingToShow,
    rate_limiter.TooOften,
)


@require_GET
@for_account(Act.OWN_MODELS)
def page(request: TenantRequest, model_id: str) -> HttpResponse:
    """Show the photo with its handles."""
    model = _own(request, model_id)
    if model.status != OwnModelStatus.AGREED:
        return redirect("own_model", model_id=model.pk)
    part, size = Part(model.kind), (model.width_px, model.height_px)
    set_up = set_up_of(part, model.set_up, size) if model.set_up else usual(part)
    return _page(request, model, set_up)


@for_account(Act.OWN_MODELS)
@form_of("own_model_set_up")
def save(request: TenantRequest, model_id: str) -> HttpResponse:
    """Keep the places as they were confirmed."""
    model = _own(request, model_id)
    try:
        own_model_set_up.set_up_model(
            account_id=request.account.id,
            model_id=model.pk,
            user_id=request.user.pk,
            sent=_sent(request, Part(model.kind)),
            now=clock.now(),
        )
    except SetUpUnusable as refused:
        return _page(request, model, usual(Part(model.kind)), problem=model_refusal(refused))
    except own_model_set_up.NotAgreed:
        return redirect("own_model", model_id=model.pk)
    messages.success(request, _("Saved. You find this look beside the others."))
    return redirect("own_model", model_id=model.pk)


@for_account(Act.OWN_MODELS)
@form_of("own_model_set_up")
def preview(request: TenantRequest, model_id: str) -> HttpResponse:
    """Return a picture of a piece of theirs as the places are now; nothing is kept."""
    model = _own(request, model_id)
    try:
        rate_limits.count_or_refuse(
            rate_limits.PREVIEWS, account_id=request.account.id, now=clock.now()
        )
        content = own_model_set_up.draw_set_up(
            account_id=request.account.id,
            model_id=model.pk,
            sent=_sent(request, Part(model.kind)),
        )
    except _REFUSED as refused:
        return JsonResponse({"sentence": model_refusal(refused)}, status=422)
    headers = {"Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="image/webp", headers=headers)


@for_account(Act.OWN_MODELS)
@form_of("own_model_set_up")
def paint(request: TenantRequest, model_id: str) -> HttpResponse:
    """Keep what was painted as lying in front of the piece."""
    model = _own(request, model_id)
    file = request.FILES.get("front")
    try:
        rate_limits.count_or_refuse(
            rate_limits.CORRECTIONS, account_id=request.account.id, now=clock.now()
        )
        own_model_set_up.paint_front(
            account_id=request.account.id,
            model_id=model.pk,
            data=file.read(MAX_BYTES) if file else b"",
            now=clock.now(),
        )
    except _REFUSED as refused:
        return JsonResponse({"sentence": model_refusal(refused)}, status=422)
    return JsonResponse({})


@require_GET
@for_account(Act.OWN_MODELS)
def front(request: TenantRequest, model_id: str) -> HttpResponse:
    """Return what was painted so far."""
    model = _own(request, model_id)
    if not model.mask_key:
        return redirect("own_model_set_up", model_id=model.pk)
    return stored_picture(model.mask_key, of_somebody=True)


def _own(request: TenantRequest, model_id: str) -> OwnModel:
    return or_404(lambda: own_models.own_model(account_id=request.account.id, model_id=model_id))


def _sent(request: TenantRequest, part: Part) -> dict[str, Any]:
    """What the form says: two numbers for each point, the length, the tilt, where they look."""
    sent = request.POST
    points = {name: (sent.get(f"{name}_x", ""), sent.get(f"{name}_y", "")) for name in POINTS[part]}
    rest = {name: sent[name] for name in ("length_mm", "tilt_deg", "faces") if sent.get(name)}
    return {"points": points, **rest}


def _page(
    request: TenantRequest, model: OwnModel, set_up: SetUp, problem: str = ""
) -> HttpResponse:
    part = set_up.part
    length = LENGTHS[part]
    context = {
        "model": model,
        "problem": problem,
        "points": [
            {"name": name, "label": POINT_LABELS[part][name], "x": x, "y": y}
            for name, (x, y) in set_up.points.items()
        ],
        "set_up": set_up,
        "hint": HINTS[part],
        "length": length,
        "length_label": LENGTH_LABELS[part],
        "has_tilt": part in (Part.HAND, Part.WRIST),
        "has_face": part is Part.EAR,
        "least_tilt": TILT_DEG[0],
        "most_tilt": TILT_DEG[2],
    }
    return render(request, "models/set_up.html", context, status=422 if problem else 200)
