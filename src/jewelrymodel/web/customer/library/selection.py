"""What is done with the pieces that were selected, and with collections."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.operations import Deletable
from jewelrymodel.infra import clock
from jewelrymodel.web.customer.library.deletion import delete_and_offer_undo
from jewelrymodel.web.customer.library.downloads import archive
from jewelrymodel.web.customer.library.forms import CollectionForm
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account


@for_account(Act.LIBRARY)
@form_of("library")
def selection(request: TenantRequest) -> HttpResponseBase:
    """Collect, download or delete the selected pieces, as the pressed button says."""
    ids = request.POST.getlist("id")
    act = request.POST.get("act", "")
    if not ids:
        messages.error(request, _("Select at least one piece first."))
    elif act == "download":
        images = queries.images_of(account_id=request.account.id, piece_ids=ids)
        return archive(request, list(images), page="library")
    elif act == "delete":
        delete_and_offer_undo(request, Deletable.PIECE, ids)
    elif act == "collect":
        _collect(request, ids)
    elif act == "take_out":
        collection_id = request.POST.get("from", "")
        operations.take_out(
            account_id=request.account.id, collection_id=collection_id, piece_ids=ids
        )
        messages.success(request, _("Taken out of the collection."))
    return redirect("library")


def _collect(request: TenantRequest, ids: list[str]) -> None:
    form = CollectionForm({"name": request.POST.get("collection", "")})
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
        return
    collection = or_404(
        lambda: operations.collect(
            account_id=request.account.id,
            name=form.cleaned_data["name"],
            piece_ids=ids,
            now=clock.now(),
        )
    )
    messages.success(request, _("Added to %(name)s.") % {"name": collection.name})


@for_account(Act.LIBRARY)
def collection(request: TenantRequest, collection_id: str) -> HttpResponseBase:
    """Rename a collection or end it, as the pressed button says; opened, lead to its pieces."""
    account_id = request.account.id
    or_404(lambda: queries.collections(account_id=account_id).get(pk=collection_id))
    if request.method != "POST":
        return _to_pieces_of(collection_id)
    if request.POST.get("act") == "drop":
        operations.drop_collection(account_id=account_id, collection_id=collection_id)
        messages.success(request, _("The collection is gone; its pieces are still here."))
        return redirect("library")
    form = CollectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
        return _to_pieces_of(collection_id)
    try:
        operations.rename_collection(
            account_id=account_id,
            collection_id=collection_id,
            name=form.cleaned_data["name"],
        )
    except operations.CollectionNameTaken as refused:
        messages.error(request, refusal_text(refused))
    return _to_pieces_of(collection_id)


def _to_pieces_of(collection_id: str) -> HttpResponseBase:
    return redirect(f"{reverse('library')}?{urlencode({'collection': collection_id})}")
