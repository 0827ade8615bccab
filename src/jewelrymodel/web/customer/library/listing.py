"""Listing help for a piece: texts to copy, which image may be used where, and an archive for it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.limits import ALT_TEXT_LENGTH
from jewelrymodel.generation.models import Asset, Piece
from jewelrymodel.generation.rules.own_model_terms import STOPPED
from jewelrymodel.infra import clock, formats, rate_limiter
from jewelrymodel.studio.look_kinds import LookKind
from jewelrymodel.studio.marketplaces import Law, laws
from jewelrymodel.studio.metal_color import MetalColor
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.library.listing_archive import archived
from jewelrymodel.web.customer.library.listing_forms import AltTextsForm, ArchiveForm
from jewelrymodel.web.customer.library.listing_uses import disclosure, kind_of, shops_of
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import archive_sent, or_404
from jewelrymodel.web.studio_messages.display import file_description
from jewelrymodel.web.studio_messages.listing_sentences import LAWS
from jewelrymodel.web.studio_messages.listing_texts import proposed_alt_text, proposed_title
from jewelrymodel.web.studio_messages.look_titles import look_title
from jewelrymodel.web.tenant import TenantRequest, for_account

MOST = 24  # images of a piece, the newest: more are no listing


@require_GET
@for_account(Act.LIBRARY)
def listing(request: TenantRequest, piece_id: str) -> HttpResponse:
    """Show what a listing of this piece needs."""
    return _page(request, _piece(request, piece_id))


@for_account(Act.LIBRARY)
@form_of("piece_listing")
def save_texts(request: TenantRequest, piece_id: str) -> HttpResponse:
    """Keep the alt texts that differ from what is proposed."""
    piece = _piece(request, piece_id)
    assets, _color, proposed = _texts(piece)
    form = AltTextsForm(request.POST, texts=proposed, titles=_titles(assets))
    if not form.is_valid():
        return _page(request, piece, form=form, status=422)
    said = {pk: " ".join(form.cleaned_data[pk].split()) for pk in proposed if pk in request.POST}
    changed = {pk: "" if text == proposed[pk] else text for pk, text in said.items()}
    or_404(lambda: operations.set_alt_texts(account_id=request.account.id, texts=changed))
    messages.success(request, _("Saved."))
    return redirect("piece_listing", piece_id=piece_id)


@for_account(Act.LIBRARY)
@form_of("piece_listing")
def archive(request: TenantRequest, piece_id: str) -> HttpResponseBase:
    """Send an archive of the images that one marketplace takes, with their texts."""
    piece = _piece(request, piece_id)
    form = ArchiveForm(request.POST)
    assets, color, _proposed = _texts(piece)
    shops = {shop.slug: shop for shop in shops_of(assets, queries.photos_of(piece))}
    shop = shops.get(request.POST.get("shop", ""))
    if shop is None or not form.is_valid():
        return _page(request, piece, archive_form=form, status=422)
    if not shop.usable:
        messages.error(
            request, _("None of this piece’s images fits %(shop)s yet.") % {"shop": shop.name}
        )
        return redirect("piece_listing", piece_id=piece_id)
    made = archived(piece, shop, color=color, base=form.cleaned_data["base"])
    now = clock.now()
    try:
        rate_limits.count_or_refuse(rate_limits.DOWNLOADS, account_id=request.account.id, now=now)
        chunks = operations.listing_chunks(
            images=made.images, texts=made.texts, description=file_description
        )
    except (
        operations.AgreementOver,
        operations.DownloadSuspended,
        operations.FileTooLarge,
        rate_limiter.TooOften,
    ) as refused:
        problem = refusal_text(refused)
        return render(request, "library/refused.html", {"problem": problem}, status=422)
    return archive_sent(made.name, chunks)


def _piece(request: TenantRequest, piece_id: str) -> Piece:
    return or_404(lambda: queries.piece(account_id=request.account.id, piece_id=piece_id))


def _texts(piece: Piece) -> tuple[list[Asset], MetalColor | None, dict[str, str]]:
    """A piece's images, the color that is sure of its metal, and what is proposed of each image."""
    rows = queries.images_of(account_id=piece.account_id, piece_ids=[piece.id])
    agreed = rows.exclude(item__own_model__status__in=STOPPED)
    wanted = agreed.select_related("item__task__photo__piece", "item__own_model__agreement")
    assets = list(wanted[:MOST])
    color = operations.color_of_metal(piece)
    return assets, color, {asset.pk: proposed_alt_text(asset, color) for asset in assets}


def _titles(assets: Sequence[Asset]) -> dict[str, str]:
    """What the images are called, by their ids."""
    return {
        asset.pk: asset.item.own_model.name
        if asset.item.own_model
        else look_title(asset.item.look_id)
        for asset in assets
    }


def _page(
    request: TenantRequest,
    piece: Piece,
    *,
    form: AltTextsForm | None = None,
    archive_form: ArchiveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    assets, color, proposed = _texts(piece)
    present = {asset.pk: asset.alt_text or proposed[asset.pk] for asset in assets}
    form = form or AltTextsForm(texts=present, titles=_titles(assets))
    is_virtual = any(
        kind_of(asset) is LookKind.MODEL and asset.item.own_model is None for asset in assets
    )
    context = {
        "piece": piece,
        "title": proposed_title(piece, color),
        "form": form,
        "archive_form": archive_form or ArchiveForm(),
        "images": [
            (asset, form[asset.pk], disclosure(asset))
            for asset in assets
            if asset.pk in form.fields
        ],
        "shops": shops_of(assets, queries.photos_of(piece)),
        "most": MOST if len(assets) == MOST else 0,
        "laws": _laws() if is_virtual else [],
        "alt_text_length": ALT_TEXT_LENGTH,
    }
    return render(request, "library/listing.html", context, status=status)


def _laws() -> list[tuple[Law, str, str]]:
    return [(law, str(LAWS[law.code]), formats.day(law.since)) for law in laws()]
