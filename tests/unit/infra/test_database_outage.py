"""What says that the database is away, and what says something else."""

import django.db
import pytest
from psycopg import errors

from jewelrymodel.infra.database_outage import is_away, outage_of, refusal_of


class Wrapped(Exception):
    """What a library makes of an error of the database."""


def followed(by: Exception, cause: BaseException) -> Exception:
    """*by*, raised from *cause*."""
    try:
        raise by from cause
    except type(by) as problem:
        return problem


@pytest.mark.parametrize(
    "problem",
    [
        errors.OperationalError("connection failed"),
        errors.InterfaceError("the connection is closed"),
        errors.AdminShutdown(),
        errors.CannotConnectNow(),
        errors.TooManyConnections(),
        errors.ConnectionFailure(),
        django.db.InterfaceError("connection already closed"),
    ],
)
def test_a_connection_that_fails_is_an_outage(problem: Exception) -> None:
    assert is_away(problem)
    assert outage_of(followed(Wrapped(), problem)) is problem
    assert is_away(followed(django.db.OperationalError(), problem))


@pytest.mark.parametrize(
    "problem",
    [
        errors.DeadlockDetected(),
        errors.QueryCanceled(),
        errors.LockNotAvailable(),
        errors.DiskFull(),
        errors.UniqueViolation(),
        errors.InterfaceError("the cursor is closed"),
        ValueError("a mistake of ours"),
    ],
)
def test_what_the_server_refuses_is_none(problem: Exception) -> None:
    assert not is_away(problem)
    assert not is_away(followed(django.db.OperationalError(), problem))
    assert not is_away(followed(Wrapped(), problem))


def test_nothing_is_none() -> None:
    assert outage_of(None) is None


@pytest.mark.parametrize(
    "words",
    [
        'FATAL:  password authentication failed for user "ida"',
        'FATAL:  no pg_hba.conf entry for host "10.0.0.7", user "ida", database "x", no encryption',
        'FATAL:  pg_hba.conf rejects connection for host "10.0.0.7", user "ida", database "ring"',
        'FATAL:  Peer authentication failed for user "ida"',
        'FATAL:  role "ida" does not exist',
        'FATAL:  role "ida" is not permitted to log in',
        'FATAL:  database "ring" does not exist\nDETAIL:  It seems to have just been dropped.',
        'FATAL:  permission denied for database "ring"',
        "fe_sendauth: no password supplied",
    ],
)
def test_a_refusal_of_who_connects_is_told_from_a_restart(words: str) -> None:
    said = f'connection to server at "10.0.0.9", port 5432 failed: {words}'
    problem = followed(django.db.OperationalError(), errors.OperationalError(said))
    assert refusal_of(problem) == " ".join(said.split())


@pytest.mark.parametrize(
    "words",
    [
        "FATAL:  the database system is starting up",
        "FATAL:  the database system is shutting down",
        "FATAL:  the database system is not yet accepting connections",
        "FATAL:  sorry, too many clients already",
        "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
        'FATAL:  too many connections for role "ida"',
        "FATAL:  terminating connection due to administrator command",
        "Connection refused\n\tIs the server running on that host and accepting connections?",
        'could not translate host name "database" to address: Name or service not known',
        'connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory',
    ],
)
def test_what_passes_by_itself_is_no_refusal(words: str) -> None:
    problem = followed(django.db.OperationalError(), errors.OperationalError(words))
    assert is_away(problem)
    assert refusal_of(problem) == ""


def test_what_a_connected_server_says_is_no_refusal() -> None:
    assert refusal_of(errors.UndefinedTable('FATAL: role "ida" does not exist')) == ""
    assert refusal_of(None) == ""
