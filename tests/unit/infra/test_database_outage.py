"""What says that the database is away, and what says something else."""

import django.db
import pytest
from psycopg import errors

from jewelrymodel.infra.database_outage import is_away, outage_of


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
