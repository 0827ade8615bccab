"""What a decision says of the automatic check: only where that had a part, and never more."""

import pytest

from jewelrymodel.policy.facts import Value
from jewelrymodel.remedies.queries import check_words
from tests.support.shipped_edition import decided

SOUND: dict[str, Value] = {
    "request.ground": "failed_task",
    "task.status": "succeeded",
    "task.captured_credits": 2,
    "task.owed_credits": 0,
    "task.delivered_images": 2,
    "task.damaged_images": 0,
    "task.sound": True,
    "task.check_version": "v7",
    "task.check_planted_damages": 1032,
    "task.check_missed_damages": 1,
}
RATE = "In our tests, that version missed 1 of 1,032 planted damages."


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "(version v7) found no damage in these images."),
        ({"task.sound": False}, "(version v7) found damage in these images."),
        (
            {"task.damaged_images": 1, "task.owed_credits": 1},
            "confirmed visible damage that our automatic check (version v7) missed.",
        ),
        ({"request.ground": "style"}, "never decides against you"),
    ],
)
def test_it_names_the_version_and_its_rate(changed: dict[str, Value], says: str) -> None:
    words = check_words(decided({**SOUND, **changed}))
    assert says in words
    assert words.endswith(RATE)


def test_of_an_image_from_before_the_record_no_rate_is_claimed() -> None:
    rate = ("task.check_planted_damages", "task.check_missed_damages")
    old = {name: value for name, value in SOUND.items() if name not in rate}
    words = check_words(decided({**old, "task.check_version": "unknown"}))
    assert "(an earlier version)" in words
    assert words.endswith("was not measured.")


@pytest.mark.parametrize("ground", ["duplicate", "unused"])
def test_where_it_had_no_part_nothing_is_said(ground: str) -> None:
    assert check_words(decided({**SOUND, "request.ground": ground})) == ""


def test_a_decision_from_before_these_facts_says_nothing() -> None:
    old = {n: v for n, v in SOUND.items() if not n.startswith(("task.check", "task.damaged"))}
    assert check_words(decided(old)) == ""
