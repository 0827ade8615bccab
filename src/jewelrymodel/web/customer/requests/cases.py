"""The account's requests: their state, the conversation, and each decision."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.accounts.roles import Role
from jewelrymodel.infra import clock, formats
from jewelrymodel.kernel.actors import Actor, ActorKind
from jewelrymodel.policy.decision import canonical, from_json
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.rules.about_money import is_about_money
from jewelrymodel.support.statuses import EntryKind
from jewelrymodel.web.acts import require
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.requests.case_summary import case_summary
from jewelrymodel.web.customer.requests.forms import ReplyForm
from jewelrymodel.web.customer.requests.money import sees_money
from jewelrymodel.web.damage_marks import image_title, mark_of
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.message_text import message_text
from jewelrymodel.web.responses import or_404, stored_picture, whole_text
from jewelrymodel.web.tenant import TenantRequest, for_account

CUSTOMER, SELF_CHECK = str(Actor(ActorKind.CUSTOMER)), str(Actor.system("self-check"))


@require_safe
@for_account(Act.REQUESTS)
def index(request: TenantRequest) -> HttpResponse:
    """List the account's requests, newest first."""
    cases = [one for one in queries.cases(account_id=request.account.id) if _may_read(request, one)]
    decisions = remedies.decisions(account_id=request.account.id)
    outcomes = {one.pk: remedies.decision_heading(one) for one in decisions}
    pending = {one.pk for one in decisions if remedies.awaits_second_approval(one)}
    context = {
        "rows": [
            (one, outcomes.get(one.decision_id, ""), one.decision_id in pending) for one in cases
        ],
        "zone": str(business_days.ZONE),
        "now": clock.now(),
    }
    return render(request, "requests/index.html", context)


@require_http_methods(["GET", "POST"])
@for_account(Act.REQUESTS)
def case(request: TenantRequest, case_id: str) -> HttpResponse:
    """Show one request with its conversation; on POST add a message."""
    case = _own(request, case_id)
    if case.merged_into_id is not None and request.method == "GET":
        return redirect("request", case_id=case.merged_into_id)
    form = ReplyForm()
    if request.method == "POST":
        now = clock.now()
        rate_limits.count_or_refuse(rate_limits.REPLIES, account_id=request.account.id, now=now)
        form = ReplyForm(request.POST, request.FILES)
        if form.is_valid():
            operations.receive_message(
                case_id=case.pk, text=form.cleaned_data["text"], pictures=form.kept, now=now
            )
            messages.success(request, _("Thank you. We’ll reply here and by email."))
            return redirect("request", case_id=case.pk)
    own = dict.fromkeys(one.decision_id for one in queries.grounds(case) if one.decision_id)
    rows = [remedies.decision(decision_id=one, account_id=request.account.id) for one in own]
    decisions = [one for one in rows if _may_read(request, one)]
    context = {
        "case": case,
        "entries": [
            (one, _sender(one), message_text(one.text))
            for one in queries.entries(case_id=case.pk, internal=False)
            if _may_read(request, one.case)  # of a merged one that is about money, who pays
        ],
        "form": form,
        "damage": [
            (one, image_title(one.image), mark_of(one)) for one in queries.reported_images(case)
        ],
        "decisions": [
            (
                one,
                remedies.decision_heading(one),
                Category(one.category).label,
                [remedies.remedy_status(row) for row in one.remedies.all()],
            )
            for one in decisions
        ],
        "decision": decisions[0] if decisions else None,
        "is_pending": any(remedies.awaits_second_approval(one) for one in decisions),
        "appeals_to_another": bool(queries.who_declined(case)) and not settings.SINGLE_OPERATOR,
        "is_late": case.paused_at is None and case.due_at < clock.now(),
        "due": formats.deadline(case.due_at, business_days.ZONE),
    }
    return render(request, "requests/case.html", context, status=422 if form.errors else 200)


@for_account(Act.REQUESTS)
@form_of("request")
def withdraw(request: TenantRequest, case_id: str) -> HttpResponse:
    """Close a request that is no longer needed; a message opens it again."""
    case = _own(request, case_id)
    try:
        operations.withdraw(account_id=request.account.id, case_id=case.pk, now=clock.now())
        messages.success(request, _("Request closed. Send a message at any time to reopen it."))
    except operations.CaseOver:
        messages.info(request, _("This request is already closed. Nothing was changed."))
    return redirect("request", case_id=case.pk)


@for_account(Act.REQUESTS)
@form_of("request")
def example(request: TenantRequest, case_id: str) -> HttpResponse:
    """Allow that the request’s images test our automatic check, or withdraw that."""
    case = _own(request, case_id)
    consents = request.POST.get("consents") == "yes"
    operations.set_example_consent(
        account_id=request.account.id,
        case_id=case.pk,
        consents=consents,
        user_id=request.user.pk,
        now=clock.now(),
    )
    if consents:
        messages.success(request, _("Thank you. You can withdraw this here at any time."))
    else:
        messages.success(request, _("Withdrawn. We no longer use these images for tests."))
    return redirect("request", case_id=case.pk)


@require_safe
@for_account(Act.REQUESTS)
def picture(request: TenantRequest, case_id: str, picture_id: str) -> HttpResponse:
    """Hand out a picture that came with a message."""
    case = _own(request, case_id)
    row = or_404(lambda: queries.picture(case=case, picture_id=picture_id))
    _require(request, row.entry.case)  # as for what it came with
    return stored_picture(row.key)


@require_safe
@for_account(Act.REQUESTS)
def message(request: TenantRequest, case_id: str, entry_id: int) -> HttpResponse:
    """Hand out all of a message that is too long for the page, as plain text."""
    case = _own(request, case_id)
    row = or_404(lambda: queries.entry(case=case, entry_id=entry_id, internal=False))
    _require(request, row.case)  # of a merged one that is about money, who pays
    return whole_text(row.text)


@require_safe
@for_account(Act.REQUESTS)
def decision(request: TenantRequest, decision_id: str) -> HttpResponse:
    """Show a decision: remedies, clauses, the key facts, and how to verify its file."""
    row = _decision(request, decision_id)
    shown = DecisionDisplay(from_json(row.body))
    context = {
        "row": row,
        "heading": remedies.decision_heading(row),
        "shown": shown,
        "summary": case_summary(shown, account_id=request.account.id),
        "remedies": [remedies.remedy_status(one) for one in row.remedies.all()],
    }
    return render(request, "requests/decision.html", context)


@require_safe
@for_account(Act.REQUESTS)
def decision_file(request: TenantRequest, decision_id: str) -> HttpResponse:
    """Hand out the very bytes whose SHA-256 the decision is stored under."""
    row = _decision(request, decision_id)
    name = f'attachment; filename="{row.pk}.json"'
    headers = {"Content-Disposition": name}
    return HttpResponse(canonical(row.body), "application/json", headers=headers)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Let the sender of an email confirm it; a link scanner that only looks confirms nothing.

    The page is the same whether an account exists or not (edge 7).
    """
    try:
        case = operations.case_to_confirm(token=token)
        withdraws, contract = queries.is_read_from_email(case), queries.contract_meant(case)
        if request.method == "POST" and not (withdraws and _is_unasked(request, contract)):
            case = _confirmed(token, withdraws=request.POST.get("do") == "withdraw")
    except signing.BadSignature:
        raise Http404 from None
    is_done = case.identity_level > 1
    context = {
        "done": is_done,
        "withdraws": withdraws,
        "contract": contract,
        "written": [] if is_done else queries.messages_in(case_id=case.pk),
    }
    return render(request, "requests/confirm.html", context)


def _is_unasked(request: HttpRequest, contract: str) -> bool:
    """Whether their page asked nothing about withdrawing, or named another contract: it was read
    so since, and they are asked now.
    """
    is_answered = request.POST.get("do") in ("withdraw", "keep")
    return not is_answered or request.POST.get("contract", contract) != contract


def _confirmed(token: str, *, withdraws: bool) -> Case:
    """The case, its sender proven; one that was read to withdraw is carried out only where they
    say that they mean that.
    """
    if withdraws:
        return operations.confirm_sender(token=token, now=clock.now())
    return operations.confirm_without_withdrawing(token=token, now=clock.now())


def _sender(entry: CaseEntry) -> str:
    """Who wrote an entry, as its customer knows them."""
    if entry.kind == EntryKind.MESSAGE_IN or entry.author == CUSTOMER:
        return _("You")
    if entry.kind == EntryKind.MESSAGE_OUT:
        return settings.BRAND
    return _("Automatic check") if entry.author == SELF_CHECK else _("Our team")


def _own(request: TenantRequest, case_id: str) -> Case:
    row = or_404(lambda: queries.case_of(account_id=request.account.id, case_id=case_id))
    _require(request, row)
    return row


def _decision(request: TenantRequest, decision_id: str) -> DecisionRecord:
    account_id = request.account.id
    row = or_404(lambda: remedies.decision(decision_id=decision_id, account_id=account_id))
    _require(request, row)
    return row


def _may_read(request: TenantRequest, row: Case | DecisionRecord) -> bool:
    is_money = is_about_money(row.category, row.subject_kind)
    return sees_money(request.membership.role) or not is_money


def _require(request: TenantRequest, row: Case | DecisionRecord) -> None:
    if not _may_read(request, row):
        require(Role(request.membership.role), Act.MONEY_REQUESTS)
