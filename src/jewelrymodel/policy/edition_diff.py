"""What changed between two editions: prose, parameters and effect, clause by clause."""

from dataclasses import dataclass
from enum import StrEnum

from jewelrymodel.policy.clauses import CLAUSES
from jewelrymodel.policy.edition import Edition, Parameter
from jewelrymodel.policy.rulebook import Rule


class ChangeKind(StrEnum):
    """What happened to a clause's sentence."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    EFFECT = "effect"


@dataclass(frozen=True)
class Change:
    """One clause that reads or works differently; *effect* says how its rules differ."""

    clause: str
    kind: ChangeKind
    before: str
    after: str
    effect: tuple[str, ...]


@dataclass(frozen=True)
class ParameterChange:
    """A number that the newer edition sets otherwise; None where an edition has no such number."""

    meaning: str
    unit: str
    before: int | None
    after: int | None


def compare(older: Edition, newer: Edition) -> tuple[Change, ...]:
    """Return the clauses whose prose or rules differ, in the order of the clauses."""
    changes = (_change(clause, older, newer) for clause in CLAUSES)
    return tuple(one for one in changes if one is not None)


def compare_parameters(older: Edition, newer: Edition) -> tuple[ParameterChange, ...]:
    """Return the parameters whose values differ, by name."""
    former = {one.name: one for one in older.parameters}
    new = {one.name: one for one in newer.parameters}
    return tuple(
        _parameter(former.get(name), new.get(name))
        for name in sorted({*former, *new})
        if former.get(name) != new.get(name)
    )


def _change(clause: str, older: Edition, newer: Edition) -> Change | None:
    old_prose, new_prose = older.prose_of(clause), newer.prose_of(clause)
    effect = _effect(_rules(older, clause), _rules(newer, clause))
    if old_prose == new_prose and not effect:
        return None
    if old_prose == new_prose:
        kind = ChangeKind.EFFECT
    elif not old_prose:
        kind = ChangeKind.ADDED
    else:
        kind = ChangeKind.CHANGED if new_prose else ChangeKind.REMOVED
    return Change(clause, kind, old_prose, new_prose, effect)


def _rules(edition: Edition, clause: str) -> dict[str, Rule]:
    return {rule.id: rule for rule in edition.rules if rule.clause == clause}


def _effect(former: dict[str, Rule], new: dict[str, Rule]) -> tuple[str, ...]:
    changes = [f"new rule {name}" for name in new if name not in former]
    changes += [f"no rule {name} any more" for name in former if name not in new]
    same = [name for name in new if name in former and former[name] != new[name]]
    return (*changes, *(f"rule {name} works differently" for name in same))


def _parameter(before: Parameter | None, after: Parameter | None) -> ParameterChange:
    shown = after or before
    assert shown is not None  # noqa: S101  the name comes from one of them
    return ParameterChange(
        meaning=shown.meaning,
        unit=shown.unit,
        before=before.value if before else None,
        after=after.value if after else None,
    )
