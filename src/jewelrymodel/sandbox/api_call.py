"""One API call as its handler sees it, and what every collection has in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from jewelrymodel.sandbox.encodings import Doc, list_of
from jewelrymodel.sandbox.errors import Refused, invalid
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.store import Tx, where

_AFTER = " AND seq < (SELECT seq FROM objects WHERE id = ?)"
_BEFORE = " AND seq > (SELECT seq FROM objects WHERE id = ?)"

# A refusal that is returned (not raised) keeps what was done: a declined charge stays on record.
Answer: TypeAlias = "Doc | Refused"


@dataclass
class Call:
    """The transaction, the parameters, and the id in the address (empty for collections)."""

    tx: Tx
    params: Params
    path: str
    id: str = ""

    def subject(self, kind: str) -> Doc:
        """The document that the address names."""
        return self.tx.need(kind, self.id)


Handler: TypeAlias = Callable[[Call], Answer]


def retrieve(kind: str) -> Handler:
    """A handler that answers with one document."""
    return lambda call: call.subject(kind)


def listing(kind: str, *filters: str) -> Handler:
    """A handler that answers with a page of documents, newest first, filtered by these fields.

    A filter `name=field` is sent as `name` and kept as `field`; `a.b` is sent as `a[b]`.
    """
    names = [name.partition("=") for name in filters]

    def handle(call: Call) -> Doc:
        sent = {field or name: _sent(call.params, name) for name, _, field in names}
        return page(call, kind, {field: value for field, value in sent.items() if value})

    return handle


def _sent(params: Params, name: str) -> str | None:
    outer, _, inner = name.partition(".")
    if not inner:
        return params.text(name)
    nested = params.inner(outer)
    return nested.text(inner) if nested else None


def page(
    call: Call, kind: str, equal: dict[str, str], unlike: dict[str, str | bool] | None = None
) -> Doc:
    """One page, by `limit`, `starting_after`, `ending_before` and `created`."""
    limit = call.params.integer("limit", 10, least=1, most=100) or 10
    clauses, values = where(kind, dict(equal))
    for field, value in (unlike or {}).items():
        clauses += " AND json_extract(body, ?) IS NOT ?"
        values += [f"$.{field}", value]
    created, created_values = _created(call.params)
    clauses, values = clauses + created, values + created_values
    after, before = call.params.text("starting_after"), call.params.text("ending_before")
    if after and before:
        raise invalid("ending_before", "Use starting_after or ending_before, not both.")
    if cursor := after or before:
        call.tx.need(kind, cursor, param="starting_after" if after else "ending_before", status=400)
        clauses += _AFTER if after else _BEFORE
        values.append(cursor)
    order = "ASC" if before else "DESC"
    rows = call.tx.conn.execute(
        f"SELECT body FROM objects WHERE {clauses} ORDER BY seq {order} LIMIT ?",  # noqa: S608 - see where()
        [*values, limit + 1],
    ).fetchall()
    docs = [json.loads(row[0]) for row in rows[:limit]]
    return list_of(call.path, docs[::-1] if before else docs, has_more=len(rows) > limit)


def _created(params: Params) -> tuple[str, list[int]]:
    if isinstance(params.raw("created"), str):
        return " AND created = ?", [params.needed_integer("created")]
    bounds = params.inner("created")
    if bounds is None:
        return "", []
    clauses, values = "", []
    for name, sign in (("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<=")):
        if (value := bounds.integer(name)) is not None:
            clauses += f" AND created {sign} ?"
            values.append(value)
    return clauses, values
