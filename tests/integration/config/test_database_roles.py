"""The role that serves can write rows, and nothing that keeps rows right can it take away."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import errors, sql

from jewelrymodel.config import database_roles
from jewelrymodel.infra.postgres import OWNER, SERVICE_ROLE, EmbeddedPostgres
from tests.support.tree import ROOT

FORBIDDEN = (
    "ALTER TABLE ledger_lot DISABLE TRIGGER ALL",
    "ALTER TABLE ledger_transfer DISABLE TRIGGER USER",
    "ALTER TABLE payments_charge DROP CONSTRAINT payments_charge_adds_up",
    "ALTER TABLE payments_charge ADD COLUMN other integer",
    "ALTER TABLE audit_entry RENAME TO other",
    "ALTER TABLE ledger_lot OWNER TO CURRENT_USER",
    "ALTER FUNCTION procrastinate_defer_jobs_v1 RENAME TO other",
    "DROP TABLE audit_entry CASCADE",
    "DROP SCHEMA public CASCADE",
    "TRUNCATE infra_cache",
    "TRUNCATE ledger_transfer CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE jewelrymodel",
    "SET SESSION AUTHORIZATION jewelrymodel",
    "CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE other (id int)",
    "CREATE TEMPORARY TABLE ledger_lot (id int)",
    "CREATE VIEW other AS SELECT 1",
    "CREATE SCHEMA other",
    "CREATE ROLE other SUPERUSER",
    "CREATE DATABASE other",
    "CREATE TRIGGER other BEFORE INSERT ON ledger_lot FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE other AS ON DELETE TO ledger_lot DO INSTEAD NOTHING",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER SYSTEM SET session_replication_role = replica",
    "COPY infra_cache TO PROGRAM 'cat'",
    "COPY infra_cache FROM '/etc/passwd'",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', 'other', now())",
    "DELETE FROM django_migrations",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'jewelrymodel'",
)
ROW_BY_ROW = (
    "EXPLAIN SELECT * FROM {0}",
    "EXPLAIN DELETE FROM {0}",
    "EXPLAIN INSERT INTO {0} DEFAULT VALUES",
)


@pytest.fixture
def service(db: None) -> Iterator[psycopg.Connection]:
    """The test's database as whoever serves sees it."""
    here = connection.settings_dict
    place = {"host": here["HOST"], "dbname": here["NAME"]}
    with psycopg.connect(**place, user=OWNER, autocommit=True) as owner:
        # A copy of a database has its tables' rights, not its own: ``prepare`` gives these.
        owner.execute(f"REVOKE TEMPORARY ON DATABASE {here['NAME']} FROM PUBLIC")
    with psycopg.connect(**place, user=SERVICE_ROLE, autocommit=True) as opened:
        yield opened


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_keeps_the_books_right_is_out_of_its_reach(
    service: psycopg.Connection, statement: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        service.execute(statement)


def test_it_can_hand_on_nothing(service: psycopg.Connection) -> None:
    """PostgreSQL only warns there, and gives nothing."""
    service.execute("GRANT ALL ON ledger_lot TO PUBLIC")
    row = service.execute(
        "SELECT relacl::text LIKE '%%,=%%' FROM pg_class WHERE relname = 'ledger_lot'"
    ).fetchone()
    assert row == (False,)


def test_it_reads_and_writes_the_rows_of_every_table(service: psycopg.Connection) -> None:
    rows = service.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'django_migrations'"
    )
    tables = [name for (name,) in rows]
    assert len(tables) > 50
    for table in map(sql.Identifier, tables):
        for statement in ROW_BY_ROW:
            service.execute(sql.SQL(statement).format(table))
    service.execute("SELECT nextval('procrastinate_jobs_id_seq')")
    service.execute("SELECT count(*) FROM django_migrations")


BEYOND_ROWS = {
    f"GRANT {OWNER} TO {SERVICE_ROLE}": "is a superuser",
    f"ALTER ROLE {SERVICE_ROLE} NOINHERIT; GRANT {OWNER} TO {SERVICE_ROLE}": "is a superuser",
    f"ALTER ROLE {SERVICE_ROLE} CREATEROLE": "may make roles",
    f"ALTER TABLE audit_entry OWNER TO {SERVICE_ROLE}": "owns tables",
    f"ALTER FUNCTION procrastinate_defer_jobs_v1 OWNER TO {SERVICE_ROLE}": "owns functions",
    f"ALTER SCHEMA public OWNER TO {SERVICE_ROLE}": "owns the schema",
    "ALTER DATABASE {database} OWNER TO " + SERVICE_ROLE: "owns the database",
    f"GRANT TRUNCATE ON infra_cache TO {SERVICE_ROLE}": "may truncate",
    f"GRANT TRIGGER ON ledger_lot TO {SERVICE_ROLE}": "may truncate",
    f"GRANT REFERENCES (id) ON ledger_lot TO {SERVICE_ROLE}": "may truncate",
    "GRANT TRUNCATE ON ledger_lot TO PUBLIC": "may truncate",
    f"GRANT UPDATE ON django_migrations TO {SERVICE_ROLE}": "may write the list",
    f"GRANT CREATE ON SCHEMA public TO {SERVICE_ROLE}": "may create in the schema",
    "GRANT CREATE ON DATABASE {database} TO " + SERVICE_ROLE: "may create schemas",
    "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC": "may create schemas",
    f"GRANT pg_execute_server_program TO {SERVICE_ROLE}": "may use the server's files",
    f"GRANT pg_read_server_files TO {SERVICE_ROLE}": "may use the server's files",
    f"GRANT SET ON PARAMETER session_replication_role TO {SERVICE_ROLE}": "may switch triggers",
    f"CREATE ROLE other; GRANT TRUNCATE ON ledger_lot TO other; ALTER ROLE {SERVICE_ROLE}"
    f" NOINHERIT; GRANT other TO {SERVICE_ROLE}": "may truncate",
}
"""Each as somebody might have done it; PostgreSQL keeps roles in the same transaction as rows."""
REVOKED = ("may truncate", "may write the list", "may create")
"""What the owner of everything can take away."""


@pytest.fixture
def plain(db: None) -> None:
    """The test's database as ``prepare`` leaves one: a copy doesn't have its own rights."""
    run("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(statement.replace("{database}", name))


def test_nothing_is_left_to_give_and_its_powers_are_none(plain: None) -> None:
    assert database_roles.grant() == []
    run(f"SET LOCAL ROLE {SERVICE_ROLE}")
    assert database_roles.excess() == []
    run("RESET ROLE")
    assert database_roles.excess() == ["is a superuser"]


@pytest.mark.parametrize("statement", BEYOND_ROWS)
def test_a_role_is_plain_only_where_it_can_do_nothing_beyond_rows(
    plain: None, statement: str
) -> None:
    run(statement)
    for asked in (SERVICE_ROLE, ""):
        if not asked:
            run(f"SET LOCAL ROLE {SERVICE_ROLE}")
        assert [
            one for one in database_roles.excess(asked) if one.startswith(BEYOND_ROWS[statement])
        ]
    run("RESET ROLE")
    said = database_roles.grant()
    left = database_roles.excess(SERVICE_ROLE)
    if BEYOND_ROWS[statement].startswith(REVOKED) and "ROLE other" not in statement:
        assert (said, left) == (["the rights of the role that serves"], [])
    else:
        assert [one for one in said if f"still {BEYOND_ROWS[statement]}" in one]
        assert [one for one in left if one.startswith(BEYOND_ROWS[statement])]


def test_a_table_that_is_new_is_given(plain: None) -> None:
    run("CREATE TABLE others_table (id serial)")
    assert database_roles.grant() == ["the rights of the role that serves"]
    assert database_roles.grant() == []


MAKER = """
CREATE ROLE maker;
GRANT CREATE, USAGE ON SCHEMA public TO maker;
DO $$ DECLARE one regclass; BEGIN
  FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND (relkind = 'r' OR relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend
      WHERE objid = pg_class.oid AND deptype IN ('a', 'i')))
  LOOP EXECUTE format('ALTER TABLE %s OWNER TO maker', one); END LOOP; END $$;
"""


@pytest.mark.parametrize("right", ["CREATE ON SCHEMA public", "TEMPORARY ON DATABASE {database}"])
def test_what_the_owner_of_tables_alone_cannot_take_is_said(plain: None, right: str) -> None:
    """PostgreSQL only warns: nothing was revoked."""
    run(MAKER)
    run(f"GRANT {right} TO PUBLIC")
    run("SET LOCAL ROLE maker")
    (line,) = database_roles.grant()
    assert line.startswith(f"{SERVICE_ROLE} still may create")
    assert database_roles.grant() == [line]


def test_what_cannot_be_given_is_an_error(plain: None) -> None:
    run(MAKER)
    run("CREATE TABLE others_table (id int); GRANT SELECT ON others_table TO maker")
    run("SET LOCAL ROLE maker")
    with pytest.raises(database_roles.OwnerNeeded):
        database_roles.grant()


def test_a_cluster_of_an_earlier_version_gets_the_role_in_place(
    former_cluster: EmbeddedPostgres,
) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(former_cluster.url)
    former_cluster.wait_until_ready()
    former_cluster.wait_until_ready()
    with psycopg.connect(former_cluster.url) as opened:
        opened.execute("SELECT 1")
        with pytest.raises(errors.InsufficientPrivilege):
            opened.execute("SELECT count(*) FROM django_migrations")  # ``prepare`` gives its rights


def test_the_documented_statements_make_both_roles(former_cluster: EmbeddedPostgres) -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    (statements,) = re.findall(r"```sql\n(CREATE ROLE .+?)```", text, re.DOTALL)
    with psycopg.connect(former_cluster.owner_url, autocommit=True) as superuser:
        for statement in filter(str.strip, statements.split(";")):
            superuser.execute(statement)
    url = f"postgresql:///jewelry?host={former_cluster.socket_dir}&user=jewelry_"
    with psycopg.connect(f"{url}owner") as owner, psycopg.connect(f"{url}service") as service:
        owner.execute("CREATE TABLE one (id int)")
        with pytest.raises(errors.InsufficientPrivilege):
            service.execute("CREATE TABLE two (id int)")
