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


def ground(subject: Subject, *, charge_id: str = "", promised: str = "") -> Assessment:
    """An assessment about *subject* that recommends nothing; *promised* is a refund's formula."""
    lines = (SimpleNamespace(kind=RemedyKind.FULL_REFUND, formula=promised),) if promised else ()
    fake = SimpleNamespace(
        charge_id=charge_id,
        order_id=subject.id if subject.kind is SubjectKind.ORDER else "",
        promised=(SimpleNamespace(remedies=lines),),
        decision=SimpleNamespace(remedies=(), is_of_right=False),
        request=SimpleNamespace(subject=subject),
    )
    return cast(Assessment, fake)


def test_a_ground_is_made_good_by_what_is_of_its_own_loss_or_charge() -> None:
    """Credits for another generation make good nothing of it."""
    mine, other = (ground(Subject(SubjectKind.TASK, name)) for name in ("t1", "t2"))
    restored, by_hand = Chosen(RemedyKind.RESTORED_CREDITS, credits=9), Chosen(RemedyKind.OTHER)
    found = rule.made_good([(mine, [by_hand]), (other, [restored])])
    assert found == [(by_hand,), (restored,)]


def test_a_refund_makes_good_what_was_promised_of_its_charge_and_of_no_other() -> None:
    one, two = (Subject(SubjectKind.ORDER, name) for name in ("o1", "o2"))
    declined = ground(one, charge_id="c1", promised="charge_remaining")
    same, another = ground(one, charge_id="c1"), ground(two, charge_id="c2")
    refund = Chosen(RemedyKind.FULL_REFUND, amount_minor=900, currency="USD")
    assert rule.made_good([(declined, []), (same, [refund])])[0] == (refund,)
    assert rule.made_good([(declined, []), (another, [refund])])[0] == ()


def test_of_one_charge_the_larger_refund_is_given() -> None:
    subject = Subject(SubjectKind.ORDER, "o1")
    small, large = (
        Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=size, currency="USD") for size in (300, 900)
    )
    grounds = [ground(subject, charge_id="c1"), ground(subject, charge_id="c1")]
    joint = rule.joint_remedies([(grounds[0], [small]), (grounds[1], [large])])
    assert (joint.given, joint.made_good_by) == ([(), (large,)], {0: 1})
    joint = rule.joint_remedies([(grounds[0], [large]), (grounds[1], [small])])
    assert (joint.given, joint.made_good_by) == ([(large,), ()], {1: 0})
