"""What a customer is emailed about a decision: what was decided, why, and how to object."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog import law
from jewelrymodel.catalog.terms import editions
from jewelrymodel.infra import languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.decision import CLAUSE_OF_REMEDY, Decision, RemedyKind, from_json
from jewelrymodel.policy.explanation import for_customer
from jewelrymodel.policy.law import with_law
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Assessment, Chosen
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.operations import needs_second_approval
from jewelrymodel.remedies.rules import remedy_amounts
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import Channel, DamageVerdict


@dataclass(frozen=True)
class _Letter:
    """What a letter about a decision is written from: one that was made, or might be."""

    body: Decision
    is_denied: bool
    is_by_person: bool
    is_pending: bool
    reason: str
    rows: list[RemedyRow]


def decision_email(decision: DecisionRecord, case: Case) -> str:
    """Return what the customer is emailed: what was decided, why, and how to object."""
    letter = _Letter(
        from_json(decision.body),
        decision.denied,
        Actor.parse(decision.decided_by).is_user,
        remedies.awaits_second_approval(decision),
        decision.reason,
        list(decision.remedies.order_by("id")),
    )
    with languages.speaking(accounts.language_of(account_id=decision.account_id)):
        return _finding(case) + _decision_text(letter, _seen(case))


def draft_letter(case: Case, assessment: Assessment, *, is_denied: bool, reason: str) -> str:
    """Return what the customer would be emailed if a person decided so now: as is recommended, or
    declined, with this *reason*. Nothing is decided or kept.
    """
    decision = DecisionRecord(charge_id=assessment.charge_id)
    every = [
        Chosen(one.kind, one.credits, one.amount_minor, one.currency)
        for one in assessment.decision.remedies
    ]
    given = [] if is_denied else [*filter(remedy_amounts.has_its_amount, every)]
    rows = [
        RemedyRow(
            decision=decision,
            kind=one.kind,
            credits=one.credits,
            amount_minor=one.amount_minor,
            currency=one.currency,
            state=RemedyState.PLANNED,
        )
        for one in given
    ]
    is_pending = needs_second_approval(given, by_person=True)
    letter = _Letter(assessment.decision, is_denied, True, is_pending, reason, rows)
    with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
        return _finding(case) + _decision_text(letter, _seen(case))


def _finding(case: Case) -> str:
    """What we found ourselves, for a customer who never wrote to us."""
    if case.channel != Channel.MACHINE:
        return ""
    finding = case.entries.order_by("id").values_list("text", flat=True).first()
    notice = _("We noticed this ourselves, so no action is needed on your part. %(finding)s")
    return f"{notice % {'finding': finding}}\n\n"


def _seen(case: Case) -> list[str]:
    """What a person saw of each image that the case calls damaged: a paragraph."""
    words = {
        DamageVerdict.CONFIRMED: _("Image %(n)s: we confirmed visible damage."),
        DamageVerdict.NOT_FOUND: _("Image %(n)s: we found no visible damage."),
    }
    reviewed = [
        words[DamageVerdict(one.report.verdict)] % {"n": one.number}
        for one in queries.reported_images(case)
        if one.report and one.report.verdict in words
    ]
    return ["\n".join(reviewed)] if reviewed else []


def _decision_text(letter: _Letter, seen: list[str]) -> str:
    body = letter.body
    if letter.is_denied:
        return "\n\n".join(
            (
                _("Thank you for writing. We’ve reviewed your request and can’t approve it."),
                *seen,
                letter.reason,
                *_check(body),
                _(
                    "This is based on the following clauses of our refund policy: %(clauses)s. You "
                    "can see the facts we used with the decision under Requests."
                )
                % {"clauses": ", ".join(body.cites)},
                _appeal(),
            )
        )
    if letter.is_by_person:
        return _approval(letter, seen)
    edition = next((one for one in editions() if one.sha256 == body.editions[0].sha256), None)
    text = body.customer_text
    if edition:
        text = for_customer(body, with_law(edition, law.law_of(body)), _)
    return "\n\n".join((text, *_check(body)))


def _appeal() -> str:
    """How to object, and who then decides."""
    if settings.SINGLE_OPERATOR:
        return _("If anything is missing or wrong, reply to this message. We’ll review it again.")
    return _(
        "If anything is missing or wrong, reply to this message: another person on our team will "
        "review it and decide."
    )


def _check(body: Decision) -> list[str]:
    """What the automatic check of images had to do with it, where it had: a paragraph."""
    words = remedies.check_words(body)
    return [words] if words else []


def _approval(letter: _Letter, seen: list[str]) -> str:
    """A team member's approval cites what they gave, and a category only where one holds."""
    body = letter.body
    given = dict.fromkeys(CLAUSE_OF_REMEDY[RemedyKind(row.kind)] for row in letter.rows)
    clauses = {one.rule_id: one.clause for one in body.held}
    clauses_applied = dict.fromkeys(clauses[one.rule_id] for one in body.remedies)
    parts = [
        _(
            "We’ve reviewed your request and recommend approving it. It still needs a second "
            "approval, so it isn’t final yet."
        )
        if letter.is_pending
        else _("Good news: we’ve reviewed your request and approved it."),
        *seen,
        *(remedies.remedy_status(row) for row in letter.rows),
        letter.reason,
        *_check(body),
        _(
            "This is based on the following clauses of our refund policy: %(clauses)s. We’ll email "
            "you about each step."
        )
        % {"clauses": ", ".join({**clauses_applied, **given})},
    ]
    return "\n\n".join(part for part in parts if part)
