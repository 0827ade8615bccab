"""Reads files of law (TOML): refused with the file and what to mend."""

import datetime
import hashlib
import tomllib
from collections.abc import Mapping
from typing import Any

from jewelrymodel.policy import law
from jewelrymodel.policy.edition import EditionRefused, Parameter
from jewelrymodel.policy.facts import Value
from jewelrymodel.policy.rulebook import (
    BadBlock,
    Effect,
    Example,
    Rule,
    flat,
    read_example,
    read_rule,
)


def read_law(file: str, content: bytes) -> law.LawFile:
    """Return the file of law that *content* holds; raises EditionRefused."""
    try:
        body = tomllib.loads(content.decode())
        return _law(body, hashlib.sha256(content).hexdigest())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionRefused(file, 1, str(error), "mend the TOML") from None
    except BadBlock as error:
        raise EditionRefused(file, 1, str(error), error.mend) from None
    except (KeyError, TypeError) as error:
        raise EditionRefused(file, 1, f"incomplete: {error}", "compare with a whole one") from None


def _law(body: Mapping[str, Any], sha256: str) -> law.LawFile:
    parameters = tuple(
        Parameter(name, row["value"], row["unit"], row["meaning"])
        for name, row in body["parameters"].items()
    )
    numbers = {one.name: one.value for one in parameters}
    usual = flat(body["usual"])
    rows = tuple(_row(row, body["common"], usual, numbers) for row in body["row"])
    _refuse_twice(rows)
    return law.LawFile(
        date=_day(body["date"]),
        effective_from=_day(body["effective_from"]),
        title=body["title"],
        sha256=sha256,
        reviewed_by=body["reviewed_by"],
        reviewed_on=_day(body["reviewed_on"]) if body["reviewed_on"] else None,
        parameters=parameters,
        rows=rows,
    )


def _row(
    row: Mapping[str, Any],
    common: Mapping[str, Any],
    usual: Mapping[str, Value],
    numbers: Mapping[str, int],
) -> law.LawRow:
    whose = tuple(row["jurisdictions"])
    return law.LawRow(
        id=row["id"],
        jurisdictions=whose,
        text=row["text"],
        basis=row["basis"],
        confidence=row["confidence"],
        note=row["note"],
        rules=tuple(_rule(row["id"], whose, one, common, numbers) for one in row.get("rule", ())),
        examples=tuple(_example(one, usual, numbers) for one in row.get("example", ())),
    )


def _rule(
    row_id: str,
    whose: tuple[str, ...],
    body: Mapping[str, Any],
    common: Mapping[str, Any],
    numbers: Mapping[str, int],
) -> Rule:
    """A right, with what all of the file's rules ask: only of whom the row protects."""
    where = ", ".join(f'"{one}"' for one in whose)
    whole = {
        **body,
        "id": f"{row_id}-{body['id']}",
        "reads": common["reads"],
        "when": [*common["when"], f"buyer.jurisdiction in [{where}]", *body["when"]],
        "examines": [law.WITHDRAWAL],
        "effect": Effect.RIGHT.value,
    }
    return read_rule(whole, numbers, clause=row_id)


def _example(
    body: Mapping[str, Any], usual: Mapping[str, Value], numbers: Mapping[str, int]
) -> Example:
    return read_example(body, usual, numbers, 1)


def _refuse_twice(rows: tuple[law.LawRow, ...]) -> None:
    ids = [one.id for one in rows]
    ids += [rule.id for one in rows for rule in one.rules]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise BadBlock(f"{', '.join(twice)} stands twice", "give each row and rule its own id")


def _day(value: object) -> datetime.date:
    if type(value) is not datetime.date:
        raise BadBlock(f"{value!r} is no date", "give a date like 2026-11-30")
    return value
