import pytest

from jewelrymodel.ledger.queries.words import movement_words
from jewelrymodel.ledger.values import CauseKind, LotSource, Operation

TASK, REFUND, DISPUTE = CauseKind.TASK, CauseKind.REFUND, CauseKind.DISPUTE


@pytest.mark.parametrize(
    ("operation", "cause", "returned", "words"),
    [
        (Operation.GRANT, CauseKind.ORDER, 0, "Credits of a package"),
        (Operation.HOLD, TASK, 0, "Reserved for a task"),
        (Operation.CAPTURE, TASK, 0, "Spent on what a task delivered"),
        (Operation.CAPTURE, TASK, 1, "Spent on what a task delivered; the rest came back"),
        (Operation.RELEASE, TASK, 1, "Came back: the task cost nothing"),
        (Operation.EXPIRE, CauseKind.LOT, 0, "Expired"),
        (Operation.FREEZE, REFUND, 0, "Suspended during a refund"),
        (Operation.FREEZE, DISPUTE, 0, "Suspended during a dispute"),
        (Operation.THAW, REFUND, 0, "Usable again: no refund"),
        (Operation.THAW, DISPUTE, 0, "Usable again: dispute over"),
        (Operation.REVOKE, REFUND, 0, "Taken back: refunded"),
        (Operation.REVOKE, DISPUTE, 0, "Taken back: dispute lost"),
        (Operation.DEBT, DISPUTE, 0, "Spent credits recorded as owed"),
    ],
)
def test_every_movement_has_its_words(
    operation: Operation, cause: CauseKind, returned: int, words: str
) -> None:
    assert movement_words(operation, cause, LotSource.PACKAGE_ORDER, returned) == words
