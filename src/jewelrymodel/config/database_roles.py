"""Two roles of the database: who owns the tables and migrates them, and who serves.

Triggers and constraints are what keeps the books right whatever the code does; so the role of web
and worker owns nothing, and what comes over its connection can take none of them away.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import ProgrammingError, connection, connections
from django.db.migrations.exceptions import MigrationSchemaMissing
from psycopg.errors import InsufficientPrivilege

from jewelrymodel.config.child_processes import close_to_own_user
from jewelrymodel.config.environment_variables import OWNER_VARIABLE

MAKE_TABLES = frozenset({"migrate", "createcachetable"})
OWNERS_COMMANDS = MAKE_TABLES | {"flush", "dbshell"}
"""Those of Django's that change tables, or are how a person looks after them."""
# By CASE: who asks a table's toast for the rights of a sequence is answered with an error.
_LACKING = """
SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND CASE
    WHEN relkind = 'S' THEN NOT (has_sequence_privilege(%(role)s, oid, 'USAGE')
      AND has_sequence_privilege(%(role)s, oid, 'UPDATE'))
    WHEN relkind NOT IN ('r', 'p') THEN false
    WHEN relname = 'django_migrations' THEN has_table_privilege(%(role)s, oid, 'INSERT')
      OR NOT has_table_privilege(%(role)s, oid, 'SELECT')
    ELSE NOT (has_table_privilege(%(role)s, oid, 'SELECT')
      AND has_table_privilege(%(role)s, oid, 'INSERT')
      AND has_table_privilege(%(role)s, oid, 'UPDATE')
      AND has_table_privilege(%(role)s, oid, 'DELETE')) END)
  + (NOT has_schema_privilege(%(role)s, 'public', 'USAGE'))::int
  + has_schema_privilege(%(role)s, 'public', 'CREATE')::int
  + has_database_privilege(%(role)s, current_database(), 'TEMPORARY')::int
"""
# TRUNCATE, TRIGGER and REFERENCES are never given, and nothing temporary: a table or function there
# would be found before ours.
_GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
    "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT SELECT, USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)
_POWERS = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,
  (SELECT count(*) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


class OwnerNeeded(Exception):
    """Tables are to be made or changed by a role that may not."""


@dataclass(frozen=True)
class Powers:
    """What the role of a connection may do beyond its rows."""

    is_privileged: bool
    owned_tables: int

    @property
    def is_plain(self) -> bool:
        """Whether it can change no table, trigger, function or role."""
        return not self.is_privileged and not self.owned_tables


def use_owner() -> None:
    """Have this process speak to the database as the owner of its tables.

    Called before it first connects. Without DATABASE_OWNER_URL one role is both.
    """
    connections.settings["default"].update(settings.DATABASE_OWNER)
    if OWNER_VARIABLE in os.environ:
        close_to_own_user()


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


def grant() -> bool:
    """Give the serving role what it needs and nothing else; return whether anything was missing.

    Asked of the owner's connection. Nothing to give where one role is both.
    """
    role = settings.DATABASE_SERVICE_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, to_regclass('django_migrations')")
        owner, tables = cursor.fetchone()
        if not role or role == owner or tables is None:
            return False
        cursor.execute(_LACKING, {"role": role})
        if cursor.fetchone()[0] == 0:
            return False
        names = {
            "role": connection.ops.quote_name(role),
            "database": connection.ops.quote_name(connection.settings_dict["NAME"]),
        }
        for statement in _GRANTS:
            cursor.execute(statement.format(**names))
    return True


def powers() -> Powers:
    """Return what the role that is connected now may do."""
    with connection.cursor() as cursor:
        cursor.execute(_POWERS)
        return Powers(*cursor.fetchone())
