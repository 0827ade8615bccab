"""Who tries passwords is remembered, whoever else comes, and after a restart."""

import pytest

from jewelrymodel.infra.attempt_counts import AttemptCounts

pytestmark = pytest.mark.django_db


def counts() -> AttemptCounts:
    """The counts as a process that has just started sees them, with little room."""
    return AttemptCounts("infra_cache", {"OPTIONS": {"MAX_ENTRIES": 3}})


def test_no_count_pushes_another_out() -> None:
    counts().set("a-guesser", 5, timeout=600)
    for number in range(12):
        counts().set(f"else-{number}", 1, timeout=600)
    assert counts().get("a-guesser") == 5
    assert counts().get("else-0") == 1


def test_what_has_expired_makes_room() -> None:
    for number in range(5):
        counts().set(f"old-{number}", 1, timeout=-60)
    counts().set("new", 1, timeout=600)
    assert not counts().has_key("old-0")
    assert counts().get("new") == 1
