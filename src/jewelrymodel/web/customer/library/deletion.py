"""Pieces, photos and images go from the pages, and come back by undoing it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.operations import Deletable
from jewelrymodel.infra import clock
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

_LAST = "last_deleted"  # in the session, until a page has offered to undo it


@dataclass(frozen=True)
class LastDeleted:
    """What was deleted just now, for the page that offers to undo it."""

    what: str
    ids: list[str]

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        count = len(self.ids)
        sentences = {
            Deletable.PIECE: ngettext("%(n)s piece deleted.", "%(n)s pieces deleted.", count),
            Deletable.PHOTO: ngettext("%(n)s photo deleted.", "%(n)s photos deleted.", count),
            Deletable.ASSET: ngettext("%(n)s image deleted.", "%(n)s images deleted.", count),
        }
        return sentences[Deletable(self.what)] % {"n": count}


def last_deleted(request: HttpRequest) -> LastDeleted | None:
    """Return what was deleted since the last page, once."""
    stored: dict[str, Any] | None = request.session.pop(_LAST, None)
    return LastDeleted(**stored) if stored else None


@require_GET
@for_account(Act.LIBRARY)
def deleted(request: TenantRequest) -> HttpResponse:
    """Show what can come back, and until when."""
    found = queries.deleted(account_id=request.account.id, now=clock.now())
    rows = [
        {"what": what, "row": row, "gone_at": queries.gone_at(row.deleted_at)}
        for what, rows_of_kind in (
            (Deletable.PIECE, found.pieces),
            (Deletable.PHOTO, found.photos),
            (Deletable.ASSET, found.assets),
        )
        for row in rows_of_kind
        if row.deleted_at
    ]
    return render(request, "library/deleted.html", {"rows": rows})


@for_account(Act.LIBRARY)
@form_of("library")
def delete(request: TenantRequest) -> HttpResponse:
    """Take what the form names off the pages."""
    what, ids = named(request)
    if ids:
        delete_and_offer_undo(request, what, ids)
    return redirect(_next(request))


@for_account(Act.LIBRARY)
@form_of("library_deleted")
def undo(request: TenantRequest) -> HttpResponse:
    """Bring back what the form names."""
    what, ids = named(request)
    try:
        or_404(
            lambda: operations.undo_deletion(
                account_id=request.account.id, what=what, ids=ids, now=clock.now()
            )
        )
    except (operations.NothingToUndo, operations.SkuTaken, operations.PieceFull) as refused:
        messages.error(request, refusal_text(refused))
    else:
        messages.success(request, _("It’s back."))
    return redirect(_next(request))


def delete_and_offer_undo(request: TenantRequest, what: Deletable, ids: list[str]) -> None:
    """Delete these, and have the next page offer to undo it; say so where it can't be done."""
    try:
        or_404(
            lambda: operations.delete(
                account_id=request.account.id, what=what, ids=ids, now=clock.now()
            )
        )
    except operations.GenerationUnderWay as refused:
        messages.error(request, refusal_text(refused))
    else:
        offer_undo(request, what, ids)


def offer_undo(request: HttpRequest, what: Deletable, ids: list[str]) -> None:
    """Have the next page offer to undo that these were deleted."""
    request.session[_LAST] = {"what": what.value, "ids": ids}


def named(request: HttpRequest) -> tuple[Deletable, list[str]]:
    """Return what a form names: the kind, and the ids; raises Http404 for no such kind."""
    what = request.POST.get("what", "")
    if what not in set(Deletable):
        raise Http404
    return Deletable(what), request.POST.getlist("id") or request.POST.getlist("image")


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, None) else "library"
