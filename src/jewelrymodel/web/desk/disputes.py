"""Disputes at the desk: due first, what is suspended and why, and whether to contest."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.disputes import evidence_assessment, queries
from jewelrymodel.disputes.evidence_assessment import Point, Stance
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.disputes.rules import dispute_reasons
from jewelrymodel.infra import clock
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import ChargeDispute
from jewelrymodel.payments.statuses import DisputeStatus
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.support import queries as support
from jewelrymodel.support.statuses import CaseState
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.category_labels import category_label
from jewelrymodel.web.desk.queue import STATUS_LABELS
from jewelrymodel.web.desk.refusal_messages import FACTS_UNAVAILABLE, TERMS_UNAVAILABLE


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """List the disputes that are open, due first, and below them those decided, newest first."""
    disputes = payments.all_disputes()
    decided = sorted(
        (one for one in disputes if not one.is_open), key=lambda one: one.opened_at, reverse=True
    )
    context = {
        "groups": [
            (_("Open"), _rows(one for one in disputes if one.is_open)),
            (_("Decided"), _rows(decided)),
        ],
        "any": bool(disputes),
    }
    return render(request, "desk/disputes.html", context)


def _rows(
    disputes: Iterable[ChargeDispute],
) -> list[tuple[ChargeDispute, DisputeWork | None, str, str]]:
    rows = list(disputes)
    works = DisputeWork.objects.in_bulk([one.pk for one in rows])
    return [(one, works.get(one.pk), reason_words(one), state_words(one)) for one in rows]


@require_safe
@for_staff(Act.DESK)
def dispute(request: StaffRequest, dispute_id: str) -> HttpResponse:
    """Show one dispute with what our own records say of its charge."""
    try:
        dispute = payments.dispute(dispute_id=dispute_id)
    except ChargeDispute.DoesNotExist:
        raise Http404 from None
    points = evidence_assessment.points(dispute, now=clock.now())
    shown, advice = _advice(dispute, points)
    about = Subject(SubjectKind.ORDER, dispute.charge.order_id)
    context = {
        "dispute": dispute,
        "reason": reason_words(dispute),
        "state": state_words(dispute),
        "cases": [
            (one, category_label(one.category), str(STATUS_LABELS[CaseState(one.state)]).lower())
            for one in support.about(account_id=dispute.account_id, subject=about)
        ],
        "work": _work(dispute_id),
        "scopes": queries.scopes(dispute),
        "shown": shown,
        "advice": advice,
        "points": points,
    }
    return render(request, "desk/dispute.html", context)


def reason_words(dispute: ChargeDispute) -> str:
    """Return the bank's reason, in the processor's own words."""
    return dispute.reason.replace("_", " ")


def state_words(dispute: ChargeDispute) -> str:
    """Return a dispute's status in words: whose turn it is, or who won."""
    words = {
        DisputeStatus.WARNING_NEEDS_RESPONSE: _("inquiry; our response is needed"),
        DisputeStatus.WARNING_UNDER_REVIEW: _("inquiry; the bank is reviewing our response"),
        DisputeStatus.WARNING_CLOSED: _("inquiry closed without a dispute"),
        DisputeStatus.NEEDS_RESPONSE: _("our response is needed"),
        DisputeStatus.UNDER_REVIEW: _("the bank is reviewing our response"),
        DisputeStatus.APPEAL_NEEDS_RESPONSE: _("appealed; our response is needed"),
        DisputeStatus.APPEAL_UNDER_REVIEW: _("appealed; the bank is reviewing our response"),
        DisputeStatus.WON: _("won: we keep the payment"),
        DisputeStatus.LOST: _("lost: the customer was refunded by the bank"),
        DisputeStatus.PREVENTED: _("prevented before it became a dispute"),
    }
    unknown = _("unknown status; check the payment processor")
    return words.get(DisputeStatus(dispute.status), unknown)


def _work(dispute_id: str) -> DisputeWork | None:
    try:
        return queries.work(dispute_id=dispute_id)
    except DisputeWork.DoesNotExist:
        return None


def _advice(dispute: ChargeDispute, points: list[Point]) -> tuple[DecisionDisplay | None, str]:
    """The engine that decides refunds says whether to contest: it is the same question.

    One fact for the customer settles it, whatever else is for us; the headline says which of the
    two it goes by, so that no reason below it says the opposite.
    """
    facts = RequestFacts(
        account_id=dispute.account_id,
        category=dispute_reasons.category_of(dispute.reason),
        subject=Subject(SubjectKind.ORDER, dispute.charge.order_id),
        requested_at=dispute.opened_at,
        identity_level=3,
    )
    try:
        shown = DecisionDisplay(deciding.assess(request=facts, now=clock.now()).decision)
    except (ProcessorDown, ProcessorRefused):
        return None, str(FACTS_UNAVAILABLE)
    except deciding.TermsNotAtHand:
        return None, str(TERMS_UNAVAILABLE)
    if not dispute.is_open:
        return shown, _("The bank has decided; no response is needed.")
    stances = {one.stance for one in points}
    if Stance.ACCEPT in stances:
        if Stance.CONTEST in stances or shown.leans_to_no:
            return shown, _(
                "Accept: one fact supports the customer, and that outweighs those that support us."
            )
        return shown, _("Accept: our own records support the customer.")
    if shown.remedies:
        return shown, _("Accept: our policy grants the customer a remedy; see below.")
    if shown.leans_to_no or (points and not shown.asks):
        return shown, _("Contest: delivered, and our policy grants no remedy.")
    return shown, _("Needs your judgment: our records alone don’t settle it.")
