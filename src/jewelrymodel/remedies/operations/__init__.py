"""Writes: deciding, and carrying a decision out exactly once."""

from jewelrymodel.remedies.operations.decision_making import (
    AlreadyRemedied,
    FactsMoved,
    NotForAMachine,
    NothingChosen,
    decide_by_machine,
    decide_by_person,
)
from jewelrymodel.remedies.operations.remedy_eligibility import RemedyUnfit, Unfit, why_no_refund
from jewelrymodel.remedies.operations.remedy_execution import carry_out, settle_refund_remedy
from jewelrymodel.remedies.operations.second_approval import (
    NothingWaits,
    SecondPersonNeeded,
    WaitFirst,
    own_release_from,
    release_second,
    send_back,
)

__all__ = [
    "AlreadyRemedied",
    "FactsMoved",
    "NotForAMachine",
    "NothingChosen",
    "NothingWaits",
    "RemedyUnfit",
    "SecondPersonNeeded",
    "Unfit",
    "WaitFirst",
    "carry_out",
    "decide_by_machine",
    "decide_by_person",
    "own_release_from",
    "release_second",
    "send_back",
    "settle_refund_remedy",
    "why_no_refund",
]
