"""Statements that the server prepares once for each connection, and is only sent the values of.

For what every image asks and writes: to put such a statement together, and to plan it, takes longer
than to carry it out. Where prepared statements are off (a pooler that knows none, see
PREPARED_STATEMENTS), the same statements are planned anew each time.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.models import Field, Model

from jewelrymodel.infra.postgresql.base import PreparedCursor

Values = Mapping[str, object] | Sequence[object]
Row = tuple[Any, ...]
M = TypeVar("M", bound=Model)


class Part(NamedTuple):
    """A statement and its values, in the order of its placeholders."""

    sql: str
    values: tuple[object, ...]


def rows(sql: str, values: Values = ()) -> list[Row]:
    """Return the rows that *sql* answers, none where it answers nothing; raises as Django does.

    Only for text that stays the same: each is kept by the server. Values get their type from where
    they stand, so name it where that says nothing (``%s::text[]``).
    """
    connection.ensure_connection()
    with _cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def spelled(sql: str, **tables: type[Model]) -> str:
    """Return *sql* with every ``table.*`` as the columns of its model, in the order of ``read``.

    A later version may add a column while this one still runs.
    """
    for table, model in tables.items():
        columns = (f'{table}."{field.column}"' for field in model._meta.concrete_fields)
        sql = sql.replace(f"{table}.*", ", ".join(columns))
    return sql


def read(model: type[M], row: Sequence[Any]) -> M:
    """Return the row of *model* that these columns of an answer are."""
    fields = model._meta.concrete_fields
    values = [
        value if field is None else field.from_db_value(value, None, connection)
        for field, value in zip(_converting(model), row, strict=True)
    ]
    return model.from_db(None, [field.attname for field in fields], values)


def together(*parts: Part) -> int:
    """Carry out several writes by one statement, and return how many rows the last one wrote.

    None of them sees what another writes, and keys are checked after the last.
    """
    *first, last = parts
    before = ", ".join(f"w{n} AS ({part.sql})" for n, part in enumerate(first))
    connection.ensure_connection()
    with _cursor() as cursor:
        cursor.execute(
            f"WITH {before} {last.sql}" if first else last.sql,
            [value for part in parts for value in part.values],
        )
        return int(cursor.rowcount)


def insertion(*new: Model) -> Part:
    """Return the statement that inserts *new* rows of one table, with every id known.

    Columns that the database fills by itself are left to it. No signals are sent.
    """
    fields = _stored(type(new[0]))
    given = [[(field.column, _value(field, row, is_new=True)) for field in fields] for row in new]
    given = [[one for one in row if not hasattr(one[1], "resolve_expression")] for row in given]
    columns = tuple(column for column, _ in given[0])
    if any(tuple(column for column, _ in row) != columns for row in given):
        raise ValueError("rows that are inserted together fill the same columns")
    sql = _insertion(type(new[0])._meta.db_table, columns, len(new))
    return Part(sql, tuple(value for row in given for _, value in row))


def update(row: Model, *names: str) -> Part:
    """Return the statement that writes the fields *names* of *row*, found by its primary key."""
    fields = [_field(type(row), name) for name in names]
    sql = _update(row._meta.db_table, tuple(field.column for field in fields), row._meta.pk.column)
    return Part(sql, (*(_value(field, row) for field in fields), row.pk))


def whole() -> AbstractContextManager[object]:
    """Return a transaction for the block, or the caller's where it has one, without a savepoint.

    So whoever catches a refusal of the block and goes on must find nothing written by then, and an
    error of the database ends the caller's transaction as well.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def _cursor() -> Any:
    cursor: Any = PreparedCursor(connection.connection)
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor)


def _value(field: "Field[Any, Any]", row: Model, *, is_new: bool = False) -> object:
    value = field.pre_save(row, add=is_new)
    if hasattr(value, "resolve_expression"):
        return value
    return field.get_db_prep_save(value, connection=connection)


@cache
def _converting(model: type[Model]) -> tuple[Any, ...]:
    """The fields whose values are not as the driver reads them; None for the others."""
    fields = model._meta.concrete_fields
    return tuple(field if hasattr(field, "from_db_value") else None for field in fields)


@cache
def _stored(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    return tuple(field for field in model._meta.local_concrete_fields if not field.generated)


@cache
def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return model._meta.get_field(name)  # type: ignore[return-value]  # only columns are written


@cache
def _insertion(table: str, columns: tuple[str, ...], rows_: int) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows_)
    return f'INSERT INTO "{table}" ({names}) VALUES {places}'  # noqa: S608  # names of models


@cache
def _update(table: str, columns: tuple[str, ...], key: str) -> str:
    settings = ", ".join(f'"{column}" = %s' for column in columns)
    return f'UPDATE "{table}" SET {settings} WHERE "{key}" = %s'  # noqa: S608  # the same
