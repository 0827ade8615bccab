"""A photo's pages: upload, cutout, approval."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PHOTO_OPEN, PhotoStatus, WorkStep
from jewelrymodel.infra import clock, formats, rate_limiter
from jewelrymodel.studio.photo import MAX_BYTES, PhotoRefused
from jewelrymodel.studio.piece_kinds import Kind, KindReason
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.studio.forms import ApproveForm, PhotoForm
from jewelrymodel.web.customer.studio.new_generation import looks_page
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.customer.studio.same_photo import question_about
from jewelrymodel.web.customer.studio.size_form import initial_size, usual_mm
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404, stored_picture
from jewelrymodel.web.studio_messages.step_labels import step_label
from jewelrymodel.web.tenant import TenantRequest, for_account

RECENT = 6


@require_http_methods(["GET", "POST"])
@for_account(Act.STUDIO)
def studio(request: TenantRequest) -> HttpResponse:
    """Show where a photo is dropped, or take one."""
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_take(request, form))
        except (PhotoRefused, rate_limiter.TooOften) as refused:
            form.add_error("photo", refusal_text(refused))
    account_id = request.account.id
    context = {
        "form": form,
        "photos": queries.photos(account_id=account_id)[:RECENT],
        "tasks": queries.open_tasks(account_id=account_id).filter(batch=None),
    }
    return render(request, "studio/home.html", context, status=422 if form.errors else 200)


def _take(request: TenantRequest, form: PhotoForm) -> str:
    """Take the photo, and return the address of its page, or of what is to be asked about it."""
    now = clock.now()
    rate_limits.count_or_refuse(rate_limits.UPLOADS, account_id=request.account.id, now=now)
    file = form.cleaned_data["photo"]
    data = file.read(MAX_BYTES + 1)
    if question := question_about(request, file_name=file.name, data=data):
        return question
    photo = operations.upload(
        account_id=request.account.id, file_name=file.name, data=data, now=now
    )
    return reverse("photo", args=[photo.id])


@require_GET
@for_account(Act.STUDIO)
def photo(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Show a photo at the step where it stands."""
    row = _photo(request, photo_id)
    if row.status == PhotoStatus.APPROVED and "change" not in request.GET:
        return looks_page(request, row)
    form = _form(row) if row.cutout_key and row.status not in PHOTO_OPEN else None
    return render(request, "studio/photo.html", _cutout_page(row, form))


@require_GET
@for_account(Act.STUDIO)
def progress(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Return the part of the photo's page that changes while it is cut out."""
    row = _photo(request, photo_id)
    if row.status in PHOTO_OPEN:
        return render(request, "studio/_cutting.html", _cutout_page(row, None))
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@for_account(Act.STUDIO)
@form_of("photo")
def approve(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Take the seller's approval of the cutout."""
    row = _photo(request, photo_id)
    form = ApproveForm(request.POST, asks_kind=_asks_kind(row))
    if form.is_valid():
        try:
            operations.approve(
                account_id=request.account.id,
                photo_id=photo_id,
                kind=form.cleaned_data["kind"],
                size_mm=form.cleaned_data["size_mm"],
                now=clock.now(),
            )
            undo = f"{reverse('photo', args=[photo_id])}?change"
            messages.success(
                request,
                format_html('{} <a href="{}">{}</a>', _("Cutout approved."), undo, _("Undo")),
            )
            if row.batch_id:
                return redirect(f"{reverse('batch', args=[row.batch_id])}#{photo_id}")
            return redirect("photo", photo_id=photo_id)
        except (operations.NotShown, operations.SizeUnlikely) as refused:
            form.add_error(None, refusal_text(refused))
    return render(request, "studio/photo.html", _cutout_page(row, form), status=422)


@for_account(Act.STUDIO)
@form_of("photo")
def cut_again(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Cut out again: only the part that was chosen, or all parts."""
    row = _photo(request, photo_id)
    kind = request.POST.get("kind", "")
    part = request.POST.get("part", "")
    boxes = row.components
    box = boxes[int(part)] if part.isdecimal() and int(part) < len(boxes) else None
    try:
        rate_limits.count_or_refuse(
            rate_limits.UPLOADS, account_id=request.account.id, now=clock.now()
        )
        operations.cut_again(
            account_id=request.account.id,
            photo_id=photo_id,
            tapped=((box[0] + box[2]) // 2, (box[1] + box[3]) // 2) if box else None,
            kind=kind if kind in set(Kind) else "",
        )
    except (operations.NotShown, rate_limiter.TooOften) as refused:
        form = _form(row)
        form.errors.setdefault("kind", form.error_class([refusal_text(refused)]))
        return render(request, "studio/photo.html", _cutout_page(row, form), status=422)
    return redirect("photo", photo_id=photo_id)


@require_GET
@for_account(Act.STUDIO)
def picture(request: TenantRequest, photo_id: str, which: str) -> HttpResponse:
    """Return one of the photo's own pictures."""
    row = _photo(request, photo_id)
    if which == "small":
        return stored_picture(_small_key(row, operations.small_photo))
    if which == "small-cutout":
        return stored_picture(_small_key(row, operations.small_cutout))
    keys = {
        "original": row.view_key,
        "cutout": row.cutout_view_key,
        "doubts": row.doubts_view_key,
        "matte": row.matte_key,
        "outline": queries.outline_key(row) if _has_outline(row) else "",
    }
    return stored_picture(keys.get(which) or "nothing")


def _small_key(row: Photo, small: Callable[[Photo], str]) -> str:
    try:
        return small(row)
    except FileNotFoundError:
        raise Http404 from None


def _photo(request: TenantRequest, photo_id: str) -> Photo:
    return or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))


def _has_outline(row: Photo) -> bool:
    return row.status in PHOTO_OPEN and WorkStep.FIRST_OUTLINE in row.steps


def _form(row: Photo) -> ApproveForm:
    kind = Kind(row.kind) if row.kind in set(Kind) else Kind.PENDANT
    if _asks_kind(row):
        return ApproveForm(asks_kind=True)
    return ApproveForm(initial=initial_size(kind.value, row.size_mm or usual_mm(row, kind)))


def _asks_kind(row: Photo) -> bool:
    """True where the kind was hardly more than guessed, and nobody has named it yet."""
    return row.kind_reason == KindReason.NOT_SURE and row.size_mm is None


def _is_guess(row: Photo) -> bool:
    return row.size_mm is None or row.has_guessed_size


def _cutout_page(row: Photo, form: ApproveForm | None) -> dict[str, Any]:
    labels = [step_label(one) for one in row.steps] or [_("Waiting for a free renderer")]
    steps = [
        {"label": label, "state": "now" if n == len(labels) - 1 else "done"}
        for n, label in enumerate(labels)
    ]
    parts = [
        {"index": n, "box": box, "view": f"{box[0]} {box[1]} {box[2] - box[0]} {box[3] - box[1]}"}
        for n, box in enumerate(row.components)
    ]
    several = parts if len(parts) > 1 and not row.tapped else []
    return {
        "photo": row,
        "form": form,
        "steps": steps,
        "parts": several,
        "has_outline": _has_outline(row),
        "is_working": bool(row.steps) and row.step != WorkStep.WAITING_FOR_TURN,
        "usual_s": queries.usual_cutting_s() if row.status in PHOTO_OPEN else None,
        "size_is_usual": bool(form) and _is_guess(row) and not _asks_kind(row),
        "can_be_corrected": queries.can_be_corrected(row),
        "retouched_mm2": _retouched_mm2(row) if form else "",
    }


def _retouched_mm2(row: Photo) -> str:
    """The area for reading, by the size that is asked about; "" where nothing was retouched."""
    kind = Kind(row.kind) if row.kind in set(Kind) else Kind.PENDANT
    area = operations.retouched_area(row, kind, row.size_mm or usual_mm(row, kind))
    return formats.number(area, 1) if area else ""
