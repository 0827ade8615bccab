"""One case: claim against fact, timeline, recommendation, acts."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.infra import clock
from jewelrymodel.kernel.money import in_words, minor_digits
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.policy.amounts import FORMULAS, amounts_of
from jewelrymodel.policy.decisions import REFUNDS, RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Assessment, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.rules import ZONE
from jewelrymodel.support.statuses import Channel
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.forms import Charged, DecideForm, SayForm, SortForm
from jewelrymodel.web.desk.queue import clock_words
from jewelrymodel.web.message_text import MessageText, message_text
from jewelrymodel.web.responses import or_404, stored_picture, whole_text

KNOWN = {
    0: gettext_lazy("sender not proven"),
    1: gettext_lazy("sender's mail is authentic"),
    2: gettext_lazy("sender has followed our link"),
    3: gettext_lazy("sender was signed in"),
}
"""The identity ladder (edge 7), in words."""


@dataclass(frozen=True)
class Taken:
    """A decision about what the case is about: by whom, and how far its remedies are."""

    row: DecisionRecord
    decider: str
    remedies: list[tuple[RemedyRow, str]]


@require_safe
@for_staff()
def case(request: StaffRequest, case_id: str) -> HttpResponse:
    """Show one case."""
    return show(request, found_case(case_id))


@require_safe
@for_staff()
def picture(request: StaffRequest, case_id: str, picture_id: str) -> HttpResponse:
    """Hand out a picture that came with a message."""
    found = found_case(case_id)
    return stored_picture(or_404(lambda: queries.picture_key(case=found, picture_id=picture_id)))


@require_safe
@for_staff()
def message(request: StaffRequest, case_id: str, entry_id: int) -> HttpResponse:
    """Hand out all of a message that is too long for the page, as plain text."""
    found = found_case(case_id)
    return whole_text(
        or_404(lambda: queries.entry_text(case=found, entry_id=entry_id, internal=True))
    )


def found_case(case_id: str) -> Case:
    """Return the case; raises Http404."""
    return or_404(lambda: queries.case(case_id=case_id))


def show(
    request: StaffRequest,
    case: Case,
    *,
    decide: DecideForm | None = None,
    say: SayForm | None = None,
    sort: SortForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the case's page; with a form that could not be taken, that one and its errors."""
    found, problem = assessed(case)
    words, kind = clock_words(case, clock.now())
    decisions = _decisions(case)
    entries = queries.entries(case_id=case.pk, internal=True)
    context = {
        "case": case,
        "known": "" if case.channel == Channel.MACHINE else KNOWN[case.identity_level],
        "clock": words,
        "clock_kind": kind,
        "due": case.due_at.astimezone(ZONE).strftime("%a %-d %b %Y, %H:%M %Z"),
        "entries": _with_authors(entries),
        "shown": DecisionDisplay(found.decision) if found else None,
        "problem": problem,
        "decide": decide if decide and not takes_recommended(decide) else decide_form(found),
        "recommend": decide if decide and takes_recommended(decide) else _recommend_form(found),
        "why_not_recommended": _why_not_recommended(found),
        "signature": found.signature if found else "",
        "worth": _worth(found),
        "say": say or SayForm(),
        "sort": sort or SortForm(initial=_about(case), account_id=case.account_id or ""),
        "decided": next((one for one in decisions if one.row.pk == case.decision_id), None),
        "before": [one for one in decisions if one.row.pk != case.decision_id],
    }
    return render(request, "desk/case.html", context, status=status)


def assessed(case: Case) -> tuple[Assessment | None, str]:
    """Return what the policy says of a case now, or why that can't be said."""
    facts = queries.request_facts(case)
    if facts is None:
        return None, _("The sender hasn't proven that an account is theirs: no record is shown.")
    try:
        return remedies.assess(request=facts, now=clock.now()), ""
    except remedies.UnknownSubject:
        return None, _("What it is said to be about is not in this account.")
    except remedies.TermsNotAtHand:
        return None, _(
            "The refund policy's text that this order was placed under isn't available, so nothing "
            "can be decided. Ask the operator to run: jewelrymodel doctor"
        )
    except (ProcessorDown, ProcessorRefused):
        return None, _("The payment service can't be reached; the facts can't be looked up now.")


def decide_form(found: Assessment | None, posted: QueryDict | None = None) -> DecideForm:
    """Return the form of a decision; unposted, what is recommended stands in it already."""
    initial = dict[str, object]()
    for one in found.decision.remedies[:1] if found else ():
        minor = Decimal(one.amount_minor).scaleb(-minor_digits(one.currency))
        initial = {"kind": one.kind.value, "amount": minor if one.currency else one.credits or None}
    return DecideForm(posted, initial=initial, charged=_charged(found))


def _charged(found: Assessment | None) -> Charged:
    facts = found.decision.facts if found else {}
    known = {name: fact.value for name, fact in facts.items()}
    given = found.decision.remedies if found else ()
    return Charged(
        currency=str(known.get("charge.currency", "")),
        refundable_minor=int(known.get("charge.refundable_minor", 0)),
        why_no_refund=deciding.why_no_refund(known),
        is_corrected_by_hand=any(one.kind is RemedyKind.OTHER for one in given),
    )


def takes_recommended(form: DecideForm) -> bool:
    """Whether what was sent is the recommendation, which has a form of its own."""
    return form.data.get("do") == "recommended"


def _recommend_form(found: Assessment | None) -> DecideForm:
    form = decide_form(found)
    form.auto_id = "recommended_%s"
    return form


def _why_not_recommended(found: Assessment | None) -> str:
    """Why what is recommended can't be carried out now; empty where it can."""
    if not found or not any(one.kind in REFUNDS for one in found.decision.remedies):
        return ""
    return _charged(found).why_no_refund


def _worth(found: Assessment | None) -> list[str]:
    """What an agent who is kind needs to know of the money: what is left, and what is unused."""
    facts = found.decision.facts if found else {}
    if "charge.refundable_minor" not in facts:
        return []
    if why := _charged(found).why_no_refund:
        return [why]
    amounts = amounts_of({name: fact.value for name, fact in facts.items()})
    currency = str(facts["charge.currency"].value)
    words = [
        _("%(amount)s can still be refunded.")
        % {"amount": in_words(amounts["charge.refundable_minor"], currency)}
    ]
    if amounts.get("lot.remaining_credits"):
        unused = in_words(FORMULAS["unused_share"].compute(amounts), currency)
        words.append(_("The unused part of it is worth %(amount)s.") % {"amount": unused})
    return words


def _about(case: Case) -> dict[str, str]:
    return {
        "ground": case.ground,
        "about": case.subject_id,
        "records": "\n".join(case.verified_records),
    }


def _with_authors(entries: list[CaseEntry]) -> list[tuple[CaseEntry, str, MessageText]]:
    names = actor_names.names(one.author for one in entries)
    return [(one, names[one.author], message_text(one.text)) for one in entries]


def _decisions(case: Case) -> list[Taken]:
    """The case's own decision, and every other one about the same order or job, newest first."""
    rows = {}
    if case.account_id and case.subject_id:
        subject = Subject(SubjectKind(case.subject_kind), case.subject_id)
        found = remedies.decisions_about(account_id=case.account_id, subject=subject)
        rows = {one.pk: one for one in found}
    if case.decision_id and case.decision_id not in rows:
        rows[case.decision_id] = remedies.decision(decision_id=case.decision_id)
    names = actor_names.names(one.decided_by for one in rows.values())
    return [
        Taken(
            row, names[row.decided_by], [(one, remedies.words(one)) for one in row.remedies.all()]
        )
        for row in rows.values()
    ]
