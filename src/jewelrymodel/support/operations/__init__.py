"""Writes: opening cases, talking in them, deciding them, and taking in mail."""

from jewelrymodel.support.operations.conversing import (
    CaseOver,
    EmptyMessage,
    add_note,
    answer,
    ask,
    assign,
    attach_decision,
    close,
    extend,
    mail_entry,
    receive_message,
    sort_case,
    tell_progress,
)
from jewelrymodel.support.operations.deciding import SenderUnproven, decide_case, settle_at_once
from jewelrymodel.support.operations.mailing import confirm_sender, take_mail
from jewelrymodel.support.operations.opening import Opening, open_case

__all__ = [
    "CaseOver",
    "EmptyMessage",
    "Opening",
    "SenderUnproven",
    "add_note",
    "answer",
    "ask",
    "assign",
    "attach_decision",
    "close",
    "confirm_sender",
    "decide_case",
    "extend",
    "mail_entry",
    "open_case",
    "receive_message",
    "settle_at_once",
    "sort_case",
    "take_mail",
    "tell_progress",
]
