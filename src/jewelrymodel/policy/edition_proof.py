"""What an edition has to prove when it is loaded: its examples, no gap, no two rules at odds."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time

from jewelrymodel.policy.clauses import CLAUSES
from jewelrymodel.policy.decision import Decision
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.facts import SCHEMA, Fact, FactType, Value
from jewelrymodel.policy.law import LawFile
from jewelrymodel.policy.rule_evaluation import decide
from jewelrymodel.policy.rulebook import Effect, Example, Rule

_NUMBER = re.compile(r"(?<![\w.])\d+")
_PARAMETER = re.compile(r"param\.\w+")
_OPPOSED = (
    frozenset({Effect.TERMS_GRANT, Effect.TERMS_REFUSE}),
    frozenset({Effect.GROUND, Effect.QUESTION}),
    frozenset({Effect.GROUND, Effect.PERSON}),
)


def decide_example(edition: Edition, example: Example, laws: Sequence[LawFile] = ()) -> Decision:
    """Return the decision on an example's facts, on the day that its edition takes effect."""
    at = datetime.combine(edition.effective_from, time(12), tzinfo=UTC)
    facts = {name: Fact(value, "example", at) for name, value in example.given.items()}
    return decide(facts, (edition,), purchased_at=at, requested_at=at, laws=laws)


def failure(edition: Edition, example: Example, laws: Sequence[LawFile] = ()) -> str:
    """Return in what the decision isn't what the example expects; empty where it is."""
    decision = decide_example(edition, example, laws)
    actual: dict[str, object] = {
        "outcome": decision.outcome.value,
        "draft": decision.draft.value,
        "cites": list(decision.cites),
        "remedies": [one.kind.value for one in decision.remedies],
        "amount_minor": decision.amount_minor,
        "credits": decision.credits,
        "second_person": decision.needs_second_approval,
    }
    wrong = [
        f"{name} is {actual[name]!r}, not {wanted!r}"
        for name, wanted in example.expect.items()
        if actual[name] != wanted
    ]
    return "; ".join(wrong)


def clauses_without(edition: Edition) -> list[str]:
    """Return the clauses that have neither a rule nor a stated reason for having none."""
    ruled = {rule.clause for rule in edition.rules}
    ruled |= {clause for none in edition.without_rule for clause in none.clauses}
    return [clause for clause in CLAUSES if clause not in ruled]


def rules_unproven(edition: Edition) -> list[str]:
    """Return the rules that no example makes hold, or none makes fail: both directions count."""
    held, failed = set[str](), set[str]()
    for example in edition.examples:
        decision = decide_example(edition, example)
        held |= {one.rule_id for one in decision.held}
        failed |= {one.rule_id for one in decision.why_not if not one.missing}
    return [rule.id for rule in edition.rules if rule.id not in held or rule.id not in failed]


def conflicts(edition: Edition) -> Iterator[tuple[Rule, Rule, dict[str, Value]]]:
    """Yield each pair of one layer that disagrees, with facts on which both hold.

    Tried are all values of booleans and enumerations and the boundaries of every number, over the
    union of what both read.
    """
    parameters = edition.parameter_values()
    for one, other in itertools.combinations(edition.rules, 2):
        if not _could_disagree(one, other):
            continue
        for values in _cases(edition, (one, other)):
            known = {**values, **parameters}
            if all(_holds(rule, known) for rule in (one, other)):
                yield one, other, values
                break


def _holds(rule: Rule, known: dict[str, Value]) -> bool:
    return all(condition.holds(known) is True for condition in rule.when)


def _could_disagree(one: Rule, other: Rule) -> bool:
    """Whether both are about the same matter and say different things of it."""
    excepted = other.id == one.exception_to or one.id == other.exception_to
    together = not one.examines or not other.examines or set(one.examines) & set(other.examines)
    effects = frozenset({one.effect, other.effect})
    same_clause = one.clause == other.clause
    differ = effects in _OPPOSED or one.gives != other.gives
    matter = (same_clause and differ) or effects == _OPPOSED[0]
    return one.layer is other.layer and not excepted and bool(together) and matter


def _cases(edition: Edition, rules: Iterable[Rule]) -> Iterator[dict[str, Value]]:
    rules = tuple(rules)
    names = sorted({name for rule in rules for name in rule.reads if _is_tested(rule, name)})
    bounds = _boundaries(edition, rules)
    for values in itertools.product(*(_values(name, bounds) for name in names)):
        yield dict(zip(names, values, strict=True))


def _is_tested(rule: Rule, name: str) -> bool:
    """Whether a condition looks at the fact; the others only feed a formula."""
    return any(name in condition.text for condition in rule.when)


def _values(name: str, bounds: tuple[int, ...]) -> tuple[Value, ...]:
    match SCHEMA[name].type:
        case FactType.BOOL:
            return (False, True)
        case FactType.INT:
            return bounds
        case _enum:
            return SCHEMA[name].values


def _boundaries(edition: Edition, rules: Iterable[Rule]) -> tuple[int, ...]:
    """Every number that the conditions name, with its neighbors."""
    text = " ".join(condition.text for rule in rules for condition in rule.when)
    numbers = {int(digits) for digits in _NUMBER.findall(text)} | {0}
    known = edition.parameter_values()
    numbers |= {known[name] for name in _PARAMETER.findall(text) if name in known}
    return tuple(sorted({max(0, n + step) for n in numbers for step in (-1, 0, 1)}))
