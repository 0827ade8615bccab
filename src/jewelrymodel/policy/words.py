"""What a decision says, in words: for the customer, and for staff."""

from collections.abc import Iterable

from jewelrymodel.kernel.money import in_words
from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.decisions import Decision, Draft, Outcome, Question, Remedy, RemedyKind
from jewelrymodel.policy.edition import Edition

_ASKS = {
    "purchase": ("7.2", "Which order is it about? Its number, invoice, receipt or transaction id."),
    "charge": ("7.2", "Which order is it about? Its number, invoice, receipt or transaction id."),
    "lot": ("7.2", "Which order is it about? Its number, invoice, receipt or transaction id."),
    "task": ("7.3", "Which job is it about? Its id stands on the job's page."),
    "outage": ("7.5", "When could you not use it? The times, as exactly as you can."),
    "period": ("7.2", "Which paid month is it about? The number of its order."),
}


def questions_for(missing: Iterable[str]) -> tuple[Question, ...]:
    """Return what to ask for the facts that are *missing*; only what a customer can answer."""
    asked = [_ASKS[name.split(".")[0]] for name in missing if name.split(".")[0] in _ASKS]
    return tuple(Question(about, text) for about, text in dict.fromkeys(asked))


def for_customer(decision: Decision, edition: Edition) -> str:
    """Return what the customer reads: what happens, then the clauses it rests on."""
    parts = [_opening(decision)]
    parts += [describe(remedy) for remedy in decision.remedies]
    parts += [question.text for question in decision.questions]
    cited = [(clause, edition.prose_of(clause)) for clause in decision.cites]
    parts += [f"{clause}: {prose}" for clause, prose in cited if prose]
    return "\n\n".join(parts)


def for_staff(decision: Decision, blockers: Iterable[str]) -> str:
    """Return what a person needs to know beside it: what is drafted, and why no machine acted."""
    lines = [f"Outcome: {decision.outcome}; draft: {decision.draft}."]
    lines += [f"A person decides because {reason}." for reason in blockers]
    lines += [f"{one.rule_id} yields to {one.by} ({one.reason})." for one in decision.defeated]
    return "\n".join(lines)


def describe(remedy: Remedy) -> str:
    """Return one remedy with its amount and formula."""
    name = {
        RemedyKind.RESTORED_CREDITS: "Credits put back",
        RemedyKind.REPLACEMENT_CREDITS: "Replacement credits",
        RemedyKind.ACCESS_CORRECTION: "What you paid for is added to your account",
        RemedyKind.PARTIAL_REFUND: "Part of the money back",
        RemedyKind.FULL_REFUND: "The money back",
        RemedyKind.OTHER: "Another correction",
    }[remedy.kind]
    how = FORMULAS[remedy.formula].words
    if remedy.currency:
        return f"{name}: {in_words(remedy.amount_minor, remedy.currency)} ({how})."
    return f"{name}: {remedy.credits} ({how})." if remedy.credits else f"{name}."


def _opening(decision: Decision) -> str:
    match decision.outcome:
        case Outcome.APPROVE | Outcome.RESTORE:
            return "Our records confirm this. We are correcting it; you get a mail when it is done."
        case Outcome.ASK:
            return "One thing is missing before this can be decided."
        case _person if decision.draft is Draft.APPROVAL:
            return "Our records speak for you; a person has to release it."
        case _person:
            return "A person looks at this. Nothing is refused by a machine."
