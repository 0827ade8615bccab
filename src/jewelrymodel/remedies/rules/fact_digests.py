"""Facts with the digest of the record they were read from, and the signature of an assessment."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from jewelrymodel.policy.facts import Fact, Value


def facts_of_record(
    values: Mapping[str, Value], *, record: str, at: datetime, sha256: str = ""
) -> dict[str, Fact]:
    """Return *values* as facts of one record; without a hash of its own, that of the values."""
    text = json.dumps([record, *sorted(values.items())], default=str)
    digest = sha256 or hashlib.sha256(text.encode()).hexdigest()
    return {name: Fact(value, record, at, digest) for name, value in values.items()}


def signature(values: Mapping[str, Value], conclusion: object) -> str:
    """Return a digest of an assessment's *values* and its *conclusion*; instants don't count."""
    moving = {"purchase.age_minutes"}
    basis = [sorted((k, v) for k, v in values.items() if k not in moving), conclusion]
    return hashlib.sha256(json.dumps(basis, default=str).encode()).hexdigest()
