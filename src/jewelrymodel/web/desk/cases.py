"""One request: claim against fact, conversation, recommendation, and the forms of what to do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.money import in_words, minor_digits
from jewelrymodel.policy.amounts import FORMULAS, amounts_of
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Assessment, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import operations, queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.queries import FilledReply
from jewelrymodel.support.statuses import CaseState, Channel
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.case_assessment import assessed, why_not_recommended
from jewelrymodel.web.desk.case_head import case_head
from jewelrymodel.web.desk.case_merge_forms import case_merging
from jewelrymodel.web.desk.case_news import case_news
from jewelrymodel.web.desk.category_labels import category_label
from jewelrymodel.web.desk.confirmed import KeptDecision, kept_decision, pending_decision
from jewelrymodel.web.desk.damage_forms import damage_review_form
from jewelrymodel.web.desk.decision_forms import (
    DeclineForm,
    RecommendationForm,
    RefundLimit,
    RemedyForm,
)
from jewelrymodel.web.desk.ground_forms import grounds_form
from jewelrymodel.web.desk.message_actions import MESSAGE_ACTIONS, MessageAction, message_form
from jewelrymodel.web.desk.queue import CHANNEL_LABELS, sla
from jewelrymodel.web.desk.refusal_messages import (
    refusal_message,
)
from jewelrymodel.web.desk.request_forms import AssignForm, SubjectForm
from jewelrymodel.web.message_text import MessageText, message_text
from jewelrymodel.web.responses import or_404, stored_picture, whole_text

SENDER_IDENTITY = {
    0: gettext_lazy("sender not verified"),
    1: gettext_lazy("sender’s email passed authentication"),
    2: gettext_lazy("sender confirmed by our link"),
    3: gettext_lazy("sender was signed in"),
}
"""The identity ladder (edge 7), in words."""

_DECISION_FORMS: dict[str, type[DeclineForm | RecommendationForm | RemedyForm]] = {
    "recommendation": RecommendationForm,
    "remedy": RemedyForm,
    "decline": DeclineForm,
}


_DECISION_PAGES: dict[str, tuple[str, str | Promise]] = {
    "recommendation": ("desk_approve_recommendation", gettext_lazy("Approve recommendation")),
    "remedy": ("desk_approve_remedy", gettext_lazy("Approve remedy")),
    "decline": ("desk_decline", gettext_lazy("Decline request")),
    "grounds": ("desk_decide_grounds", gettext_lazy("Decide all categories")),
}
"""Where each is sent, and its button."""

FACTS_LATER = gettext_lazy(
    "The facts are loaded again once the decision is carried out, refused or undone."
)
"""Loading them can take seconds, of the ten in which the decision can be undone."""


@dataclass(frozen=True)
class DecisionSummary:
    """A decision about what the request is about: by whom, and how far its remedies are."""

    row: DecisionRecord
    decider: str
    remedies: list[tuple[RemedyRow, str]]


@require_safe
@for_staff(Act.DESK)
def case(request: StaffRequest, case_id: str) -> HttpResponse:
    """Show one request."""
    return show(request, case_or_404(case_id))


@require_safe
@for_staff(Act.DESK)
def picture(request: StaffRequest, case_id: str, picture_id: str) -> HttpResponse:
    """Hand out a picture that came with a message."""
    row = case_or_404(case_id)
    return stored_picture(or_404(lambda: queries.picture(case=row, picture_id=picture_id)).key)


@require_safe
@for_staff(Act.DESK)
def message(request: StaffRequest, case_id: str, entry_id: int) -> HttpResponse:
    """Hand out all of a message that is too long for the page, as plain text."""
    row = case_or_404(case_id)
    return whole_text(
        or_404(lambda: queries.entry(case=row, entry_id=entry_id, internal=True)).text
    )


def _opened_images(request: StaffRequest, case: Case) -> set[str]:
    """The images of it that this person opened, of those whose person doesn't agree any more."""
    if not any(one.is_stopped for one in queries.images_to_review(case)):
        return set()
    return queries.opened_images(case=case, user_id=request.user.pk, now=clock.now())


def case_or_404(case_id: str) -> Case:
    """Return the case; raises Http404."""
    return or_404(lambda: queries.case(case_id=case_id))


def show(
    request: StaffRequest,
    case: Case,
    filled: Mapping[str, forms.Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return the request's page; of the *filled* forms, by name, with what was typed and why not.

    Their names are those of MESSAGE_ACTIONS, ``recommendation``, ``remedy``, ``decline``,
    ``damage``, ``grounds``, ``ground`` and ``subject``.
    """
    filled = filled or {}
    confirmed = pending_decision(case.pk, clock.now())
    assessment, problem = (None, str(FACTS_LATER)) if confirmed else assessed(case)
    grounds = queries.grounds(case)
    own = {one.decision_id for one in grounds if one.decision_id}
    decisions = _decisions(case, own)
    kept = kept_decision(case.pk) if case.is_open else None
    replies = queries.filled_replies(case, now=clock.now())
    drafts = queries.drafts(case_id=case.pk, user_id=request.user.pk)
    if inserted := _inserted(request, replies):
        drafts = {**drafts, "reply": f"{drafts.get('reply', '')}\n\n{inserted}".strip()}
    appeal = queries.appealed_from(case) if case.is_open and not settings.SINGLE_OPERATOR else ""
    is_own_appeal = appeal == str(Actor.user(request.user.pk))
    context = {
        "case": case,
        "category": category_label(case.category),
        "identity": "" if case.channel == Channel.MACHINE else SENDER_IDENTITY[case.identity_level],
        "channel": str(CHANNEL_LABELS[Channel(case.channel)]).lower(),
        "sla": sla(case, clock.now()),
        # Before the messages: what comes meanwhile may not be among them.
        "news": case_news(request.user.pk, case),
        "entries": _with_authors(queries.entries(case_id=case.pk, internal=True)),
        "shown": DecisionDisplay(assessment.decision) if assessment else None,
        "problem": problem,
        "confirmed": confirmed,
        "drafts": drafts,
        "redo": kept.form if kept else "",
        "not_decided": kept.why if kept else "",
        "forms": _forms(case, assessment, filled, kept, drafts, has_grounds=len(grounds) > 1),
        "opened": _opened_images(request, case),
        "kept": None if assessment else _unsent_decision(filled),
        "saved_replies": replies,
        "message_forms": [
            (one, filled.get(one.name) or message_form(one.name, draft=drafts.get(one.name, "")))
            for one in MESSAGE_ACTIONS
            if one.name in filled or _is_offered(one, case, is_own_appeal=is_own_appeal)
        ],
        "why_not_recommended": why_not_recommended(assessment),
        "signature": assessment.signature if assessment else "",
        "refund_facts": _refund_facts(assessment),
        "merging": case_merging(case),
        "head": case_head(case),
        "letters": _letters(case, assessment),
        "assign_form": AssignForm(case, now=clock.now()) if case.is_open else None,
        "appeal": appeal,
        "is_own_appeal": is_own_appeal,
        "may_decide": not is_own_appeal or bool(filled or kept),
        "next": queries.next_to_work_on(user_id=request.user.pk, after=case),
        "decisions": [one for one in decisions if one.row.pk in own],
        "earlier_decisions": [one for one in decisions if one.row.pk not in own],
    }
    return render(request, "desk/case.html", context, status=status)


def _inserted(request: StaffRequest, replies: list[FilledReply]) -> str:
    """The saved reply that the address asks for, where no script inserts it."""
    wanted = request.GET.get("reply", "")
    return next((one.text for one in replies if str(one.id) == wanted), "")


def _is_offered(action: MessageAction, case: Case, *, is_own_appeal: bool) -> bool:
    """Whether it would be done: nothing is offered that is refused when it is sent."""
    if not case.is_open:
        return not action.needs_open and case.state not in (CaseState.CLOSED, CaseState.MERGED)
    if action.needs_clock and case.paused_at is not None:
        return False
    return not (is_own_appeal and action.ends_it)


def decision_form(
    name: str,
    assessment: Assessment | None,
    posted: QueryDict | None = None,
    *,
    kept: KeptDecision | None = None,
    draft: str = "",
) -> DeclineForm | RecommendationForm | RemedyForm:
    """Return the form called *name* of _DECISION_FORMS; unposted, with what is recommended, or
    with what was typed for a decision that came to nothing, and with the reason in *draft*.
    """
    initial: dict[str, Any] = {}
    for one in assessment.decision.remedies[:1] if assessment else ():
        money = Decimal(one.amount_minor).scaleb(-minor_digits(one.currency))
        initial = {"kind": one.kind.value, "amount": money if one.currency else one.credits or None}
    if kept and kept.form == name:
        initial = dict(kept.typed)
    if draft:
        initial["reason"] = draft
    limit = _refund_limit(assessment)
    return _DECISION_FORMS[name](posted, initial=initial, limit=limit, auto_id=f"{name}_%s")


def kept_form(name: str, posted: QueryDict) -> DeclineForm | RecommendationForm | RemedyForm:
    """Return the form called *name* with what was typed, unjudged: nothing can be decided now."""
    kind = _DECISION_FORMS[name]
    return kind(initial=posted.dict(), limit=RefundLimit(), auto_id=f"{name}_%s")


def _unsent_decision(
    filled: Mapping[str, forms.Form],
) -> tuple[forms.Form, str, str | Promise] | None:
    """The decision that can't be made now, its address and its button; None where there is none."""
    for name, form in filled.items():
        if name in _DECISION_PAGES:
            return form, *_DECISION_PAGES[name]
    return None


def _forms(
    case: Case,
    assessment: Assessment | None,
    filled: Mapping[str, forms.Form],
    kept: KeptDecision | None,
    drafts: Mapping[str, str],
    *,
    has_grounds: bool,
) -> dict[str, forms.Form]:
    """The forms of the decision, of the grounds and of the subject, by name."""
    about = {
        "category": case.category,
        "about": case.subject_id,
        "records": "\n".join(case.verified_records),
    }
    account_id = case.account_id or ""
    unfilled: dict[str, forms.Form] = {
        name: decision_form(name, assessment, kept=kept, draft=drafts.get(name, ""))
        for name in _DECISION_FORMS
    }
    if damage := _damage_form(case, kept):
        unfilled["damage"] = damage
    unfilled["subject"] = SubjectForm(initial=about, account_id=account_id, auto_id="subject_%s")
    unfilled["ground"] = SubjectForm(account_id=account_id, auto_id="ground_%s")
    if has_grounds and assessment and "grounds" not in filled:
        typed = dict(kept.typed) if kept and kept.form == "grounds" else {}
        if drafts.get("grounds"):
            typed["reason"] = drafts["grounds"]
        unfilled["grounds"] = grounds_form(case, initial=typed)
    return {**unfilled, **filled}


def _letters(case: Case, assessment: Assessment | None) -> dict[str, str]:
    """What would be emailed if it were decided now: as is recommended, and if it is declined."""
    if assessment is None or not case.is_open:
        return {}
    reason = f"[{_('Reason')}]"
    denial = operations.draft_letter(case, assessment, is_denied=True, reason=reason)
    if not assessment.decision.remedies:
        return {"denial": denial}
    by_hand = any(one.kind is RemedyKind.OTHER for one in assessment.decision.remedies)
    approval = operations.draft_letter(
        case, assessment, is_denied=False, reason=reason if by_hand else ""
    )
    return {"denial": denial, "approval": approval}


def _damage_form(case: Case, kept: KeptDecision | None) -> forms.Form | None:
    """The images to look at, for a request that calls them visibly damaged."""
    if case.category != Category.VISIBLY_BROKEN:
        return None
    return damage_review_form(case, initial=kept.typed if kept and kept.form == "damage" else None)


def _refund_limit(assessment: Assessment | None) -> RefundLimit:
    facts = assessment.decision.facts if assessment else {}
    known = {name: fact.value for name, fact in facts.items()}
    recommended = assessment.decision.remedies if assessment else ()
    unfit = deciding.why_no_refund(known)
    return RefundLimit(
        currency=str(known.get("charge.currency", "")),
        refundable_minor=int(known.get("charge.refundable_minor", 0)),
        why_no_refund=refusal_message(unfit) if unfit else "",
        is_corrected_by_hand=any(one.kind is RemedyKind.OTHER for one in recommended),
    )


def _refund_facts(assessment: Assessment | None) -> list[str]:
    """What an agent needs to know before a goodwill refund: what is left, and what is unused."""
    facts = assessment.decision.facts if assessment else {}
    if "charge.refundable_minor" not in facts:
        return []
    if why := _refund_limit(assessment).why_no_refund:
        return [why]
    amounts = amounts_of({name: fact.value for name, fact in facts.items()})
    currency = str(facts["charge.currency"].value)
    sentences = [
        _("%(amount)s can still be refunded.")
        % {"amount": in_words(amounts["charge.refundable_minor"], currency)}
    ]
    if amounts.get("lot.remaining_credits"):
        unused = in_words(FORMULAS["unused_share"].compute(amounts), currency)
        sentences.append(_("The unused credits are worth %(amount)s of it.") % {"amount": unused})
    return sentences


def _with_authors(entries: list[CaseEntry]) -> list[tuple[CaseEntry, str, MessageText]]:
    names = actor_names.names(one.author for one in entries)
    return [(one, names[one.author], message_text(one.text)) for one in entries]


def _decisions(case: Case, own: Collection[str]) -> list[DecisionSummary]:
    """The case's own decisions, and every other one about the same subject, newest first."""
    rows = {}
    if case.account_id and case.subject_id:
        subject = Subject(SubjectKind(case.subject_kind), case.subject_id)
        about = remedies.decisions_about(account_id=case.account_id, subject=subject)
        rows = {one.pk: one for one in about}
    for decision_id in sorted(set(own) - set(rows)):
        rows[decision_id] = remedies.decision(decision_id=decision_id)
    names = actor_names.names(one.decided_by for one in rows.values())
    return [
        DecisionSummary(
            row,
            names[row.decided_by],
            [(one, remedies.remedy_status(one)) for one in row.remedies.all()],
        )
        for row in rows.values()
    ]
