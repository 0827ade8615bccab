"""Of several grounds the largest gives, and whoever it makes good is told which one that is."""

import pytest

from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies.assessments import Chosen
from jewelrymodel.remedies.rules import joint_remedies as rule

Keys = list[tuple[str, str]]


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
    grounds = [(object(), one) for one in chosen]
    joint = rule.joint_remedies(grounds)  # type: ignore[arg-type]  # only its keys are asked
    assert [len(one) for one in joint.given] == [0, 0, 1]
    assert joint.made_good_by == {0: 2, 1: 2}
