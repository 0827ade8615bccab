"""Giving an account credits: preview, second approval of many, and taking back what is left."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import CreditGift
from jewelrymodel.ledger.movement_kinds import GiftState
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.actor_names import names
from jewelrymodel.web.desk.gift_forms import GiftEndForm, GiftForm
from jewelrymodel.web.desk.refusal_messages import CONFLICT, refusal_message
from jewelrymodel.web.form_addresses import form_of

_NEWEST = 50
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


@dataclass(frozen=True)
class Preview:
    """What a gift would do, before it is given."""

    account: Account
    people: str
    available: int
    quantity: int
    waits: bool

    @property
    def available_after(self) -> int:
        """What the account could spend then."""
        return self.available + self.quantity


@dataclass(frozen=True)
class Row:
    """One gift as it is listed, with the form that ends it where it can be ended."""

    gift: CreditGift
    asked_by: str
    second_approver: str
    ended_by: str
    left: int
    form: GiftEndForm | None


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
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    account, quantity = data["account"], data["quantity"]
    if request.POST.get("do") == "preview":
        return _page(request, form, preview=_preview(account, quantity, now))
    try:
        gift = operations.give_credits(
            account_id=account.pk,
            quantity=quantity,
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
    return redirect("desk_gifts")


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
    return redirect("desk_gifts")


def _known(gift_id: str) -> None:
    if not CreditGift.objects.filter(pk=gift_id).exists():
        raise Http404


def _preview(account: Account, quantity: int, now: datetime) -> Preview:
    members = accounts.members_of(account_id=account.pk)
    return Preview(
        account=account,
        people=", ".join(one.user.email for one in members),
        available=queries.balance(account.pk, now).available,
        quantity=quantity,
        waits=operations.needs_approval(account_id=account.pk, quantity=quantity, now=now),
    )


def _page(
    request: StaffRequest,
    form: GiftForm | None,
    *,
    preview: Preview | None = None,
    ending: tuple[str, GiftEndForm] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    begun = {"key": uuid.uuid4().hex, "account": request.GET.get("account", "")[:254]}
    waiting, newest = queries.gifts_waiting(), queries.newest_gifts(limit=_NEWEST)
    context = {
        "form": form or GiftForm(initial=begun),
        "preview": preview,
        "problem": problem,
        "waiting": _rows(waiting, ending),
        "given": _rows(newest, ending),
    }
    return render(request, "desk/gifts.html", context, status=status)


def _rows(gifts: list[CreditGift], ending: tuple[str, GiftEndForm] | None) -> list[Row]:
    people = names(
        one for gift in gifts for one in (gift.asked_by, gift.second_approver, gift.ended_by)
    )
    return [
        Row(
            gift=gift,
            asked_by=people[gift.asked_by],
            second_approver=people[gift.second_approver],
            ended_by=people[gift.ended_by],
            left=gift.lot.available if gift.lot else 0,
            form=_ending_form(gift, ending),
        )
        for gift in gifts
    ]


def _ending_form(gift: CreditGift, ending: tuple[str, GiftEndForm] | None) -> GiftEndForm | None:
    """The form as it was sent, where it was refused; none where nothing is left to end."""
    if ending and ending[0] == gift.pk:
        return ending[1]
    has_some = gift.state == GiftState.GIVEN and gift.lot is not None and gift.lot.available
    is_open = gift.state == GiftState.PENDING_APPROVAL
    return GiftEndForm(prefix=gift.pk) if is_open or has_some else None
