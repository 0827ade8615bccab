"""The clauses: stable ids that rules, decisions, tests and customer texts cite."""

from enum import StrEnum


class ClauseKind(StrEnum):
    """What sort of statement a clause is; only promises bind us without a condition."""

    PROMISE = "promise"
    TARGET = "target"
    DEFINITION = "definition"
    SCOPE = "scope"
    DEFAULT = "default"
    PRINCIPLE = "principle"
    RULE = "rule"
    EXCEPTION = "exception"
    NEGATIVE = "negative"
    DISCLOSURE = "disclosure"
    PROCEDURE = "procedure"
    POWER = "power"
    GROUND = "ground"
    REMEDY = "remedy"


_IDS_BY_KIND: dict[ClauseKind, str] = {
    ClauseKind.PROMISE: "0.1 10.2 3.2 3.5 4.5 5.3",
    ClauseKind.TARGET: "7.6",
    ClauseKind.DEFINITION: "1.1 2.1",
    ClauseKind.SCOPE: "1.2",
    ClauseKind.DEFAULT: "2.2 4.1",
    ClauseKind.PRINCIPLE: "2.3",
    ClauseKind.RULE: "3.1 3.3 6.5 8.7",
    ClauseKind.EXCEPTION: "3.4 7.7",
    ClauseKind.NEGATIVE: "3.6 3.7 3.8 4.2 4.3 4.4 5.2a 5.2b 5.2c 5.2d",
    ClauseKind.DISCLOSURE: "5.1",
    ClauseKind.PROCEDURE: "5.4 6.6 7.0 7.1 7.2 7.3 7.4 7.5",
    ClauseKind.POWER: "6.0 8.0 9.1 10.1",
    ClauseKind.GROUND: "6.1 6.2 6.3 6.4",
    ClauseKind.REMEDY: "8.1 8.2 8.3 8.4 8.5 8.6",
}


def _place(clause: str) -> tuple[int, int, str]:
    """Where a clause stands in the policy: 5.2a after 5.1, 10.1 last."""
    part, _, rest = clause.partition(".")
    digits = rest.rstrip("abcd")
    return int(part), int(digits), rest.removeprefix(digits)


_KINDS = {clause: kind for kind, ids in _IDS_BY_KIND.items() for clause in ids.split()}

CLAUSES: dict[str, ClauseKind] = {clause: _KINDS[clause] for clause in sorted(_KINDS, key=_place)}
"""Every clause with its kind, in the order of the policy."""
