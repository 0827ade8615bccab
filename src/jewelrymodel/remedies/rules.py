"""Small rules of the facts: whose law, what repeats what, what a job still owes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from jewelrymodel.policy.facts import Fact, Value

_EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905  as one reads them
)


def jurisdiction(country: str) -> str:
    """Return whose consumer law applies, in the policy's words."""
    if country in _EU:
        return "EU"
    return {"GB": "UK", "US": "US", "AU": "AU"}.get(country, "other")


def owed_credits(*, ended: bool, held: int, is_open: bool, captured: int, delivered: int) -> int:
    """Return the credits that a job took, or still holds, for what it did not deliver (5.3).

    *delivered* is the price of what can be fetched; what came late was free and isn't in it.
    """
    if not ended:
        return 0
    return held if is_open else max(0, captured - delivered)


def overused(*, used: tuple[int, int], granted: int) -> int:
    """Return what two purchases used together beyond what the surviving one held (edge 5)."""
    return max(0, sum(used) - granted)


def known(
    values: Mapping[str, Value], *, record: str, at: datetime, sha256: str = ""
) -> dict[str, Fact]:
    """Return *values* as facts of one record; without a hash of its own, that of the values."""
    text = json.dumps([record, *sorted(values.items())], default=str)
    digest = sha256 or hashlib.sha256(text.encode()).hexdigest()
    return {name: Fact(value, record, at, digest) for name, value in values.items()}


def signature(values: Mapping[str, Value], said: object) -> str:
    """Return a digest of what an assessment rests on and says; instants don't count."""
    moving = {"purchase.age_minutes"}
    told = [sorted((k, v) for k, v in values.items() if k not in moving), said]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()
