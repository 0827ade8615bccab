"""Downloads: an address that is signed, expires, and is only good for the account that asked."""

from collections.abc import Sequence

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.rules.source_types import STRONGEST_TERM
from jewelrymodel.infra import clock, rate_limiter, storage
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import archive_sent, or_404, stored_picture
from jewelrymodel.web.studio_messages.display import file_description
from jewelrymodel.web.studio_messages.visible_lines import visible_line
from jewelrymodel.web.tenant import TenantRequest, for_account

BATCH = 100
_UNUSABLE = (operations.DownloadSuspended, operations.AgreementOver)
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "zip": "application/zip"}


@require_GET
@for_account(Act.LIBRARY)
def download(request: TenantRequest, asset_id: str) -> HttpResponse:
    """Prepare one image in one format and size, and lead to its signed address."""
    asset = or_404(lambda: queries.asset(account_id=request.account.id, asset_id=asset_id))
    fmt, size = request.GET.get("format", "jpeg"), request.GET.get("size", "full")
    try:
        _count(request)
        key = operations.export(
            asset=asset,
            fmt=fmt,
            size=size,
            description=file_description,
            marks=_marks(asset, request.GET),
        )
    except operations.NoSuchFormat:
        raise Http404 from None
    except (*_UNUSABLE, rate_limiter.TooOften) as refused:
        return _refused(request, refusal_text(refused))
    return to_file(request, key, operations.file_name(asset, fmt=fmt, size=size))


@require_GET
@for_account(Act.LIBRARY)
def full(request: TenantRequest, asset_id: str) -> HttpResponse:
    """Return the whole image, to look at it closely: it rests where its download does."""
    asset = or_404(lambda: queries.asset(account_id=request.account.id, asset_id=asset_id))
    try:
        operations.require_usable(asset)
    except _UNUSABLE as refused:
        return _refused(request, refusal_text(refused))
    return stored_picture(asset.image_key, of_somebody=asset.item.own_model_id is not None)


@for_account(Act.LIBRARY)
@form_of("library_images")
def batch(request: TenantRequest) -> HttpResponseBase:
    """Send several images as one archive."""
    wanted = request.POST.getlist("image")
    assets = list(queries.assets(account_id=request.account.id).filter(pk__in=wanted))
    if not wanted or len(assets) != len(set(wanted)):
        messages.error(request, _("Select at least one image first."))
        return redirect("library_images")
    return archive(request, assets, page="library_images")


def archive(request: TenantRequest, assets: Sequence[Asset], *, page: str) -> HttpResponseBase:
    """Send an archive of these images, in the format and size that the form names, made while it is
    sent; back to *page*, which says why, where it is of none or of too many.
    """
    if not assets:
        messages.error(request, _("There are no images in what you selected."))
        return redirect(page)
    if len(assets) > BATCH:
        sentence = _("You selected %(n)s images; an archive takes up to %(most)s at a time.")
        messages.error(request, sentence % {"n": len(assets), "most": BATCH})
        return redirect(page)
    fmt, size = request.POST.get("format", "jpeg"), request.POST.get("size", "full")
    try:
        _count(request)
        chunks = operations.archive_chunks(
            assets=assets,
            fmt=fmt,
            size=size,
            description=file_description,
            marks=lambda asset: _marks(asset, request.POST),
        )
    except operations.NoSuchFormat:
        raise Http404 from None
    except (*_UNUSABLE, rate_limiter.TooOften) as refused:
        return _refused(request, refusal_text(refused))
    return archive_sent(f"images-{clock.now():%Y-%m-%d}.zip", chunks)


@require_GET
@for_account(Act.LIBRARY)
def file(request: TenantRequest, token: str) -> HttpResponseBase:
    """Return what a token names, piece by piece; another account's, a forged or an expired one is
    not found.
    """
    try:
        owner, name, key = storage.unsign(token).split(":", 2)
        if owner != request.account.id:
            raise Http404
        stored = storage.open_stored(key)
    except (signing.BadSignature, FileNotFoundError, ValueError):
        raise Http404 from None
    kind = TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    answer = FileResponse(stored, as_attachment=True, filename=name, content_type=kind)
    answer["Cache-Control"] = "private, no-store"
    return answer


def to_file(request: TenantRequest, key: str, name: str) -> HttpResponse:
    """Lead to the signed address of a stored file, *name* on its seller's machine."""
    return redirect("library_file", token=storage.sign(f"{request.account.id}:{name}:{key}"))


def _marks(asset: Asset, chosen: QueryDict) -> operations.Marks:
    """What the form has the file say beyond what it has to."""
    return operations.Marks(
        source_term=STRONGEST_TERM if chosen.get("term") == "generated" else "",
        line=visible_line(asset) if chosen.get("line") == "yes" else "",
    )


def _count(request: TenantRequest) -> None:
    rate_limits.count_or_refuse(
        rate_limits.DOWNLOADS, account_id=request.account.id, now=clock.now()
    )


def _refused(request: TenantRequest, problem: str) -> HttpResponse:
    return render(request, "library/refused.html", {"problem": problem}, status=422)
