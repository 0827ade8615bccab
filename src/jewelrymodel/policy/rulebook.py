"""What an edition's fenced blocks say: rules, worked examples, and reasons for having no rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.clauses import CLAUSES, ClauseKind
from jewelrymodel.policy.conditions import BadCondition, Condition, compile_all
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.policy.facts import SCHEMA, FactType, Value, misfit


class BadBlock(ValueError):
    """This block can't be used. ``mend`` says what to write instead."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.mend = mend


class Layer(StrEnum):
    """The calculus, strongest last."""

    BASE = "base"
    NEGATIVES = "negatives"
    GROUNDS = "grounds"
    TERMS = "terms"
    LAW = "law"


LAYERS = tuple(Layer)


class Effect(StrEnum):
    """What a rule that holds does."""

    FINAL = "final"
    NOT_A_GROUND = "not_a_ground"
    GROUND = "ground"
    QUESTION = "question"
    PERSON = "person"
    TERMS_GRANT = "terms_grant"
    TERMS_REFUSE = "terms_refuse"
    RIGHT = "right"


LAYER_OF = {
    Effect.FINAL: Layer.BASE,
    Effect.NOT_A_GROUND: Layer.NEGATIVES,
    Effect.GROUND: Layer.GROUNDS,
    Effect.QUESTION: Layer.GROUNDS,
    Effect.PERSON: Layer.GROUNDS,
    Effect.TERMS_GRANT: Layer.TERMS,
    Effect.TERMS_REFUSE: Layer.TERMS,
    Effect.RIGHT: Layer.LAW,
}
GIVING = frozenset({Effect.GROUND, Effect.TERMS_GRANT, Effect.RIGHT})
REFUSING = frozenset({Effect.FINAL, Effect.NOT_A_GROUND, Effect.TERMS_REFUSE})


@dataclass(frozen=True)
class Term:
    """One remedy that a rule gives, and the formula of its amount."""

    kind: RemedyKind
    formula: str


@dataclass(frozen=True)
class Rule:
    """A rule as its edition states it.

    *examines*: only requests about these grounds (none named: all). *settles*: requests about these
    are asked for the facts that it still needs.
    """

    id: str
    clause: str
    effect: Effect
    reads: tuple[str, ...]
    when: tuple[Condition, ...]
    gives: tuple[Term, ...] = ()
    examines: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()
    exception_to: str = ""
    by_person: bool = False
    question: str = ""

    @property
    def layer(self) -> Layer:
        """The layer that its effect belongs to."""
        return LAYER_OF[self.effect]

    @property
    def is_promise(self) -> bool:
        """Whether its clause binds us without a condition."""
        return CLAUSES.get(self.clause) is ClauseKind.PROMISE

    def examines_ground(self, ground: str) -> bool:
        """Whether a request about *ground* is a matter of this rule."""
        return not self.examines or ground in self.examines


@dataclass(frozen=True)
class Example:
    """A worked example: given facts, and what the decision must say."""

    title: str
    given: Mapping[str, Value]
    expect: Mapping[str, Any]
    line: int


@dataclass(frozen=True)
class NoRule:
    """Clauses that no rule carries out, and why."""

    clauses: tuple[str, ...]
    reason: str


_NEAR = re.compile(r"param\.(\w+)((?: [+-] 1)?)")
_RULE_KEYS = frozenset(
    {"id", "reads", "when", "effect", "gives", "examines", "settles"}
    | {"exception_to", "by_person", "question"}
)
_EXPECT_KEYS = frozenset(
    ("outcome", "draft", "cites", "remedies", "amount_minor", "credits", "second_person")
)


def read_rule(body: Mapping[str, Any], parameters: Mapping[str, int], *, clause: str = "") -> Rule:
    """Return the rule that a block's TOML states; raises BadBlock.

    *clause* is the row of a file of law; without one the id names a clause of the policy.
    """
    _refuse_unknown(body, _RULE_KEYS)
    rule_id = _text(body, "id")
    is_law = bool(clause)
    clause = clause or rule_id.partition("-")[0]
    if not is_law and clause not in CLAUSES:
        raise BadBlock(f"{rule_id}: {clause} is no clause", "begin the id with a known clause id")
    effect, reads = _effect(body, rule_id), _reads(body, rule_id)
    if effect in REFUSING and (weak := [name for name in reads if SCHEMA[name].only_helps]):
        problem = f"{rule_id} refuses on the strength of {', '.join(weak)}, which can be wrong"
        raise BadBlock(problem, f"leave it to a person: effect = {Effect.PERSON.value!r}")
    terms = tuple(_term(rule_id, one, reads) for one in body.get("gives", ()))
    if bool(terms) != (effect in GIVING):
        known = ", ".join(sorted(GIVING))
        raise BadBlock(f"{rule_id}: gives fits no {effect}", f"give remedies with: {known}")
    grounds = {key: tuple(body.get(key, ())) for key in ("examines", "settles")}
    if unknown := {*grounds["examines"], *grounds["settles"]} - {*SCHEMA["request.ground"].values}:
        raise BadBlock(f"{rule_id} is about {', '.join(unknown)}", "use values of request.ground")
    if (effect is Effect.QUESTION) != ("question" in body):
        raise BadBlock(f"{rule_id}: question fits no {effect}", "state question with that effect")
    return Rule(
        id=rule_id,
        clause=clause,
        effect=effect,
        reads=reads,
        when=_when(body, rule_id, reads, parameters),
        gives=terms,
        **grounds,
        exception_to=str(body.get("exception_to", "")),
        by_person=bool(body.get("by_person", False)),
        question=str(body.get("question", "")),
    )


def read_example(
    body: Mapping[str, Any], usual: Mapping[str, Value], parameters: Mapping[str, int], line: int
) -> Example:
    """Return the example that a block's TOML states, over the *usual* facts; raises BadBlock.

    A number may be given by a parameter, ``"param.<name>"``, and be one beside it: ``… + 1``.
    """
    _refuse_unknown(body, frozenset({"title", "given", "expect"}))
    title = _text(body, "title")
    given = {name: _near(one, parameters) for name, one in flat(body.get("given", {})).items()}
    for name, value in given.items():
        refuse_value(name, value)
    expect = dict(body.get("expect", {}))
    _refuse_unknown(expect, _EXPECT_KEYS)
    if not {"outcome", "cites"} <= set(expect):
        raise BadBlock(f"{title!r} expects too little", "expect an outcome and cites at least")
    return Example(title, {**usual, **given}, expect, line)


def read_none(body: Mapping[str, Any]) -> NoRule:
    """Return which clauses have no rule, and why; raises BadBlock."""
    _refuse_unknown(body, frozenset({"clauses", "reason"}))
    clauses = tuple(body.get("clauses", ()))
    if unknown := [one for one in clauses if one not in CLAUSES]:
        raise BadBlock(f"{', '.join(map(str, unknown))}: no clause", "use known clause ids")
    return NoRule(clauses, _text(body, "reason"))


def _near(value: Value, parameters: Mapping[str, int]) -> Value:
    match = _NEAR.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] not in parameters:
        return value
    return parameters[match[1]] + {"": 0, " + 1": 1, " - 1": -1}[match[2]]


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Value]:
    """Return nested tables as dotted names: TOML's dotted keys the way facts are named."""
    flattened: dict[str, Value] = {}
    for name, value in table.items():
        flattened |= (
            flat(value, f"{prefix}{name}.")
            if isinstance(value, dict)
            else {f"{prefix}{name}": value}
        )
    return flattened


def refuse_value(name: str, value: object) -> None:
    """Raise BadBlock unless *value* can be the fact *name*."""
    if name not in SCHEMA:
        raise BadBlock(f"{name} is no fact", "use a name that `jewelrymodel policy schema` lists")
    if problem := misfit(SCHEMA[name], value):
        raise BadBlock(f"{name} {problem}", "give a value that fits the schema")


def _effect(body: Mapping[str, Any], rule_id: str) -> Effect:
    try:
        return Effect(body.get("effect", ""))
    except ValueError:
        known = ", ".join(Effect)
        raise BadBlock(f"{rule_id}: effect is {body.get('effect')!r}", f"one of {known}") from None


def _reads(body: Mapping[str, Any], rule_id: str) -> tuple[str, ...]:
    reads = tuple(body.get("reads", ()))
    for name in reads:
        if name not in SCHEMA or SCHEMA[name].type in (FactType.CURRENCY, FactType.TEXT):
            mend = "read facts that `jewelrymodel policy schema` lists"
            raise BadBlock(f"{rule_id} reads {name!r}", mend)
    return reads


def _when(
    body: Mapping[str, Any], rule_id: str, reads: tuple[str, ...], parameters: Mapping[str, int]
) -> tuple[Condition, ...]:
    texts = body.get("when", ())
    if not texts:
        raise BadBlock(f"{rule_id} has no when", "list at least one condition")
    try:
        return compile_all(texts, reads=reads, parameters=parameters)
    except BadCondition as error:
        mend = "declare what it reads, and compare like with like"
        raise BadBlock(f"{rule_id}: {error}", mend) from None


def _term(rule_id: str, body: Mapping[str, Any], reads: tuple[str, ...]) -> Term:
    try:
        kind, formula = RemedyKind(body["remedy"]), FORMULAS[body["formula"]]
    except (KeyError, ValueError):
        known = ", ".join(FORMULAS)
        raise BadBlock(f"{rule_id} gives {dict(body)}", f"remedy and formula of: {known}") from None
    if missing := [name for name in formula.reads if name not in reads]:
        raise BadBlock(f"{rule_id}: {formula.name} needs {', '.join(missing)}", "read them")
    return Term(kind, formula.name)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadBlock(f"{name} is {value!r}", f"state {name} as text")
    return value


def _refuse_unknown(body: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := sorted(set(body) - known):
        raise BadBlock(f"{', '.join(unknown)} is not known here", f"use {', '.join(sorted(known))}")
