import pytest

from jewelrymodel.ledger.movement_kinds import CauseKind, LotSource, Operation
from jewelrymodel.ledger.queries.movement_labels import movement_words

TASK, REFUND, DISPUTE = CauseKind.TASK, CauseKind.REFUND, CauseKind.DISPUTE
WITHDRAWAL = CauseKind.WITHDRAWAL


@pytest.mark.parametrize(
    ("operation", "cause", "returned", "words"),
    [
        (Operation.GRANT, CauseKind.ORDER, 0, "Credit pack"),
        (Operation.HOLD, TASK, 0, "Held for a generation"),
        (Operation.CAPTURE, TASK, 0, "Spent on delivered images"),
        (Operation.CAPTURE, TASK, 1, "Spent on delivered images; the rest was returned"),
        (Operation.RELEASE, TASK, 1, "Returned: the generation cost nothing"),
        (Operation.EXPIRE, CauseKind.LOT, 0, "Expired"),
        (Operation.SUSPEND, REFUND, 0, "Suspended during a refund"),
        (Operation.SUSPEND, DISPUTE, 0, "Suspended during a dispute"),
        (Operation.SUSPEND, WITHDRAWAL, 0, "Suspended until your withdrawal is decided"),
        (Operation.REINSTATE, WITHDRAWAL, 0, "Reinstated: not refunded"),
        (Operation.REINSTATE, REFUND, 0, "Reinstated: not refunded"),
        (Operation.REINSTATE, DISPUTE, 0, "Reinstated after a dispute"),
        (Operation.REVOKE, REFUND, 0, "Revoked: purchase refunded"),
        (Operation.REVOKE, DISPUTE, 0, "Revoked: payment returned by the bank"),
        (Operation.DEBT, DISPUTE, 0, "Used credits recorded as owed"),
    ],
)
def test_every_movement_has_its_words(
    operation: Operation, cause: CauseKind, returned: int, words: str
) -> None:
    assert movement_words(operation, cause, LotSource.PACKAGE_ORDER, returned) == words
