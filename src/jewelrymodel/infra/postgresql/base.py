"""Django's backend for PostgreSQL, without an index that it adds and with prepared statements."""

from typing import Any

import psycopg
from django.db.backends.ddl_references import Statement
from django.db.backends.postgresql import base, operations, schema
from django.db.models import Field, Model

SEARCHED_BY_PREFIX: frozenset[tuple[str, str]] = frozenset({("accounts_user", "email")})
"""The indexed columns, by their table, that something looks up by how they begin."""


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Makes an index by pattern only where something looks for one.

    Django adds one to each key and unique column of text: what begins with something can't be found
    by the plain index where the database sorts by a language. Identifiers are never sought so, and
    every row written pays for both.
    """

    def _create_like_index_sql(
        self, model: type[Model], field: "Field[Any, Any]"
    ) -> Statement | None:
        if (model._meta.db_table, field.column) not in SEARCHED_BY_PREFIX:
            return None
        made: Statement | None = super()._create_like_index_sql(model, field)  # type: ignore[misc]
        return made


class PreparedCursor(psycopg.Cursor[tuple[Any, ...]]):
    """Has the server prepare what it executes, where the connection prepares anything."""

    def execute(self, query: Any, params: Any = None, **_more: Any) -> "PreparedCursor":
        """Execute *query* with *params*, which the server puts in."""
        super().execute(query, params, prepare=True)
        return self


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, which can say what such a cursor sent."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> Any:
        """Return *sql* with its values, for whoever logs or counts statements."""
        if isinstance(cursor, PreparedCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with these; ``infra.prepared`` is what uses the cursor."""

    SchemaEditorClass = SchemaEditor
    ops_class = DatabaseOperations
