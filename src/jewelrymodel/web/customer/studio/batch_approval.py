"""What is done with the cutouts of a batch: typed about, approved, joined to pieces, removed."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Batch, Photo
from jewelrymodel.generation.operations import Deletable
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import clock
from jewelrymodel.web.customer.library.deletion import offer_undo
from jewelrymodel.web.customer.studio.batch import batch_of, batch_page
from jewelrymodel.web.customer.studio.batch_cards import said_in
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

_REFUSED = (operations.NotShown, operations.SizeUnlikely)


@for_account(Act.STUDIO)
@form_of("batch")
def approve(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Approve, keep what was typed, or remove, as the pressed button says."""
    row = batch_of(request, batch_id)
    act = request.POST.get("act", "")
    if act == "save":
        return _save(request, row)
    if act == "remove":
        return _remove(request, row)
    return _approve(request, row)


def _approve(request: TenantRequest, row: Batch) -> HttpResponse:
    ticked = set(request.POST.getlist("photo"))
    shown = [one for one in queries.batch_photos(row) if one.status == PhotoStatus.SHOWN]
    chosen = [one for one in shown if one.pk in ticked]
    said, problems = said_in(request.POST, chosen, needs_size=True)
    _keep_typed(request, row, [one for one in shown if one.pk not in said])
    if problems:
        return batch_page(request, row, problems=problems)
    if not chosen:
        sentence = _("Select at least one cutout that waits for your approval.")
        return batch_page(request, row, problem=sentence)
    try:
        operations.approve_cutouts(
            account_id=row.account_id, batch_id=row.pk, said=said, now=clock.now()
        )
    except _REFUSED as refused:
        return batch_page(request, row, problem=refusal_text(refused))
    count = len(said)
    sentence = ngettext("%(n)s cutout approved.", "%(n)s cutouts approved.", count)
    messages.success(request, sentence % {"n": count})
    return redirect("batch", batch_id=row.pk)


def _save(request: TenantRequest, row: Batch) -> HttpResponse:
    shown = [one for one in queries.batch_photos(row) if one.status == PhotoStatus.SHOWN]
    problems = _keep_typed(request, row, shown)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"problems": problems})
    if problems:
        return batch_page(request, row, problems=problems)
    return redirect("batch", batch_id=row.pk)


def _keep_typed(request: TenantRequest, row: Batch, photos: list[Photo]) -> dict[str, str]:
    """Keep what the form says of these, and return what is wrong with it, by photo."""
    sent = [one for one in photos if request.POST.get(f"{one.pk}-kind")]
    said, problems = said_in(request.POST, sent, needs_size=False)
    if said:
        operations.describe_cutouts(account_id=row.account_id, batch_id=row.pk, said=said)
    return problems


def _remove(request: TenantRequest, row: Batch) -> HttpResponse:
    ids = request.POST.getlist("photo")
    if not ids:
        return batch_page(request, row, problem=_("Select at least one photo first."))
    try:
        pieces, photos = or_404(
            lambda: operations.remove_photos(
                account_id=row.account_id, batch_id=row.pk, photo_ids=ids, now=clock.now()
            )
        )
    except operations.GenerationUnderWay as refused:
        return batch_page(request, row, problem=refusal_text(refused))
    if pieces:
        offer_undo(request, Deletable.PIECE, pieces)
    else:
        offer_undo(request, Deletable.PHOTO, photos)
    return redirect("batch", batch_id=row.pk)


@for_account(Act.STUDIO)
@form_of("batch")
def join(request: TenantRequest, batch_id: str) -> HttpResponse:
    """Make several photos one piece."""
    row = batch_of(request, batch_id)
    try:
        piece = or_404(
            lambda: operations.join_photos(
                account_id=row.account_id,
                batch_id=row.pk,
                photo_ids=request.POST.getlist("photo"),
            )
        )
    except operations.PieceFull as refused:
        return batch_page(request, row, problem=refusal_text(refused))
    sentence = _("These photos are one piece now: %(name)s.")
    messages.success(request, sentence % {"name": piece.name or piece.sku})
    return redirect("batch", batch_id=row.pk)
