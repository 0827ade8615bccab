"""The library by pieces: all of them, and one with its photos and images."""

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.limits import MAX_PHOTOS
from jewelrymodel.generation.models import Piece
from jewelrymodel.generation.rules.download_formats import FORMATS, SIZES
from jewelrymodel.generation.statuses import PhotoView
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.studio.photo import MAX_BYTES, PhotoRefused
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.library.deletion import last_deleted
from jewelrymodel.web.customer.library.forms import FindForm, FurtherPhotoForm, PieceForm
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

PAGE = 24


@require_GET
@for_account(Act.LIBRARY)
def library(request: TenantRequest) -> HttpResponse:
    """Show the account's pieces that are asked for."""
    collections = list(queries.collections(account_id=request.account.id))
    form = FindForm(request.GET, collections=[(one.id, one.name) for one in collections])
    wanted = form.wanted
    rows = queries.pieces(account_id=request.account.id, wanted=wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "asked": asked.urlencode(),
        "is_found": wanted.excludes,
        "is_filtered": replace(wanted, words="").excludes,
        "collections": collections,
        "collection": next((one for one in collections if one.id == wanted.collection_id), None),
        "deleted": last_deleted(request),
        "sizes": SIZES,
        "formats": FORMATS,
    }
    return render(request, "library/home.html", context)


@require_GET
@for_account(Act.LIBRARY)
def piece(request: TenantRequest, piece_id: str) -> HttpResponse:
    """Show a piece: what it is, its photos by view, its images."""
    row = _piece(request, piece_id)
    return _page(request, row, PieceForm.of(row), FurtherPhotoForm())


@for_account(Act.LIBRARY)
@form_of("piece")
def describe(request: TenantRequest, piece_id: str) -> HttpResponse:
    """Take what a piece is called and what it is."""
    row = _piece(request, piece_id)
    form = PieceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.describe_piece(
                account_id=request.account.id,
                piece_id=piece_id,
                name=said["name"],
                sku=said["sku"],
                kind=said["kind"],
                size_mm=said.get("size_mm"),
            )
        except operations.SkuTaken as refused:
            form.add_error("sku", refusal_text(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("piece", piece_id=piece_id)
    return _page(request, row, form, FurtherPhotoForm(), status=422)


@for_account(Act.LIBRARY)
@form_of("piece")
def add_photo(request: TenantRequest, piece_id: str) -> HttpResponse:
    """Take another photo of a piece, and lead to its cutout."""
    row = _piece(request, piece_id)
    form = FurtherPhotoForm(request.POST, request.FILES)
    if form.is_valid():
        now = clock.now()
        file = form.cleaned_data["photo"]
        try:
            rate_limits.count_or_refuse(rate_limits.UPLOADS, account_id=request.account.id, now=now)
            photo = operations.upload(
                account_id=request.account.id,
                file_name=file.name,
                data=file.read(MAX_BYTES + 1),
                piece_id=row.id,
                view=form.cleaned_data["view"] or PhotoView.UNKNOWN,
                now=now,
            )
        except (PhotoRefused, rate_limiter.TooOften, operations.PieceFull) as refused:
            form.add_error("photo", refusal_text(refused))
        else:
            return redirect("photo", photo_id=photo.id)
    return _page(request, row, PieceForm.of(row), form, status=422)


@for_account(Act.LIBRARY)
@form_of("library_photos")
def name_view(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Say from which side a photo shows its piece."""
    photo = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    view = request.POST.get("view")
    if view in PhotoView.values:
        operations.name_view(account_id=request.account.id, photo_id=photo_id, view=PhotoView(view))
    return redirect("piece", piece_id=photo.piece_id)


def _piece(request: TenantRequest, piece_id: str) -> Piece:
    return or_404(lambda: queries.piece(account_id=request.account.id, piece_id=piece_id))


def _page(
    request: TenantRequest,
    row: Piece,
    form: PieceForm,
    photo_form: FurtherPhotoForm,
    status: int = 200,
) -> HttpResponse:
    photos = queries.photos_of(row)
    images = queries.images_of(account_id=row.account_id, piece_ids=[row.id])
    context = {
        "piece": row,
        "form": form,
        "photo_form": photo_form,
        "photos": photos,
        "views": PhotoView.choices,
        "has_room": len(photos) < MAX_PHOTOS,
        "page": Paginator(queries.with_suspended(images), PAGE).get_page(request.GET.get("page")),
        "deleted": last_deleted(request),
        "sizes": SIZES,
        "formats": FORMATS,
    }
    return render(request, "library/piece.html", context, status=status)
