"""Acts: assessing a request, deciding, and carrying a decision out exactly once."""

from jewelrymodel.remedies.operations.assessment import TermsNotAtHand, assess
from jewelrymodel.remedies.operations.decision_making import (
    AlreadyRemedied,
    FactsMoved,
    LessThanPromised,
    LessThanTheLaw,
    NotForAMachine,
    NothingChosen,
    Short,
    decide_by_machine,
    decide_by_person,
)
from jewelrymodel.remedies.operations.joint_decisions import (
    GroundAct,
    GroundChoice,
    decide_grounds,
)
from jewelrymodel.remedies.operations.remedy_eligibility import RemedyUnfit, Unfit, why_no_refund
from jewelrymodel.remedies.operations.remedy_execution import (
    DeliveredSince,
    Undelivered,
    carry_out,
    settle_refund_remedy,
)
from jewelrymodel.remedies.operations.second_approval import (
    ApprovalTooEarly,
    NothingToApprove,
    SecondApproverNeeded,
    give_second_approval,
    needs_second_approval,
    reject_decision,
    self_approval_from,
)

__all__ = [
    "AlreadyRemedied",
    "ApprovalTooEarly",
    "DeliveredSince",
    "FactsMoved",
    "GroundAct",
    "GroundChoice",
    "LessThanPromised",
    "LessThanTheLaw",
    "NotForAMachine",
    "NothingChosen",
    "NothingToApprove",
    "RemedyUnfit",
    "SecondApproverNeeded",
    "Short",
    "TermsNotAtHand",
    "Undelivered",
    "Unfit",
    "assess",
    "carry_out",
    "decide_by_machine",
    "decide_by_person",
    "decide_grounds",
    "give_second_approval",
    "needs_second_approval",
    "reject_decision",
    "self_approval_from",
    "settle_refund_remedy",
    "why_no_refund",
]
