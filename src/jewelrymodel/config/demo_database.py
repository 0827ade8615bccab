"""The demo and real data never share a database: what a database holds is written on it.

The mark is a comment on a table that every installation has, so it travels with the database.
"""

from enum import StrEnum

from django.conf import settings
from django.db import connection

_TABLE = "django_migrations"


class DatabaseContent(StrEnum):
    """What a database holds."""

    NOTHING = "nothing"
    DEMO_HALF = "a demo world, half loaded"
    DEMO = "a demo world"
    REAL = "real accounts"


class DemoRefused(Exception):
    """This database can't be used as the demo's, or not as a real one."""


def content() -> DatabaseContent:
    """Return what the database holds now."""
    with connection.cursor() as cursor:
        cursor.execute("select obj_description(to_regclass(%s), 'pg_class')", [_TABLE])
        (mark,) = cursor.fetchone()
    if mark in (DatabaseContent.DEMO, DatabaseContent.DEMO_HALF):
        return DatabaseContent(mark)
    return DatabaseContent.REAL if _has_accounts() else DatabaseContent.NOTHING


def _has_accounts() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('accounts_user') is not null")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("select exists (select 1 from accounts_user)")
        return bool(cursor.fetchone()[0])


def mark(state: DatabaseContent) -> None:
    """Write on the database what it holds; raises DemoRefused where it isn't the demo's to load.

    A real one with this mark on it would be taken for a demo's, and wiped.
    """
    if not settings.DEMO:
        raise DemoRefused("this installation is no demo; set DEMO=1 on a database of its own")
    require_fit()
    with connection.cursor() as cursor:
        cursor.execute(f"comment on table {_TABLE} is '{state}'")


def require_fit() -> None:
    """Raise DemoRefused where the demo would meet real data, or real service a demo world."""
    now = content()
    if settings.DEMO and now is DatabaseContent.REAL:
        raise DemoRefused("this database holds real accounts; start with DEMO=0")
    if not settings.DEMO and now in (DatabaseContent.DEMO, DatabaseContent.DEMO_HALF):
        raise DemoRefused(
            "this database holds the demo world, whose passwords are public; "
            "choose another DATA_DIR or DATABASE_URL"
        )


def wipe() -> None:
    """Remove everything from a demo's database; raises DemoRefused for any other.

    One that holds nothing of ours isn't a demo's either: it may be another program's.
    """
    if not settings.DEMO or content() not in (DatabaseContent.DEMO, DatabaseContent.DEMO_HALF):
        raise DemoRefused("only a demo's database is ever wiped, and this one isn't")
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade; create schema public")
