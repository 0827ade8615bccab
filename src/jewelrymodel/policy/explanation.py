"""What a decision says to its customer and to staff: sentences that decide nothing.

*translate* turns a sentence into the reader's language; without it they are in English.
"""

from collections.abc import Callable, Iterable

from jewelrymodel.kernel.money import in_words
from jewelrymodel.kernel.translation import gettext_noop as _
from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.decision import Decision, Draft, Outcome, Question, Remedy, RemedyKind
from jewelrymodel.policy.edition import Edition

Translate = Callable[[str], str]

_WHICH_ORDER = (
    "7.2",
    _("Which order is this about? Please send its number, or the invoice, receipt or transaction."),
)
_ASKS = {
    "purchase": _WHICH_ORDER,
    "charge": _WHICH_ORDER,
    "lot": _WHICH_ORDER,
    "task": ("7.3", _("Which generation is this about? Its page shows its task ID.")),
    "outage": ("7.5", _("When were you unable to use it? Please be as exact as you can.")),
    "period": ("7.2", _("Which billing period is this about? Please send its order number.")),
}
REMEDY_NAMES = {
    RemedyKind.RESTORED_CREDITS: _("Restored credits"),
    RemedyKind.REPLACEMENT_CREDITS: _("Replacement credits"),
    RemedyKind.ACCESS_CORRECTION: _("We’ll add what you paid for to your account"),
    RemedyKind.PARTIAL_REFUND: _("Partial refund"),
    RemedyKind.FULL_REFUND: _("Full refund"),
    RemedyKind.OTHER: _("Another correction"),
}


def questions_for(missing: Iterable[str]) -> tuple[Question, ...]:
    """Return what to ask for the facts that are *missing*; only what a customer can answer."""
    asked = [_ASKS[name.split(".")[0]] for name in missing if name.split(".")[0] in _ASKS]
    return tuple(Question(about, text) for about, text in dict.fromkeys(asked))


def for_customer(decision: Decision, edition: Edition, translate: Translate = _) -> str:
    """Return what the customer reads: what happens, then the clauses that it is based on."""
    parts = [translate(_opening(decision))]
    parts += [describe(remedy, translate) for remedy in decision.remedies]
    parts += [translate(question.text) for question in decision.questions]
    cited = [(clause, edition.prose_of(clause)) for clause in decision.cites]
    parts += [f"{clause}: {prose}" for clause, prose in cited if prose]
    return "\n\n".join(parts)


def for_staff(decision: Decision, blockers: Iterable[str]) -> str:
    """Return what staff need to know beside it: what is drafted, and why no machine acted."""
    lines = [f"Outcome: {decision.outcome}; draft: {decision.draft}."]
    lines += [f"A person decides because {reason}." for reason in blockers]
    lines += _check_record(decision)
    lines += [f"{one.rule_id} yields to {one.by} ({one.reason})." for one in decision.defeated]
    return "\n".join(lines)


def _check_record(decision: Decision) -> list[str]:
    """The version of the automatic check, and how often it missed what was planted to test it."""
    names = ("version", "missed_damages", "planted_damages")
    facts = [decision.facts.get(f"task.check_{name}") for name in names]
    version, missed, planted = (fact.value if fact else None for fact in facts)
    if version is None:
        return []
    if not planted:
        return [f"Automatic check {version}: how often it misses damage was not measured."]
    return [f"Automatic check {version}: missed {missed} of {planted} planted damages."]


def describe(remedy: Remedy, translate: Translate = _) -> str:
    """Return one remedy with its amount and formula."""
    name, how = translate(REMEDY_NAMES[remedy.kind]), translate(FORMULAS[remedy.formula].words)
    if remedy.currency:
        return f"{name}: {in_words(remedy.amount_minor, remedy.currency)} ({how})."
    return f"{name}: {remedy.credits} ({how})." if remedy.credits else f"{name}."


def _opening(decision: Decision) -> str:
    match decision.outcome:
        case Outcome.APPROVE if decision.is_of_right:
            return _(
                "Your withdrawal is effective. We’re refunding your payment, and we’ll email you "
                "when it’s done."
            )
        case Outcome.APPROVE | Outcome.RESTORE:
            return _(
                "Our records confirm this and we’re fixing it. We’ll email you when it’s done."
            )
        case Outcome.ASK:
            return _("We need one more thing before we can decide this.")
        case _person if decision.draft is Draft.APPROVAL:
            return _("Our records support you. A team member must approve it.")
        case _person:
            return _("Our team will review this.")
