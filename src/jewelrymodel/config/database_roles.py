"""Two roles of the database: who owns the tables and migrates them, and who serves.

Triggers and constraints are what keeps the books right whatever the code does; so the role of web
and worker owns nothing, and what comes over its connection can take none of them away.
"""

import contextlib
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import ProgrammingError, connection, connections
from django.db.migrations.exceptions import MigrationSchemaMissing
from psycopg.errors import InsufficientPrivilege

from jewelrymodel.config.child_processes import close_to_own_user
from jewelrymodel.config.environment_variables import OWNER_VARIABLE

MAKE_TABLES = frozenset({"migrate", "createcachetable"})
OWNERS_COMMANDS = MAKE_TABLES | {"flush", "dbshell"}
"""Those of Django's that change tables, or are how a person looks after them."""
PARAMETERS_SINCE = 150_000
_WHICH_DATABASE = (
    "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
)
# By CASE: who asks a table's toast for the rights of a sequence is answered with an error.
_LACKING = """
SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND CASE
    WHEN relkind = 'S' THEN NOT (has_sequence_privilege(%(role)s, oid, 'USAGE')
      AND has_sequence_privilege(%(role)s, oid, 'UPDATE'))
    WHEN relkind NOT IN ('r', 'p') THEN false
    WHEN relname = 'django_migrations' THEN NOT has_table_privilege(%(role)s, oid, 'SELECT')
    ELSE NOT (has_table_privilege(%(role)s, oid, 'SELECT')
      AND has_table_privilege(%(role)s, oid, 'INSERT')
      AND has_table_privilege(%(role)s, oid, 'UPDATE')
      AND has_table_privilege(%(role)s, oid, 'DELETE')) END)
  + (NOT has_schema_privilege(%(role)s, 'public', 'USAGE'))::int
"""
# Nothing temporary is given, and no schema: a table or function there would be found before ours.
_GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
    "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
    "REVOKE TRUNCATE, TRIGGER, REFERENCES ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT SELECT, USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM PUBLIC, {role}",
)
# Of every role that this one could become, whether it inherits that one's rights or has to ask.
_OF_ROLE = """
WITH role AS (SELECT * FROM pg_roles WHERE pg_has_role(%(role)s, oid, 'MEMBER')),
  relation AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace),
  rows AS (SELECT * FROM relation WHERE relkind IN ('r', 'p')),
  here AS (SELECT * FROM pg_database WHERE datname = current_database())
SELECT """
_TOO_MUCH = {
    "is a superuser": "FROM role WHERE rolsuper",
    "may make roles or databases, replicate or pass row security": """FROM role
        WHERE rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls""",
    "owns tables": "FROM role JOIN relation ON relowner = role.oid",
    "owns functions": """FROM role JOIN pg_proc ON proowner = role.oid
        WHERE pronamespace = 'public'::regnamespace""",
    "owns the schema public": "FROM role JOIN pg_namespace ON nspowner = role.oid"
    " WHERE nspname = 'public'",
    "owns the database": "FROM role JOIN here ON datdba = role.oid",
    "may truncate tables or give them triggers or references": """FROM role, rows
        WHERE has_table_privilege(role.oid, rows.oid, 'TRUNCATE, TRIGGER')
        OR has_any_column_privilege(role.oid, rows.oid, 'REFERENCES')""",
    "may write the list of migrations": """FROM role, rows
        WHERE relname = 'django_migrations'
        AND (has_table_privilege(role.oid, rows.oid, 'DELETE')
        OR has_any_column_privilege(role.oid, rows.oid, 'INSERT, UPDATE'))""",
    "may create in the schema public": """FROM role
        WHERE has_schema_privilege(role.oid, 'public', 'CREATE')""",
    "may create schemas or temporary tables": """FROM role, here
        WHERE has_database_privilege(role.oid, here.oid, 'CREATE, TEMPORARY')""",
    "may use the server's files or programs, or end others' sessions": """FROM role
        WHERE rolname IN ('pg_read_server_files', 'pg_write_server_files',
        'pg_execute_server_program', 'pg_signal_backend', 'pg_write_all_data')""",
    "may switch triggers off": """FROM role
        WHERE has_parameter_privilege(role.oid, 'session_replication_role', 'SET')""",
}
"""What a role may do beyond rows, and what to ask for it (the last one from PostgreSQL 15 on)."""


class OtherDatabase(Exception):
    """Whoever serves and whoever owns the tables don't speak of the same database."""


class OwnerNeeded(Exception):
    """Tables are to be made or changed by a role that may not."""


def use_owner() -> None:
    """Have this process speak to the database as the owner of its tables.

    Called before it first connects. Without DATABASE_OWNER_URL one role is both.
    """
    connections.settings["default"].update(settings.DATABASE_OWNER)
    if OWNER_VARIABLE in os.environ:
        close_to_own_user()


def require_same() -> None:
    """Raise OtherDatabase unless the addresses of both roles lead to one database.

    The servers are asked, since a pooler has an address of its own; asked of the owner's
    connection.
    """
    if settings.EMBEDDED_DATABASE or settings.DATABASE_SERVICE == settings.DATABASE_OWNER:
        return
    backend = type(connections["default"])
    service = backend({**connection.settings_dict, **settings.DATABASE_SERVICE}, "service")
    try:
        with service.cursor() as theirs, connection.cursor() as ours:
            for cursor in (theirs, ours):
                cursor.execute(_WHICH_DATABASE)
            if theirs.fetchone() != ours.fetchone():
                raise OtherDatabase(
                    f"DATABASE_URL and {OWNER_VARIABLE} lead to different databases; "
                    "nothing was changed in either"
                )
    finally:
        service.close()


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """Raise OwnerNeeded where what is done inside this block is the owner's to do."""
    try:
        yield
    except (ProgrammingError, MigrationSchemaMissing) as error:
        is_refused = isinstance(error.__cause__, InsufficientPrivilege)
        if not is_refused and not isinstance(error, MigrationSchemaMissing):
            raise
        role = connection.settings_dict["USER"] or "the role of DATABASE_URL"
        raise OwnerNeeded(
            f"{role} may not do this ({str(error).strip()}); "
            f"set {OWNER_VARIABLE} to the database as the owner of its tables"
        ) from error


def grant() -> list[str]:
    """Give the serving role what it needs and nothing else; return what there is to say of it.

    Asked of the owner's connection. Nothing to give where one role is both. PostgreSQL only warns
    where a right isn't the owner's to take; so what is still too much is looked for, and said.
    Raises OwnerNeeded where something that it needs is still lacking.
    """
    role = settings.DATABASE_SERVICE_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, to_regclass('django_migrations')")
        owner, tables = cursor.fetchone()
        if not role or role == owner or tables is None:
            return []
        before = (_lacking(role), excess(role))
        if before == (0, []):
            return []
        names = {
            "role": connection.ops.quote_name(role),
            "database": connection.ops.quote_name(connection.settings_dict["NAME"]),
        }
        for statement in _GRANTS:
            cursor.execute(statement.format(**names))
    lacking, too_much = _lacking(role), excess(role)
    if lacking:
        raise OwnerNeeded(f"{role} lacks rights on {lacking} tables, and {owner} can't give them")
    said = ["the rights of the role that serves"] if (lacking, too_much) != before else []
    return said + [
        f"{role} still {what}, and {owner} can't take that away (docs/operations.md)"
        for what in too_much
    ]


def excess(role: str = "") -> list[str]:
    """Return what *role* (unless given, the one that is connected) may do beyond its rows.

    A superuser may do all; only that is said.
    """
    asked = [
        what
        for what in _TOO_MUCH
        if what != "may switch triggers off" or connection.pg_version >= PARAMETERS_SINCE  # type: ignore[attr-defined]  # the backend's own
    ]
    columns = ", ".join(f"EXISTS (SELECT {_TOO_MUCH[what]})" for what in asked)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        current = cursor.fetchone()[0]
        cursor.execute(_OF_ROLE + columns, {"role": role or current})
        found = [what for what, is_so in zip(asked, cursor.fetchone(), strict=True) if is_so]
    return found[:1] if found[:1] == ["is a superuser"] else found


def _lacking(role: str) -> int:
    """Return how many of the rights that serving needs *role* lacks."""
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, {"role": role})
        return int(cursor.fetchone()[0])
