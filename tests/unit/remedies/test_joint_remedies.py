"""Of several grounds the largest gives, and whoever it makes good is told which one that is."""

from types import SimpleNamespace
from typing import cast

import pytest

from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies.assessments import Assessment, Chosen, Subject, SubjectKind
from jewelrymodel.remedies.rules import joint_remedies as rule

Keys = list[tuple[str, str]]


def assessed(*, is_of_right: bool) -> Assessment:
    """What a rule asks an assessment, beside its keys."""
    return cast(Assessment, SimpleNamespace(decision=SimpleNamespace(is_of_right=is_of_right)))


def test_a_chain_ends_at_the_ground_that_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second would make good the first, and the third, of the same charge, the second."""
    keys: dict[int, Keys] = {
        10: [("loss", "a"), ("charge", "c")],
        15: [("loss", "a"), ("charge", "c")],
        20: [("loss", "b"), ("charge", "c")],
    }
    monkeypatch.setattr(rule, "_keys", lambda _assessment, one: keys[one.amount_minor])
    chosen = [
        [Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=size, currency="USD")] for size in keys
    ]
    joint = rule.joint_remedies([(assessed(is_of_right=False), one) for one in chosen])
    assert [len(one) for one in joint.given] == [0, 0, 1]
    assert joint.made_good_by == {0: 2, 1: 2}


def test_of_equals_a_right_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what follows a withdrawal follows: its plan ends."""
    monkeypatch.setattr(rule, "_keys", lambda *_: [("charge", "c")])
    refund = [Chosen(RemedyKind.FULL_REFUND, amount_minor=10, currency="USD")]
    joint = rule.joint_remedies(
        [
            (assessed(is_of_right=False), refund),
            (assessed(is_of_right=True), refund),
        ]
    )
    assert [len(one) for one in joint.given] == [0, 1]
    assert joint.made_good_by == {0: 1}


def test_a_ground_is_made_good_by_what_is_of_its_own_loss_or_charge() -> None:
    """Credits for another generation make good nothing of it."""

    def ground(task_id: str) -> Assessment:
        subject = Subject(SubjectKind.TASK, task_id)
        fake = SimpleNamespace(
            charge_id="",
            order_id="",
            promised=(),
            decision=SimpleNamespace(remedies=()),
            request=SimpleNamespace(subject=subject),
        )
        return cast("Assessment", fake)

    mine, other = ground("t1"), ground("t2")
    restored, by_hand = Chosen(RemedyKind.RESTORED_CREDITS, credits=9), Chosen(RemedyKind.OTHER)
    found = rule.made_good([(mine, [by_hand]), (other, [restored])])
    assert found == [(by_hand,), (restored,)]
