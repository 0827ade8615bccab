"""Conditions in CEL, behind one typed wrapper.

Each is compiled in an environment of only what its rule reads, and checked to be a boolean then;
facts reach it validated, because the library itself lets a missing one pass as a string.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from jewelrymodel.policy.facts import SCHEMA, FactType, Value

PARAMETER = "param."
_MANY = 512
"""More conditions than ten editions have."""

_TYPES = {FactType.BOOL: cel.Type.BOOL, FactType.INT: cel.Type.INT, FactType.ENUM: cel.Type.STRING}


class BadCondition(ValueError):
    """This condition can't be used; the message says why."""


@dataclass(frozen=True)
class Condition:
    """One conjunct of a rule: its text, and the expression that the text compiles to."""

    text: str
    expression: Any = field(compare=False, repr=False)

    def holds(self, values: Mapping[str, Value]) -> bool | None:
        """Return whether it holds on *values*; None where it can't tell: that counts as missing."""
        result = self.expression.eval(data=dict(values))
        return result.value() if result.type() == cel.Type.BOOL else None


def compile_all(
    texts: Iterable[str], *, reads: Iterable[str], parameters: Iterable[str]
) -> tuple[Condition, ...]:
    """Return the conditions; raises BadCondition for what is undeclared or no boolean."""
    names = frozenset(reads), frozenset(parameters)
    return tuple(_compiled(text, *names) for text in texts)


@lru_cache(maxsize=_MANY)
def _compiled(text: str, reads: frozenset[str], parameters: frozenset[str]) -> Condition:
    """An edition says most of what the one before it said: that is compiled already."""
    try:
        expression = _environment(reads, parameters).compile(text)
    except RuntimeError as error:
        problem = str(error).splitlines()[0].removeprefix("INVALID_ARGUMENT: ERROR: <input>:")
        raise BadCondition(f"{text!r} at {problem}") from None
    if expression.return_type() != cel.Type.BOOL:
        raise BadCondition(f"{text!r} is no yes or no")
    return Condition(text, expression)


@lru_cache(maxsize=_MANY)
def _environment(reads: frozenset[str], parameters: frozenset[str]) -> Any:
    variables = {name: _TYPES[SCHEMA[name].type] for name in reads}
    variables |= {PARAMETER + name: cel.Type.INT for name in parameters}
    return cel.NewEnv(variables=variables)
