"""The letter about several grounds tells a decision under the ground that it was made about."""

from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.operations.grounds_email import GroundLetter, _giver
from jewelrymodel.support.queries import Ground


def decision(pk: str, category: str, subject_id: str) -> DecisionRecord:
    return DecisionRecord(pk=pk, account_id="acc", category=category, subject_id=subject_id)


def ground(category: str, order_id: str = "") -> Ground:
    kind = SubjectKind.ORDER if order_id else SubjectKind.ACCOUNT
    return Ground(f"{category} {order_id}", category, Subject(kind, order_id), "")


def test_the_one_that_gives_may_come_after_the_one_that_it_makes_good() -> None:
    gives, denied = decision("d1", "duplicate", "o1"), decision("d2", "outage", "acc")
    letters = [
        GroundLetter(ground("unused", "o1"), gives, is_kept=False),
        GroundLetter(ground("duplicate", "o2"), gives, is_kept=False),
        GroundLetter(ground("duplicate", "o1"), gives, is_kept=False),
        GroundLetter(ground("outage"), denied, is_kept=False),
    ]
    assert [_giver(one.decision, letters) for one in letters] == [3, 3, 3, 4]


def test_of_a_subject_that_was_corrected_since_it_is_told_once() -> None:
    kept = decision("d1", "duplicate", "o1")
    letters = [GroundLetter(ground(one, "o9"), kept, is_kept=True) for one in ("unused", "outage")]
    assert [_giver(one.decision, letters) for one in letters] == [1, 1]
