"""Writes: opening cases, talking in them, deciding them, and taking in mail."""

from jewelrymodel.support.operations.case_decisions import (
    SenderUnproven,
    decide_case,
    settle_at_once,
)
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.conversation import (
    UnknownRecord,
    add_note,
    answer,
    ask,
    assign,
    attach_decision,
    close,
    mail_entry,
    receive_message,
    sort_case,
    tell_progress,
    withdraw,
)
from jewelrymodel.support.operations.deadlines import BadDeadline, BadPromise, extend, tell_late
from jewelrymodel.support.operations.inbound_email import (
    NotInQuarantine,
    dismiss_mail,
    note_download,
    release_mail,
    take_mail,
)
from jewelrymodel.support.operations.order_review import (
    DecisionUnderWay,
    close_order,
    decide_order,
)
from jewelrymodel.support.operations.sender_confirmation import case_to_prove, confirm_sender
from jewelrymodel.support.operations.timeline import CaseOver, EmptyMessage

__all__ = [
    "BadDeadline",
    "BadPromise",
    "CaseOver",
    "DecisionUnderWay",
    "EmptyMessage",
    "NotInQuarantine",
    "Opening",
    "SenderUnproven",
    "UnknownRecord",
    "add_note",
    "answer",
    "ask",
    "assign",
    "attach_decision",
    "case_to_prove",
    "close",
    "close_order",
    "confirm_sender",
    "decide_case",
    "decide_order",
    "dismiss_mail",
    "extend",
    "mail_entry",
    "note_download",
    "open_case",
    "receive_message",
    "release_mail",
    "settle_at_once",
    "sort_case",
    "take_mail",
    "tell_late",
    "tell_progress",
    "withdraw",
]
