"""The page on which a seller corrects a cutout, and what its script asks for."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PHOTO_OPEN, PhotoStatus
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.studio.corrections import CorrectionsRefused
from jewelrymodel.studio.messages import CorrectionProblem, CutoutNote
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.customer.studio.tools import TOOL_BUTTONS
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.studio_messages.display import note_text, reason_text
from jewelrymodel.web.studio_messages.step_labels import step_label
from jewelrymodel.web.tenant import TenantRequest, for_account

OF_CORRECTIONS = (
    CutoutNote.CORRECTIONS_LEFT_NOTHING,
    CutoutNote.CORRECTIONS_WITHOUT_EFFECT,
)
REFUSALS = (
    operations.CutoutChanged,
    operations.NotShown,
    CorrectionsRefused,
    rate_limiter.TooOften,
)
_HTTP_STATUSES = {
    operations.CutoutChanged.code: 409,
    operations.NotShown.code: 409,
    rate_limiter.TooOften.code: 429,
}


@require_http_methods(["GET", "POST"])
@never_cache
@for_account(Act.STUDIO)
def correct(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Show the editor; take corrections (JSON: the list, and the fence that they were begun on)."""
    row = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    if request.method == "POST":
        return _take(request, row)
    if not queries.can_be_corrected(row):
        return redirect("photo", photo_id=row.id)
    context = {"photo": row, "tools": TOOL_BUTTONS, **_pictures(row)}
    return render(request, "studio/correct.html", context)


@require_GET
@never_cache
@for_account(Act.STUDIO)
def state(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Say how far the cutout is, as JSON, and once it is made, where its pictures are."""
    row = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    return JsonResponse(_state(row))


def _take(request: TenantRequest, row: Photo) -> HttpResponse:
    try:
        corrections, fence = _sent(request)
        rate_limits.count_or_refuse(
            rate_limits.CORRECTIONS, account_id=request.account.id, now=clock.now()
        )
        row = operations.correct(
            account_id=request.account.id, photo_id=row.id, corrections=corrections, fence=fence
        )
    except REFUSALS as refused:
        answer = {"code": refused.code, "sentence": refusal_text(refused)}
        return JsonResponse(answer, status=_HTTP_STATUSES.get(refused.code, 422))
    return JsonResponse(_state(row))


def _sent(request: HttpRequest) -> tuple[object, int]:
    """The corrections and the fence in the body; raises CorrectionsRefused."""
    try:
        sent = json.loads(request.body)
        return sent["corrections"], int(sent["fence"])
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise CorrectionsRefused(CorrectionProblem.UNREADABLE) from None


def _state(row: Photo) -> dict[str, Any]:
    if row.status in PHOTO_OPEN:
        begun = row.steps if row.status == PhotoStatus.CUTTING else []
        steps = [step_label(one) for one in begun] or [_("Waiting for a free renderer")]
        return {"open": True, "steps": steps}
    done: dict[str, Any] = {"open": False, "fence": row.fence, "steps": []}
    if row.status == PhotoStatus.REFUSED:
        refused = {**done, "refused": True, "sentence": reason_text(row)}
        return {**refused, **_pictures(row)} if queries.can_be_corrected(row) else refused
    return {**done, **_pictures(row), "notes": _notes(row)}


def _notes(row: Photo) -> list[str]:
    """What the seller should know of how their corrections were worked in."""
    told = [note for note in row.cutout_notes if note["code"] in OF_CORRECTIONS]
    return [note_text(note) for note in told]


def _pictures(row: Photo) -> dict[str, str]:
    """Where the pictures are that change with each cutout; "" for one that there isn't."""
    keys = {
        "cutout": row.cutout_view_key,
        "doubts": row.doubts_view_key,
        "matte": row.matte_key,
    }
    return {
        which: f"{reverse('photo_picture', args=[row.id, which])}?{row.fence}" if key else ""
        for which, key in keys.items()
    }
