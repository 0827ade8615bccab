"""What an agent does in a case: each act once, audited, and refused where the case moved on."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.infra import clock
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.operations import RefundTooLarge
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.support import operations
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.cases import assessed, decide_form, found_case, show
from jewelrymodel.web.desk.forms import SayForm, SortForm

_REFUSALS = (
    deciding.FactsMoved,
    deciding.AlreadyRemedied,
    deciding.NothingChosen,
    deciding.RemedyUnfit,
    operations.CaseOver,
    operations.SenderUnproven,
    operations.EmptyMessage,
    operations.BadPromise,
    RefundTooLarge,
    remedies.TermsNotAtHand,
)
CONFLICT = 409


def sent(
    act: Callable[[StaffRequest, str], HttpResponse],
) -> Callable[[StaffRequest, str], HttpResponse]:
    """Do *act* when its form is sent; whoever opens the address again is led to the case."""

    @wraps(act)
    def led(request: StaffRequest, case_id: str) -> HttpResponse:
        if request.method == "POST":
            return act(request, case_id)
        return redirect("desk_case", case_id=case_id)

    return led


@for_staff()
@sent
def decide(request: StaffRequest, case_id: str) -> HttpResponse:
    """Decide the case as recommended, changed, or denied."""
    case = found_case(case_id)
    form = decide_form(assessed(case)[0], request.POST)
    if not form.is_valid():
        return show(request, case, decide=form, status=422)
    try:
        decision = operations.decide_case(
            case_id=case_id,
            signature=form.cleaned_data["signature"],
            remedies_chosen=form.chosen(),
            reason=form.cleaned_data["reason"],
            user_id=request.user.pk,
            now=clock.now(),
        )
        deciding.carry_out(decision_id=decision.pk, now=clock.now())
        if remedies.waits_for_second(decision):
            messages.info(
                request, _("It waits for a colleague now: one person may not give so much.")
            )
        else:
            messages.success(request, _("Decided. The customer is told by mail, step by step."))
    except operations.CaseOver as refusal:  # its form is gone: a colleague's decision stands there
        messages.error(request, _(str(refusal)))
    except _REFUSALS as refusal:
        form.add_error(None, _(str(refusal)))
        return show(request, found_case(case_id), decide=form, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        messages.info(request, _("The payment service can't be reached; it goes on by itself."))
    return redirect("desk_case", case_id=case_id)


@for_staff()
@sent
def say(request: StaffRequest, case_id: str) -> HttpResponse:
    """Answer, ask, extend, note or close; or take the case into one's hands."""
    case, now, user_id = found_case(case_id), clock.now(), request.user.pk
    if (hands := request.POST.get("do")) in ("mine", "nobodys"):
        whose = user_id if hands == "mine" else None
        operations.assign(case_id=case_id, user_id=whose, by_user_id=user_id, now=now)
        told = _("It is in your hands.") if whose else _("It waits in the queue for anybody.")
        messages.success(request, told)
        return redirect("desk_case", case_id=case_id)
    form = SayForm(request.POST)
    if not form.is_valid():
        return show(request, case, say=form, status=422)
    text = form.cleaned_data["text"]
    acts: dict[str, Callable[[], object]] = {
        "answer": lambda: operations.answer(case_id=case_id, text=text, user_id=user_id, now=now),
        "ask": lambda: operations.ask(case_id=case_id, text=text, user_id=user_id, now=now),
        "note": lambda: operations.add_note(case_id=case_id, text=text, user_id=user_id, now=now),
        "close": lambda: operations.close(case_id=case_id, reason=text, user_id=user_id, now=now),
        "discard": lambda: operations.close(
            case_id=case_id, reason=text, user_id=user_id, tell=False, now=now
        ),
        "extend": lambda: operations.extend(
            case_id=case_id, to=form.until_at(), reason=text, user_id=user_id, now=now
        ),
    }
    try:
        acts[form.cleaned_data["do"]]()
        messages.success(request, _("Done."))
    except _REFUSALS as refusal:
        form.add_error(None, _(str(refusal)))
        return show(request, found_case(case_id), say=form, status=CONFLICT)
    return redirect("desk_case", case_id=case_id)


@for_staff()
@sent
def sort(request: StaffRequest, case_id: str) -> HttpResponse:
    """Correct what the case is about; the facts are looked up anew."""
    case = found_case(case_id)
    form = SortForm(request.POST, account_id=case.account_id or "")
    if not form.is_valid():
        return show(request, case, sort=form, status=422)
    try:
        operations.sort_case(
            case_id=case_id,
            ground=form.cleaned_data["ground"],
            subject=form.cleaned_data["about"],
            verified_records=form.cleaned_data["records"],
            user_id=request.user.pk,
            now=clock.now(),
        )
    except operations.CaseOver as refusal:
        form.add_error(None, _(str(refusal)))
        return show(request, found_case(case_id), sort=form, status=CONFLICT)
    return redirect("desk_case", case_id=case_id)
