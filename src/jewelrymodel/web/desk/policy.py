"""The policy at the desk: editions, coverage, limits, and the latest automatic decisions."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import edition_files, law, terms
from jewelrymodel.infra import clock
from jewelrymodel.policy import edition_proof
from jewelrymodel.policy.clauses import CLAUSES
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.category_labels import category_label


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """Show each clause with its rules or the reason for none, unpublished files, and decisions."""
    now = clock.now()
    edition = terms.in_force(now)
    unproven = set(edition_proof.rules_unproven(edition))
    reasons = {clause: none.reason for none in edition.without_rule for clause in none.clauses}
    clauses = [
        {
            "clause": clause,
            "prose": edition.prose_of(clause),
            "rules": [rule for rule in edition.rules if rule.clause == clause],
            "reason": reasons.get(clause, ""),
        }
        for clause in CLAUSES
    ]
    context = {
        "editions": terms.editions(),
        "drafts": edition_files.drafts(now=now),
        "edition": edition,
        "clauses": clauses,
        "law": law.newest(),
        "unproven": unproven,
        "automatic_limit": _in_major_units(settings.MACHINE_LIMIT_MINOR),
        "approval_limit": _in_major_units(settings.SECOND_APPROVAL_LIMIT_MINOR),
        "wait_h": settings.SECOND_APPROVAL_WAIT_HOURS if settings.SINGLE_OPERATOR else 0,
        "decisions": [
            (one, category_label(one.category))
            for one in remedies.machine_decisions(since=now - timedelta(days=1))
        ],
    }
    return render(request, "desk/policy.html", context)


def _in_major_units(limit_minor: int) -> Decimal:
    """A limit with two decimals, as the facts of a decision show it in whichever currency."""
    return Decimal(limit_minor).scaleb(-2)
