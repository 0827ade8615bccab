"""Giving an account credits: preview, second approval of many, and taking back what is left."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import CreditGift
from jewelrymodel.ledger.movement_kinds import GiftState
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.gift_display import Ending, Preview, preview_of, rows_of
from jewelrymodel.web.desk.gift_forms import GiftEndForm, GiftForm
from jewelrymodel.web.desk.refusal_messages import CONFLICT, refusal_message
from jewelrymodel.web.form_addresses import form_of

ROWS_OF_A_PAGE = 50
_OVER = (operations.GiftOver, operations.GiftOverAlready)
_REFUSALS = (
    *_OVER,
    accounts.OwnAccount,
    operations.GiftAccountClosed,
    operations.GiftKeyReused,
    operations.GiftNeedsAnother,
    operations.GiftTooEarly,
    operations.NothingLeftOfGift,
    operations.LotStillHeld,
)


@require_safe
@for_staff(Act.GIVE_CREDITS)
def index(request: StaffRequest) -> HttpResponse:
    """Show what waits and what was given, with the form for more."""
    return _page(request, None)


@for_staff(Act.GIVE_CREDITS)
@form_of("desk_gifts")
def give(request: StaffRequest) -> HttpResponse:
    """Show what a gift would do, or give it."""
    now, form = clock.now(), GiftForm(request.POST)
    is_valid = form.is_valid()
    data = form.cleaned_data
    preview = preview_of(data, now)
    is_seen = preview is not None and request.POST.get("seen") == preview.token
    if not is_valid:
        return _page(request, form, preview=preview if is_seen else None, status=422)
    if request.POST.get("do") == "preview":
        return _page(request, form, preview=preview)
    if not is_seen:
        problem = _("Please check this preview first. Nothing was changed.")
        return _page(request, form, preview=preview, problem=problem, status=422)
    try:
        gift = operations.give_credits(
            account_id=data["account"].pk,
            quantity=data["quantity"],
            reason=data["reason"],
            key=data["key"],
            user_id=request.user.pk,
            now=now,
        )
    except _OVER as refused:  # a page of its own: what this one asked for is over
        return _page(request, None, problem=refusal_message(refused), status=CONFLICT)
    except _REFUSALS as refused:
        return _page(request, form, problem=refusal_message(refused), status=CONFLICT)
    if gift.state == GiftState.PENDING_APPROVAL:
        messages.info(request, _("Sent for second approval: above the limit for one person."))
    else:
        words = ngettext("%(n)s credit given.", "%(n)s credits given.", gift.quantity)
        messages.success(request, words % {"n": gift.quantity})
    return redirect("desk_gifts")


@for_staff(Act.GIVE_CREDITS)
@form_of("desk_gifts")
def approve(request: StaffRequest, gift_id: str) -> HttpResponse:
    """Give what somebody else asked for."""
    _known(gift_id)
    try:
        operations.approve_gift(gift_id=gift_id, user_id=request.user.pk, now=clock.now())
    except _REFUSALS as refused:
        return _page(request, None, problem=refusal_message(refused), status=CONFLICT)
    messages.success(request, _("Approved. The credits are on the account."))
    return _back(request)


@for_staff(Act.GIVE_CREDITS)
@form_of("desk_gifts")
def reject(request: StaffRequest, gift_id: str) -> HttpResponse:
    """Refuse what waits; nothing of it is given."""
    return _end(request, gift_id, is_undone=False)


@for_staff(Act.GIVE_CREDITS)
@form_of("desk_gifts")
def undo(request: StaffRequest, gift_id: str) -> HttpResponse:
    """Take back what is left of a gift."""
    return _end(request, gift_id, is_undone=True)


def _end(request: StaffRequest, gift_id: str, *, is_undone: bool) -> HttpResponse:
    _known(gift_id)
    form = GiftEndForm(request.POST, prefix=gift_id)
    if not form.is_valid():
        return _page(request, None, ending=(gift_id, form), status=422)
    act = operations.undo_gift if is_undone else operations.reject_gift
    reason = form.cleaned_data["reason"]
    try:
        gift = act(gift_id=gift_id, reason=reason, user_id=request.user.pk, now=clock.now())
    except _REFUSALS as refused:
        return _page(request, None, problem=refusal_message(refused), status=CONFLICT)
    if is_undone:
        words = ngettext("%(n)s credit taken back.", "%(n)s credits taken back.", gift.taken_back)
        messages.success(request, words % {"n": gift.taken_back})
    else:
        messages.success(request, _("Refused. Nothing was given."))
    return _back(request)


def _known(gift_id: str) -> None:
    if not CreditGift.objects.filter(pk=gift_id).exists():
        raise Http404


def _back(request: StaffRequest) -> HttpResponse:
    """The page of the list on which the form was."""
    asked = request.GET.urlencode()
    return redirect(reverse("desk_gifts") + (f"?{asked}" if asked else ""))


def _page(
    request: StaffRequest,
    form: GiftForm | None,
    *,
    preview: Preview | None = None,
    ending: Ending | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    asked = request.GET.get("account", "").strip()[:254]
    named = accounts.accounts_named(text=asked, also_closed=True) if asked else None
    ids = None if named is None else [one.pk for one in named]
    page = Paginator(queries.gifts_answered(account_ids=ids), ROWS_OF_A_PAGE).get_page(
        request.GET.get("page")
    )
    user_id, now = request.user.pk, clock.now()
    waiting = queries.gifts_waiting(account_ids=ids)
    context = {
        "form": form or GiftForm(initial={"key": uuid.uuid4().hex, "account": asked}),
        "preview": preview,
        "problem": problem,
        "asked": asked,
        "named": named,
        "waiting": rows_of(waiting, ending, user_id=user_id, now=now),
        "answered": rows_of(list(page), ending, user_id=user_id, now=now),
        "page": page,
        "totals": queries.gift_totals(account_ids=ids),
    }
    return render(request, "desk/gifts.html", context, status=status)
