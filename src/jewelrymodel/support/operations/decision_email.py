"""What a customer is emailed about a decision: what was decided, why, and how to object."""

from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog.terms import editions
from jewelrymodel.infra import languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.decision import CLAUSE_OF_REMEDY, Decision, RemedyKind, from_json
from jewelrymodel.policy.explanation import for_customer
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import Channel, DamageVerdict


def decision_email(decision: DecisionRecord, case: Case) -> str:
    """Return what the customer is emailed: what was decided, why, and how to object."""
    with languages.speaking(accounts.language_of(account_id=decision.account_id)):
        return _finding(case) + _decision_text(decision, _seen(case))


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


def _decision_text(decision: DecisionRecord, seen: list[str]) -> str:
    body = from_json(decision.body)
    if decision.denied:
        return "\n\n".join(
            (
                _("Thank you for writing. We’ve reviewed your request and can’t approve it."),
                *seen,
                decision.reason,
                *_check(body),
                _(
                    "This is based on the following clauses of our refund policy: %(clauses)s. You "
                    "can see the facts we used with the decision under Requests."
                )
                % {"clauses": ", ".join(body.cites)},
                _("If anything is missing or wrong, reply to this message. We’ll review it again."),
            )
        )
    if Actor.parse(decision.decided_by).is_user:
        return _approval(decision, body, seen)
    edition = next((one for one in editions() if one.sha256 == body.editions[0].sha256), None)
    text = for_customer(body, edition, _) if edition else body.customer_text
    return "\n\n".join((text, *_check(body)))


def _check(body: Decision) -> list[str]:
    """What the automatic check of images had to do with it, where it had: a paragraph."""
    words = remedies.check_words(body)
    return [words] if words else []


def _approval(decision: DecisionRecord, body: Decision, seen: list[str]) -> str:
    """A team member's approval cites what they gave, and a category only where one holds."""
    rows = list(decision.remedies.order_by("id"))
    given = dict.fromkeys(CLAUSE_OF_REMEDY[RemedyKind(row.kind)] for row in rows)
    clauses = {one.rule_id: one.clause for one in body.held}
    clauses_applied = dict.fromkeys(clauses[one.rule_id] for one in body.remedies)
    is_pending = remedies.awaits_second_approval(decision)
    parts = [
        _(
            "We’ve reviewed your request and recommend approving it. It still needs a second "
            "approval, so it isn’t final yet."
        )
        if is_pending
        else _("Good news: we’ve reviewed your request and approved it."),
        *seen,
        *(remedies.remedy_status(row) for row in rows),
        decision.reason,
        *_check(body),
        _(
            "This is based on the following clauses of our refund policy: %(clauses)s. We’ll email "
            "you about each step."
        )
        % {"clauses": ", ".join({**clauses_applied, **given})},
    ]
    return "\n\n".join(part for part in parts if part)
