"""The files of law that we ship, read once in a process."""

from functools import lru_cache
from importlib.resources import files

from jewelrymodel.policy.decision import Decision
from jewelrymodel.policy.law import ROLE, LawFile
from jewelrymodel.policy.law_reader import read_law

_FOLDER = "terms/law"


@lru_cache(maxsize=1)
def laws() -> tuple[LawFile, ...]:
    """Return every file of law, oldest first; raises EditionRefused where one can't be read."""
    folder = files("jewelrymodel").joinpath(_FOLDER)
    paths = [one for one in folder.iterdir() if one.name.endswith(".toml")]
    read = (read_law(one.name, one.read_bytes()) for one in paths)
    return tuple(sorted(read, key=lambda one: one.date))


def newest() -> LawFile:
    """Return the newest file of law."""
    return laws()[-1]


def law_of(decision: Decision) -> LawFile | None:
    """Return the file that a decision went by; None where it went by none, or by one not here."""
    named = {one.sha256 for one in decision.editions if one.role == ROLE}
    return next((one for one in laws() if one.sha256 in named), None)


def left_to_person(decision: Decision) -> bool:
    """Return whether a right that the decision rests on asks what no record of ours can tell, so
    that a person decides it.
    """
    file = law_of(decision)
    rows = file.rows if file else ()
    asking = {rule.id for row in rows for rule in row.rules if rule.by_person}
    return any(one.rule_id in asking for one in decision.remedies)
