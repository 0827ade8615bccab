"""The rows of requests, and what the database refuses."""

from jewelrymodel.support.models.cases import Case, CaseGround, CaseMerge, SilentClosing
from jewelrymodel.support.models.decisions import ConfirmedDecision, DamageReport, ReconcilerRun
from jewelrymodel.support.models.entries import Attachment, CaseEntry, CaseVisit, InboundEmail
from jewelrymodel.support.models.replies import SavedReply
from jewelrymodel.support.models.withdrawals import Withdrawal

__all__ = [
    "Attachment",
    "Case",
    "CaseEntry",
    "CaseGround",
    "CaseMerge",
    "CaseVisit",
    "ConfirmedDecision",
    "DamageReport",
    "InboundEmail",
    "ReconcilerRun",
    "SavedReply",
    "SilentClosing",
    "Withdrawal",
]
