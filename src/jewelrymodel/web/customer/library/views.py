"""The library: what was made, the photos it was made of, and one image beside its original."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.rules.described_scene import DESCRIBED, scene_in
from jewelrymodel.generation.rules.download_formats import FORMATS, SIZES
from jewelrymodel.generation.statuses import OwnModelPlace
from jewelrymodel.infra import clock
from jewelrymodel.web.customer.library.deletion import last_deleted
from jewelrymodel.web.customer.studio.refusals import DOWNLOAD_SUSPENDED
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404, stored_picture
from jewelrymodel.web.studio_messages.place_labels import SELLER_PLACE_LABELS
from jewelrymodel.web.studio_messages.visible_lines import visible_line
from jewelrymodel.web.tenant import TenantRequest, for_account

PAGE = 24


@require_GET
@for_account(Act.LIBRARY)
def images(request: TenantRequest) -> HttpResponse:
    """Show the account's images, or its favorites."""
    favorites = "favorites" in request.GET
    assets = queries.assets(account_id=request.account.id, favorites=favorites)
    page = Paginator(queries.with_suspended(assets), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "favorites": favorites,
        "deleted": last_deleted(request),
        "sizes": SIZES,
        "formats": FORMATS,
    }
    return render(request, "library/images.html", context)


@require_GET
@for_account(Act.LIBRARY)
def photos(request: TenantRequest) -> HttpResponse:
    """Show the account's photos."""
    rows = queries.photos(account_id=request.account.id)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "deleted": last_deleted(request)}
    return render(request, "library/photos.html", context)


@require_GET
@for_account(Act.LIBRARY)
def asset(request: TenantRequest, asset_id: str) -> HttpResponse:
    """Show one image beside its original, with what is known of it and its downloads."""
    image = _asset(request, asset_id)
    task = image.item.task
    context = {
        "asset": image,
        "item": image.item,
        "task": task,
        "photo": task.photo,
        "photo_is_there": task.photo.deleted_at is None,
        "look": queries.look(image.item.look_id),
        "described": scene_in(task.options) if image.item.look_id == DESCRIBED else None,
        "is_stopped": own_models.is_stopped(image),
        "suspended": DOWNLOAD_SUSPENDED if queries.is_suspended(image) else "",
        "allowed_places": _allowed_places(image),
        "sizes": SIZES,
        "formats": FORMATS,
        "visible_line": visible_line(image),
    }
    return render(request, "library/asset.html", context)


@require_GET
@for_account(Act.LIBRARY)
def picture(request: TenantRequest, asset_id: str) -> HttpResponse:
    """Return the image in the size that pages show."""
    image = _shown(request, asset_id)
    return stored_picture(image.view_key, of_somebody=image.item.own_model_id is not None)


@require_GET
@for_account(Act.LIBRARY)
def small(request: TenantRequest, asset_id: str) -> HttpResponse:
    """Return the image in the size that lists show."""
    image = _shown(request, asset_id)
    try:
        key = operations.small_image(image)
    except FileNotFoundError:
        raise Http404 from None
    return stored_picture(key, of_somebody=image.item.own_model_id is not None)


@for_account(Act.LIBRARY)
@form_of("asset")
def favorite(request: TenantRequest, asset_id: str) -> HttpResponse:
    """Mark an image as a favorite, or not any more."""
    or_404(
        lambda: operations.set_favorite(
            account_id=request.account.id,
            asset_id=asset_id,
            favorite=request.POST.get("favorite") == "yes",
            now=clock.now(),
        )
    )
    return redirect("asset", asset_id=asset_id)


def _asset(request: TenantRequest, asset_id: str) -> Asset:
    return or_404(lambda: queries.asset(account_id=request.account.id, asset_id=asset_id))


def _allowed_places(image: Asset) -> list[str]:
    """Where the person in an image allowed it to be shown, for reading."""
    if image.item.own_model is None:
        return []
    places = image.item.own_model.agreement.places
    return [str(SELLER_PLACE_LABELS[OwnModelPlace(one)]) for one in places]


def _shown(request: TenantRequest, asset_id: str) -> Asset:
    """An image to look at; the person in it may not agree to that any more."""
    image = _asset(request, asset_id)
    if own_models.is_stopped(image):
        raise Http404
    return image
