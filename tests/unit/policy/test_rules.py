"""The rules of the shipped edition: shown by its examples, and no change to one goes unseen."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jewelrymodel.policy import edition_proof
from jewelrymodel.policy.conditions import compile_all
from jewelrymodel.policy.edition_reader import EditionRefused, read_edition
from jewelrymodel.policy.rulebook import Effect, Rule
from tests.support.shipped_edition import FILE, NAMES, SOURCE, edition

FLIPS = {"==": "!=", "!=": "==", ">=": ">", "<=": "<", ">": ">=", "<": "<="}
COMPARISON = re.compile(r"==|!=|>=|<=|>|<")
OTHER_EFFECT = {
    Effect.FINAL: Effect.PERSON,
    Effect.NOT_A_GROUND: Effect.PERSON,
    Effect.GROUND: Effect.NOT_A_GROUND,
    Effect.QUESTION: Effect.PERSON,
    Effect.PERSON: Effect.NOT_A_GROUND,
    Effect.TERMS_GRANT: Effect.NOT_A_GROUND,
    Effect.TERMS_REFUSE: Effect.PERSON,
}


def flipped(text: str) -> str:
    if COMPARISON.search(text):
        return COMPARISON.sub(lambda found: FLIPS[found[0]], text)
    if " in " in text:
        return f"!({text})"
    return text.removeprefix("!") if text.startswith("!") else f"!{text}"


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    parameters = [one.name for one in edition().parameters]
    for index, condition in enumerate(rule.when):
        texts = [one.text for one in rule.when]
        texts[index] = flipped(condition.text)
        when = compile_all(texts, reads=rule.reads, parameters=parameters)
        yield f"{rule.id}: {texts[index]}", replace(rule, when=when)
        rest = rule.when[:index] + rule.when[index + 1 :]
        yield f"{rule.id}: without {condition.text}", replace(rule, when=rest)
    effect = OTHER_EFFECT[rule.effect]
    yield f"{rule.id}: {effect}", replace(rule, effect=effect, gives=())
    if rule.by_person:
        yield f"{rule.id}: by a machine", replace(rule, by_person=False)


ALL_MUTANTS = [(name, mutant) for rule in edition().rules for name, mutant in mutants(rule)]


@pytest.mark.no_cover  # thousands of decisions, all on ways that other tests go
@pytest.mark.clause("3.6", "3.7", "3.8", "4.2", "4.3", "4.4", "5.2a", "5.2b", "5.2c", "5.2d")
@pytest.mark.parametrize(
    "mutant", [one for _, one in ALL_MUTANTS], ids=[name for name, _ in ALL_MUTANTS]
)
def test_the_edition_is_refused_with_any_rule_changed(mutant: Rule) -> None:
    shipped = edition()
    rules = tuple(mutant if rule.id == mutant.id else rule for rule in shipped.rules)
    changed = replace(shipped, rules=rules)
    failed = any(edition_proof.failure(changed, example) for example in shipped.examples)
    assert failed or any(edition_proof.conflicts(changed))


def test_every_rule_is_shown_in_both_directions() -> None:
    assert edition_proof.rules_unproven(edition()) == []


def test_every_clause_has_a_rule_or_a_reason() -> None:
    assert edition_proof.clauses_without(edition()) == []


RULE_41 = SOURCE[SOURCE.index('```rule\nid = "4.1"') :].partition("\n```\n")[0]
SECOND_53 = """
```rule
id = "5.3-other"
reads = ["task.status", "task.owed_credits"]
when = ['task.status == "failed"', 'task.owed_credits > 3']
effect = "ground"
gives = [{ remedy = "other", formula = "as_found" }]
```
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (RULE_41, RULE_41.replace('"4.1"', '"4.9"'), "4.9 is no clause"),
        (RULE_41, RULE_41.replace('purchase.kind",', 'purchase.knd",'), "policy schema"),
        (RULE_41, RULE_41.replace('== "package"', "== 3"), "compare like with like"),
        (RULE_41, RULE_41.replace("'purchase.delivered'", "'purchase.paid'"), "undeclared"),
        (RULE_41, RULE_41.replace("'purchase.delivered'", "'purchase.kind'"), "no yes or no"),
        (RULE_41, RULE_41.replace('"final"', '"finall"'), "one of final"),
        (RULE_41, RULE_41.replace('effect = "final"', 'effect = "ground"'), "give remedies"),
        (RULE_41, RULE_41.replace("when = [", "whn = ["), "use by_person"),
        (RULE_41, re.sub(r"when = .*", "when = []", RULE_41), "at least one condition"),
        (RULE_41, RULE_41.replace('"unused"', '"mood"'), "values of request.ground"),
        (RULE_41, RULE_41 + '\nquestion = "Why?"', "question fits no final"),
        (RULE_41, RULE_41 + '\nexception_to = "4.7"', "name a rule of this edition"),
        (RULE_41, RULE_41 + "\nid = 7", "mend the TOML"),
        (RULE_41, RULE_41 + "\n```\n\n" + RULE_41, "stands twice"),
        (
            'examines = ["style"]\neffect = "person"',
            'examines = ["style"]\neffect = "not_a_ground"',
            "leave it to a person",
        ),
        ('id = "3.2"', "id = 3.2", "state id as text"),
        (
            'reads = ["task.status", "task.owed',
            'reads = ["task.check_version", "task.owed',
            "read facts",
        ),
        ('formula = "owed_credits"', 'formula = "guess"', "remedy and formula of"),
        ('formula = "owed_credits"', 'formula = "outage_credits"', "read them"),
        ('clauses = ["5.4"]', 'clauses = ["5.9"]', "known clause ids"),
        ('clauses = ["5.4"]', "clauses = []", "no rule for 5.4"),
        ("task.owed_credits = 1\n[expect]", "task.owed_credits = 2\n[expect]", "credits is 2"),
        ("task.owed_credits = 1\n[expect]", "task.owed_credits = -1\n[expect]", "not below 0"),
        ("task.owed_credits = 1\n[expect]", "task.owed = 1\n[expect]", "task.owed is no fact"),
        ("credits = 1\n```", "credit = 1\n```", "credit is not known here"),
        ('outcome = "ask"\n', "", "expects too little"),
        (
            "purchase.paid = true\npurchase.delivered",
            "purchase.paid = 1\npurchase.delivered",
            "usual",
        ),
        ("## What we can review", SECOND_53 + "\n## What we can review", "disagree where"),
    ],
)
def test_a_block_that_is_wrong_is_refused_with_line_and_mend(old: str, new: str, says: str) -> None:
    assert old in SOURCE
    assert old != new
    with pytest.raises(EditionRefused) as refused:
        read_edition(FILE, SOURCE.replace(old, new, 1).encode(), NAMES)
    assert says in str(refused.value)
    assert re.match(rf"{FILE}:\d+: ", str(refused.value))


def test_an_exception_settles_a_conflict() -> None:
    exception = SECOND_53.rstrip().removesuffix("```") + 'exception_to = "5.3"\n```\n'
    text = SOURCE.replace("## What we can review", exception + "\n## What we can review", 1)
    found = read_edition(FILE, text.encode(), NAMES)
    assert [rule.exception_to for rule in found.rules if rule.id == "5.3-other"] == ["5.3"]


def test_checkout_terms_that_grant_and_refuse_at_once_are_at_odds() -> None:
    (sound,) = [rule for rule in edition().rules if rule.id == "4.1"]
    grants = replace(sound, id="3.4-a", clause="3.4", effect=Effect.TERMS_GRANT)
    refuses = replace(sound, id="3.4-b", clause="3.4", effect=Effect.TERMS_REFUSE)
    torn = replace(edition(), rules=(grants, refuses))
    ((one, other, values),) = edition_proof.conflicts(torn)
    assert (one.id, other.id) == ("3.4-a", "3.4-b")
    assert values == {"purchase.kind": "package", "purchase.delivered": True}
    settled = replace(torn, rules=(grants, replace(refuses, exception_to="3.4-a")))
    assert not list(edition_proof.conflicts(settled))
    never = replace(refuses, when=compile_all(["false"], reads=(), parameters=()))
    assert not list(edition_proof.conflicts(replace(torn, rules=(grants, never))))
