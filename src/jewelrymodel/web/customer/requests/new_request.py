"""A new request: first what our records and the policy say, then our team where wanted."""

import contextlib
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import terms
from jewelrymodel.infra import clock, formats
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.policy.decision import REFUNDS, Decision
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Assessment, RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules import required_details
from jewelrymodel.support.statuses import Channel
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.requests.case_summary import case_summary
from jewelrymodel.web.customer.requests.damage_form import DamageForm
from jewelrymodel.web.customer.requests.forms import AboutForm, RequestForm
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.former_addresses import former_parameter
from jewelrymodel.web.tenant import TenantRequest, for_account

SIGNED_IN = 3


@require_http_methods(["GET", "POST"])
@former_parameter("ground", now="category")
@for_account(Act.REQUESTS)
def new(request: TenantRequest) -> HttpResponse:
    """Ask what happened; show what our records and the policy say; settle it or open a case."""
    now = clock.now()
    if request.method == "POST":
        return _send(request, now)
    if not {"category", "asked"} & request.GET.keys():
        form = AboutForm(initial=request.GET.dict(), **_of(request))
        return render(request, "requests/about.html", {"form": form})
    about = AboutForm(request.GET, **_of(request))
    if not about.is_valid():
        return render(request, "requests/about.html", {"form": about})
    return _check(request, about, None, now)


def _check(
    request: TenantRequest,
    about: AboutForm,
    form: RequestForm | None,
    now: datetime,
    damage: DamageForm | None = None,
) -> HttpResponse:
    assessment, problem = _assess(request, about, now)
    picked = {name: about.cleaned_data[name] for name in ("category", "order", "task")}
    shown = DecisionDisplay(assessment.decision) if assessment else None
    outage_runs = bool(assessment and remedies.rests_on_running_outage(assessment.decision))
    if shown and outage_runs:
        shown.settles = False
    context = {
        "shown": shown,
        "outage_runs": outage_runs,
        "refund": _refund(assessment.decision) if assessment else "",
        "summary": case_summary(shown, account_id=request.account.id) if shown else None,
        "problem": problem,
        "form": form or RequestForm(initial=picked, **_of(request)),
        "damage": damage or _damage_form(request, about),
        "picked": picked,
        "earlier": _earlier_decisions(request, about.subject()),
        "open_cases": queries.open_about(account_id=request.account.id, subject=about.subject()),
        "days": terms.in_force(now).review_within_business_days,
    }
    is_refused = form is not None or (damage is not None and damage.is_bound)
    return render(request, "requests/check.html", context, status=422 if is_refused else 200)


def _damage_form(
    request: TenantRequest, about: AboutForm, posted: QueryDict | None = None
) -> DamageForm | None:
    """The images to pick from, for a request about damaged ones; the one whose page led here is."""
    if about.cleaned_data["category"] != Category.VISIBLY_BROKEN:
        return None
    return DamageForm(
        posted,
        initial={f"image_{request.GET.get('image', '')}": True},
        account_id=request.account.id,
        task_id=about.cleaned_data["task"],
    )


def _of(request: TenantRequest) -> dict[str, str]:
    """Whose records a form offers, and to whom."""
    return {"account_id": request.account.id, "role": request.membership.role}


def _refund(decision: Decision) -> str:
    """How much money goes back where nothing else happens; empty where something else does."""
    if not decision.remedies or not all(one.kind in REFUNDS for one in decision.remedies):
        return ""
    return formats.money(decision.amount_minor, decision.remedies[0].currency)


def _assess(
    request: TenantRequest, about: AboutForm, now: datetime
) -> tuple[Assessment | None, str]:
    """The self-check; without the processor a person can still be asked."""
    facts = _facts(request, about.cleaned_data["category"], about.subject(), now)
    try:
        return deciding.assess(request=facts, now=now), ""
    except (ProcessorDown, ProcessorRefused):
        return None, _("We can’t reach the payment service, so we can’t check this right now.")
    except deciding.TermsNotAtHand:
        return None, _("This can’t be checked automatically right now.")


def _earlier_decisions(
    request: TenantRequest, subject: Subject
) -> list[tuple[DecisionRecord, list[str]]]:
    """What was decided about the same order or generation, newest first, and how far it is."""
    if not subject.id:
        return []
    rows = remedies.decisions_about(account_id=request.account.id, subject=subject)
    return [(row, [remedies.remedy_status(one) for one in row.remedies.all()]) for row in rows]


def _facts(request: TenantRequest, category: str, subject: Subject, now: datetime) -> RequestFacts:
    named = subject if subject.id else Subject(SubjectKind.ACCOUNT, request.account.id)
    return RequestFacts(
        account_id=request.account.id,
        category=category,
        subject=named,
        requested_at=now,
        identity_level=SIGNED_IN,
    )


def _send(request: TenantRequest, now: datetime) -> HttpResponse:
    rate_limits.count_or_refuse(rate_limits.REQUESTS, account_id=request.account.id, now=now)
    about = AboutForm(request.POST, **_of(request))
    if not about.is_valid():
        return render(request, "requests/about.html", {"form": about}, status=422)
    if request.POST.get("do") == "settle":
        return _settle(request, about, now)
    damage = _damage_form(request, about, request.POST)
    if damage is not None and not damage.is_valid():  # first: what it lacks keeps no pictures
        typed = RequestForm(initial=request.POST.dict(), **_of(request))
        return _check(request, about, typed, now, damage)
    form = RequestForm(request.POST, request.FILES, **_of(request))
    if not form.is_valid():
        return _check(request, about, form, now, damage)
    case = _open(request, form, damage, now)
    messages.success(request, _("Thank you. We’ve received your request."))
    return redirect("request", case_id=case.pk)


def _settle(request: TenantRequest, form: AboutForm, now: datetime) -> HttpResponse:
    """Carry out what our records settle; whatever stands in the way goes to the check again."""
    category, subject = form.cleaned_data["category"], form.subject()
    explanation = _("Resolved by our automatic check.")
    try:
        case = operations.settle_at_once(
            opening=replace(_opening(request, form, explanation), settled=True),
            request=_facts(request, category, subject, now),
            actor=Actor.system("self-check"),
            now=now,
        )
    except deciding.NotForAMachine:
        messages.info(request, _("Our team needs to review this. Nothing was changed."))
        return _check(request, form, None, now)
    except deciding.AlreadyRemedied:
        messages.info(request, _("This was already fixed. Nothing was done twice."))
        return _check(request, form, None, now)
    except (ProcessorDown, ProcessorRefused, deciding.TermsNotAtHand):
        return _check(request, form, None, now)
    with contextlib.suppress(ProcessorDown, ProcessorRefused):  # the queue tries again
        deciding.carry_out(decision_id=case.decision_id, now=now)
    return redirect("request", case_id=case.pk)


def _open(
    request: TenantRequest, form: RequestForm, damage: DamageForm | None, now: datetime
) -> Case:
    data, message = form.cleaned_data, form.message()
    if damage is not None:
        message = f"{damage.summary()}\n\n{message}".strip()
    lacks = required_details.missing_details(
        category=data["category"],
        order=data["order"],
        task=data["task"],
        explanation=message,
        has_proof=bool(data["times"].strip() or form.kept),
    )
    opening = replace(
        _opening(request, form, message),
        lacks=tuple(lacks),
        pictures=form.kept,
        damage=damage.claims() if damage else (),
        consents_to_example=bool(damage and damage.cleaned_data["consents"]),
    )
    return operations.open_case(opening=opening, now=now)


def _opening(request: TenantRequest, form: AboutForm, explanation: str) -> operations.Opening:
    return operations.Opening(
        account_id=request.account.id,
        email=request.user.email,
        identity_level=SIGNED_IN,
        channel=Channel.FORM,
        category=form.cleaned_data["category"],
        subject=form.subject(),
        explanation=explanation,
    )
