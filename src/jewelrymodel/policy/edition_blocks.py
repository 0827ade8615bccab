"""The fenced blocks of an edition: read where they stand, refused with file, line and mend."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from jewelrymodel.policy import edition_proof
from jewelrymodel.policy.edition import Edition, EditionRefused
from jewelrymodel.policy.facts import Value
from jewelrymodel.policy.parameters import refuse_unread
from jewelrymodel.policy.rulebook import (
    BadBlock,
    Example,
    NoRule,
    Rule,
    read_example,
    read_none,
    read_rule,
)

T = TypeVar("T")
KINDS = ("rule", "example", "none")


@dataclass(frozen=True)
class Fence:
    """One fenced block: its kind, its TOML, and the line that opens it."""

    kind: str
    content: str
    line: int


@dataclass(frozen=True)
class Blocks:
    """The blocks of an edition, read; *lines* says where each rule begins."""

    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]
    without_rule: tuple[NoRule, ...]
    lines: Mapping[str, int]


def read_blocks(
    file: str,
    fences: Iterable[Fence],
    parameters: Mapping[str, int],
    usual: Mapping[str, Value],
) -> Blocks:
    """Return what the blocks say; raises EditionRefused."""
    rules, examples, without, lines = (
        list[Rule](),
        list[Example](),
        list[NoRule](),
        dict[str, int](),
    )
    for fence in fences:
        if fence.kind == "rule":
            rule = _read(file, fence, partial(read_rule, parameters=parameters))
            if rule.id in lines:
                raise EditionRefused(file, fence.line, f"{rule.id} stands twice", "rename one")
            rules.append(rule)
            lines[rule.id] = fence.line
        elif fence.kind == "example":
            reader = partial(read_example, usual=usual, parameters=parameters, line=fence.line)
            examples.append(_read(file, fence, reader))
        else:
            without.append(_read(file, fence, read_none))
    return Blocks(tuple(rules), tuple(examples), tuple(without), lines)


def refuse_unproven(file: str, edition: Edition, lines: Mapping[str, int]) -> None:
    """Raise EditionRefused for a gap, a number that nobody reads, a conflict, a failing example."""
    if missing := edition_proof.clauses_without(edition):
        mend = "write its rule, or name it in a none block with the reason"
        raise EditionRefused(file, 1, f"no rule for {', '.join(missing)}", mend)
    refuse_unread(file, edition)
    for rule in edition.rules:
        if rule.exception_to and rule.exception_to not in lines:
            problem = f"{rule.id} is an exception to {rule.exception_to}, which is no rule"
            raise EditionRefused(file, lines[rule.id], problem, "name a rule of this edition")
    for one, other, values in edition_proof.conflicts(edition):
        facts = ", ".join(f"{name} = {value}" for name, value in sorted(values.items()))
        problem = f"{one.id} and {other.id} disagree where {facts}"
        raise EditionRefused(file, lines[other.id], problem, "make one the other's exception")
    for example in edition.examples:
        if wrong := edition_proof.failure(edition, example):
            problem = f"the example {example.title!r} fails: {wrong}"
            raise EditionRefused(file, example.line, problem, "mend the rule or the example")


def _read(file: str, fence: Fence, reader: Callable[[Mapping[str, Any]], T]) -> T:
    try:
        return reader(tomllib.loads(fence.content))
    except tomllib.TOMLDecodeError as error:
        raise EditionRefused(file, fence.line, f"{fence.kind}: {error}", "mend the TOML") from None
    except BadBlock as error:
        raise EditionRefused(file, fence.line, str(error), error.mend) from None
