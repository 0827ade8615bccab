"""The shipped edition, and facts as its examples give them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import jewelrymodel
from jewelrymodel.policy.decision import Decision
from jewelrymodel.policy.edition_reader import Edition, read_edition
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.policy.rule_evaluation import decide

FILE = "2026-05-14.md"
SOURCE = (Path(jewelrymodel.__file__).parent / "terms/refund" / FILE).read_text()
NAMES = {"brand": "Brand", "support_email": "support@brand.example"}
SHORT_OUTAGES_ARE_BORNE = (
    ("value = 60\nunit", "value = 2000\nunit"),
    ('remedies = ["replacement_credits"]\ncredits = 1\n', "credits = 3\n"),
)
"""Changes to a worse policy: an outage of a day gives nothing any more."""
BROKEN_IMAGES_ARE_BORNE = (
    ("'task.captured_credits > 0'", "'task.captured_credits > 9'"),
    ("task.captured_credits = 2\n", "task.captured_credits = 20\n"),
    ("\ncredits = 2\n", "\ncredits = 20\n"),
)
"""Changes to a worse policy: a broken image gives nothing unless it cost ten credits."""
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@cache
def edition() -> Edition:
    """The edition of 14 May 2026."""
    return read_edition(FILE, SOURCE.encode(), NAMES)


def dated(day: str, *changes: tuple[str, str]) -> Edition:
    """The same edition under another date, with words replaced."""
    text = SOURCE.replace("edition = 2026-05-14", f"edition = {day}")
    text = text.replace("effective_from = 2026-05-14", f"effective_from = {day}")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return _read(f"{day}.md", text)


@cache
def _read(file: str, text: str) -> Edition:
    """An edition never changes: the same text is read and proven once in a run."""
    return read_edition(file, text.encode(), NAMES)


def facts(values: Mapping[str, Value] = {}, *, without: tuple[str, ...] = ()) -> dict[str, Fact]:
    """The usual facts of an example with *values* over them."""
    chosen = {**edition().usual, **values}
    return {
        name: Fact(value, "order:ord_1", NOON)
        for name, value in chosen.items()
        if name not in without
    }


def decided(values: Mapping[str, Value] = {}, *, without: tuple[str, ...] = ()) -> Decision:
    """The decision on the usual facts with *values* over them."""
    return decide(
        facts(values, without=without), (edition(),), purchased_at=NOON, requested_at=NOON
    )
