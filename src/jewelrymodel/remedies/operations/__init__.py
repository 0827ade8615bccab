"""Writes: deciding, and carrying a decision out exactly once."""

from jewelrymodel.remedies.operations.carrying import (
    SecondPersonNeeded,
    WaitFirst,
    carry_out,
    release_second,
    settle_refund_remedy,
)
from jewelrymodel.remedies.operations.deciding import (
    AlreadyRemedied,
    FactsMoved,
    NotForAMachine,
    NothingChosen,
    decide_by_machine,
    decide_by_person,
)

__all__ = [
    "AlreadyRemedied",
    "FactsMoved",
    "NotForAMachine",
    "NothingChosen",
    "SecondPersonNeeded",
    "WaitFirst",
    "carry_out",
    "decide_by_machine",
    "decide_by_person",
    "release_second",
    "settle_refund_remedy",
]
