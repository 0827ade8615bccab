"""The database as of one instant: what it holds, dumped by PostgreSQL's own tools, and back."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from jewelrymodel.config.child_processes import die_with_parent
from jewelrymodel.infra.postgres import binaries
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.ledger import queries as ledger

_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
ORDER BY relname
"""
_EDITIONS = "SELECT policy || ' ' || edition_on, sha256 FROM catalog_terms_edition ORDER BY 1"


class ToolsMissing(CodedError):
    """PostgreSQL's tools of the server's version aren't on this machine."""


class DumpFailed(CodedError):
    """PostgreSQL's tool could not finish; its words are kept in *why*."""


@dataclass(frozen=True)
class Snapshot:
    """One instant of the database, by the *name* under which PostgreSQL lets others see it."""

    name: str
    contents: dict[str, dict[str, Any]]


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold one instant of the database for the block, and say what it holds.

    One transaction that reads: nobody waits for it, and what happens meanwhile isn't in it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield Snapshot(cursor.fetchone()[0], contents())


def contents() -> dict[str, dict[str, Any]]:
    """Return rows by table, the sums of the books, and the policy's editions with their hashes."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        rows = {}
        for (table,) in cursor.fetchall():
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608  quoted, from the catalog
            rows[table] = cursor.fetchone()[0]
        cursor.execute(_EDITIONS)
        editions = dict(cursor.fetchall())
    return {"rows": rows, "books": ledger.totals(), "editions": editions}


def is_empty() -> bool:
    """Return whether the database holds no table at all."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return not cursor.fetchall()


def applied_migrations() -> tuple[str, ...]:
    """Return the migrations that the database has, as ``app.name``."""
    return tuple(sorted(".".join(one) for one in MigrationLoader(connection).applied_migrations))


def unknown_migrations(names: tuple[str, ...]) -> list[str]:
    """Return which of *names* this version doesn't have: they come from a newer one."""
    loader = MigrationLoader(connection)
    known = {".".join(one) for one in loader.disk_migrations}
    known |= {f"{app}.{old}" for (app, _), one in loader.disk_migrations.items()
              for _, old in one.replaces}  # fmt: skip
    return sorted(set(names) - known)


def server_major() -> int:
    """Return the major version of the server that is asked now."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version // 10_000)


def dump(target: Path, *, name: str) -> None:
    """Write the instant *name* to *target*; raises ToolsMissing, DumpFailed."""
    _run("pg_dump", "--format=custom", "--compress=3", f"--snapshot={name}", f"--file={target}")


def load(source: Path) -> None:
    """Bring an archive into the empty database, all of it or nothing.

    Raises ToolsMissing, DumpFailed.
    """
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
         str(source))  # fmt: skip


def tool(name: str, *, major: int) -> Path:
    """Return PostgreSQL's program *name* of version *major*; raises ToolsMissing.

    Of exactly that version: an older one refuses the server, and what a newer one writes the
    server may not read.
    """
    packaged = Path(f"/usr/lib/postgresql/{major}/bin") / name
    for program in (binaries() / name, packaged, Path(shutil.which(name) or "/nonexistent")):
        if program.is_file() and _major_of(program) == major:
            return program
    raise ToolsMissing(tool=name, major=major)


def _major_of(program: Path) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    number = words[2].partition(".")[0] if len(words) > 2 else ""
    return int(number) if number.isdigit() else 0


def _run(name: str, *options: str) -> None:
    """Run a tool on our database. The password goes by the environment, where nobody reads it."""
    major = server_major()
    ours = connection.connection.info
    done = subprocess.run(
        [tool(name, major=major), *options, f"--dbname={ours.dsn}"],
        env={**os.environ, **({"PGPASSWORD": ours.password} if ours.password else {})},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=die_with_parent,
    )
    if done.returncode != 0:
        raise DumpFailed(tool=name, why=done.stderr.strip()[-1000:])
