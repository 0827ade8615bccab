"""How often each version of the automatic check was wrong when it was measured.

`bench/image_check.py --write` fills `image_check_record.json` together with the table in
docs/image_check.md. Former versions stay in it: an image keeps the version that looked at it, and
what is decided about it later rests on the rate of that version, not of the newest.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

ALL_DAMAGES, UNDAMAGED, REPHOTOGRAPHED = "all damages", "undamaged", "undamaged, other light"


@dataclass(frozen=True)
class ErrorRate:
    """So many of the pictures got the wrong verdict; `at_most` is the upper bound of their share
    (95 %, bootstrap over pieces; three divided by the pieces where none was wrong). `unchecked`
    more passed with a verdict that says what couldn't be checked; `passed_at_most` bounds both.
    """

    pieces: int
    pictures: int
    wrong: int
    at_most: float
    unchecked: int = 0
    passed_at_most: float | None = None

    @property
    def share(self) -> float:
        """The measured share of wrong verdicts, 0…1."""
        return self.wrong / self.pictures


@dataclass(frozen=True)
class CheckRecord:
    """What was measured of one version of the check: of each planted damage how often it was called
    a match, of undamaged pictures how often they were called changed.

    `own_looks` holds where the picture behind the piece is known; `hosted` where a generator made
    it. Keys are the damages' names, and ALL_DAMAGES, UNDAMAGED and REPHOTOGRAPHED.
    """

    version: str
    measured_on: date
    code: str
    own_looks: dict[str, ErrorRate]
    hosted: dict[str, ErrorRate]


@cache
def check_records() -> dict[str, CheckRecord]:
    """Every version that was measured, by its name; the one in use comes first."""
    text = files("jewelrymodel.studio").joinpath("image_check_record.json").read_text("utf-8")
    records = (_record(row) for row in json.loads(text)["versions"])
    return {record.version: record for record in records}


def _record(row: dict[str, Any]) -> CheckRecord:
    rates = ({k: ErrorRate(**v) for k, v in row[name].items()} for name in ("own_looks", "hosted"))
    return CheckRecord(row["version"], date.fromisoformat(row["measured_on"]), row["code"], *rates)


CHECK_VERSION = next(iter(check_records()))
"""The version in use: the day of its measurement and the beginning of its code's digest."""


def miss_rate(version: str = CHECK_VERSION, *, own_look: bool = True) -> ErrorRate | None:
    """How many planted damages passed, with whatever verdict; None where a version was never
    measured.

    `own_look` is False where a hosted generator made the picture.
    """
    record = check_records().get(version)
    rate = record and (record.own_looks if own_look else record.hosted).get(ALL_DAMAGES)
    if not rate:
        return None
    at_most = rate.at_most if rate.passed_at_most is None else rate.passed_at_most
    return ErrorRate(rate.pieces, rate.pictures, rate.wrong + rate.unchecked, at_most)
