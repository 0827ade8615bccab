"""The files of law that we ship, read once in a process."""

from functools import lru_cache
from importlib.resources import files

from jewelrymodel.policy.law import LawFile
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
