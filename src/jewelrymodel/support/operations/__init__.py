"""Writes: opening cases, talking in them, deciding them, and receiving email."""

from jewelrymodel.support.operations.case_closing import close, withdraw
from jewelrymodel.support.operations.case_decisions import (
    SamePerson,
    SenderUnconfirmed,
    SeveralGrounds,
    attach_decision,
    decide_case,
    notify_progress,
    settle_at_once,
)
from jewelrymodel.support.operations.case_email import mail_entry
from jewelrymodel.support.operations.case_grounds import add_ground, remove_ground
from jewelrymodel.support.operations.case_merging import (
    CannotMerge,
    MergeRefusal,
    merge_cases,
    split_case,
)
from jewelrymodel.support.operations.case_opening import Opening, open_case, outage_explanation
from jewelrymodel.support.operations.case_visits import end_draft, forget_visits, visit
from jewelrymodel.support.operations.closing_review import (
    ClosingOver,
    ClosingReviewed,
    OwnClosing,
    review_closing,
)
from jewelrymodel.support.operations.contact import open_contact
from jewelrymodel.support.operations.conversation import add_note, ask, receive_message, reply
from jewelrymodel.support.operations.damage_claims import (
    DamageClaim,
    NotItsImage,
    note_examples_exported,
    set_example_consent,
)
from jewelrymodel.support.operations.damage_review import (
    RemedyUnderWay,
    ReviewIncomplete,
    review_damage,
)
from jewelrymodel.support.operations.deadlines import (
    BadDeadline,
    InvalidExtension,
    extend,
    notify_late,
)
from jewelrymodel.support.operations.decision_confirmation import (
    AlreadyConfirmed,
    MayNotDecide,
    NewMessage,
    NothingConfirmed,
    carry_out_confirmed,
    confirm_damage_review,
    confirm_decision,
    confirm_grounds,
    undo_confirmed,
)
from jewelrymodel.support.operations.decision_email import draft_letter
from jewelrymodel.support.operations.deleted_files import purge_deleted
from jewelrymodel.support.operations.ground_decisions import GroundsChanged
from jewelrymodel.support.operations.ground_refusals import GroundRefusal, GroundRefused
from jewelrymodel.support.operations.inbound_email import (
    NobodyToAnswer,
    NotInQuarantine,
    dismiss_email,
    note_download,
    receive_email,
    release_email,
)
from jewelrymodel.support.operations.mailed_withdrawals import confirm_without_withdrawing
from jewelrymodel.support.operations.message_splitting import (
    CannotSplit,
    SplitRefusal,
    split_message,
)
from jewelrymodel.support.operations.order_review import (
    DecisionUnderWay,
    close_order,
    confirm_order,
    notify_refunded,
    open_question,
    open_review,
)
from jewelrymodel.support.operations.saved_replies import (
    ReplyProblem,
    ReplyRefused,
    remove_reply,
    save_reply,
)
from jewelrymodel.support.operations.sender_confirmation import case_to_confirm, confirm_sender
from jewelrymodel.support.operations.stopped_images import ReasonNeeded, open_stopped_image
from jewelrymodel.support.operations.timeline import CaseOver, EmptyMessage
from jewelrymodel.support.operations.triage import UnknownRecord, assign, categorize
from jewelrymodel.support.operations.unproven_closing import close_unproven, undo_closing
from jewelrymodel.support.operations.withdrawal_credits import release_settled_credits
from jewelrymodel.support.operations.withdrawals import (
    NothingToWithdraw,
    carry_out_withdrawal,
    claim_withdrawal,
    state_withdrawal,
    statement_text,
)

__all__ = [
    "AlreadyConfirmed",
    "BadDeadline",
    "CannotMerge",
    "CannotSplit",
    "CaseOver",
    "ClosingOver",
    "ClosingReviewed",
    "DamageClaim",
    "DecisionUnderWay",
    "EmptyMessage",
    "GroundRefusal",
    "GroundRefused",
    "GroundsChanged",
    "InvalidExtension",
    "MayNotDecide",
    "MergeRefusal",
    "NewMessage",
    "NobodyToAnswer",
    "NotInQuarantine",
    "NotItsImage",
    "NothingConfirmed",
    "NothingToWithdraw",
    "Opening",
    "OwnClosing",
    "ReasonNeeded",
    "RemedyUnderWay",
    "ReplyProblem",
    "ReplyRefused",
    "ReviewIncomplete",
    "SamePerson",
    "SenderUnconfirmed",
    "SeveralGrounds",
    "SplitRefusal",
    "UnknownRecord",
    "add_ground",
    "add_note",
    "ask",
    "assign",
    "attach_decision",
    "carry_out_confirmed",
    "carry_out_withdrawal",
    "case_to_confirm",
    "categorize",
    "claim_withdrawal",
    "close",
    "close_order",
    "close_unproven",
    "confirm_damage_review",
    "confirm_decision",
    "confirm_grounds",
    "confirm_order",
    "confirm_sender",
    "confirm_without_withdrawing",
    "decide_case",
    "dismiss_email",
    "draft_letter",
    "end_draft",
    "extend",
    "forget_visits",
    "mail_entry",
    "merge_cases",
    "note_download",
    "note_examples_exported",
    "notify_late",
    "notify_progress",
    "notify_refunded",
    "open_case",
    "open_contact",
    "open_question",
    "open_review",
    "open_stopped_image",
    "outage_explanation",
    "purge_deleted",
    "receive_email",
    "receive_message",
    "release_email",
    "release_settled_credits",
    "remove_ground",
    "remove_reply",
    "reply",
    "review_closing",
    "review_damage",
    "save_reply",
    "set_example_consent",
    "settle_at_once",
    "split_case",
    "split_message",
    "state_withdrawal",
    "statement_text",
    "undo_closing",
    "undo_confirmed",
    "visit",
    "withdraw",
]
