"""Writes: opening cases, talking in them, deciding them, and receiving email."""

from jewelrymodel.support.operations.case_decisions import (
    SenderUnconfirmed,
    decide_case,
    settle_at_once,
)
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.conversation import (
    UnknownRecord,
    add_note,
    ask,
    assign,
    attach_decision,
    categorize,
    close,
    mail_entry,
    notify_progress,
    receive_message,
    reply,
    withdraw,
)
from jewelrymodel.support.operations.deadlines import (
    BadDeadline,
    InvalidExtension,
    extend,
    notify_late,
)
from jewelrymodel.support.operations.inbound_email import (
    NobodyToAnswer,
    NotInQuarantine,
    dismiss_email,
    note_download,
    receive_email,
    release_email,
)
from jewelrymodel.support.operations.order_review import (
    DecisionUnderWay,
    close_order,
    decide_order,
    open_review,
)
from jewelrymodel.support.operations.sender_confirmation import case_to_confirm, confirm_sender
from jewelrymodel.support.operations.timeline import CaseOver, EmptyMessage

__all__ = [
    "BadDeadline",
    "CaseOver",
    "DecisionUnderWay",
    "EmptyMessage",
    "InvalidExtension",
    "NobodyToAnswer",
    "NotInQuarantine",
    "Opening",
    "SenderUnconfirmed",
    "UnknownRecord",
    "add_note",
    "ask",
    "assign",
    "attach_decision",
    "case_to_confirm",
    "categorize",
    "close",
    "close_order",
    "confirm_sender",
    "decide_case",
    "decide_order",
    "dismiss_email",
    "extend",
    "mail_entry",
    "note_download",
    "notify_late",
    "notify_progress",
    "open_case",
    "open_review",
    "receive_email",
    "receive_message",
    "release_email",
    "reply",
    "settle_at_once",
    "withdraw",
]
