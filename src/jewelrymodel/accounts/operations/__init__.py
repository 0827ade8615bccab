"""Writes: accounts, people's names, and the rights of our own staff. One transaction each."""

from jewelrymodel.accounts.operations.account_closing import close, erase, reopen
from jewelrymodel.accounts.operations.account_opening import (
    NotTheOwner,
    change_account,
    choose_emails,
    choose_language,
    note_buyer,
    open_account,
    register,
    rename_person,
)
from jewelrymodel.accounts.operations.sessions import forget_ended_sessions
from jewelrymodel.accounts.operations.staff import (
    LastOperator,
    NotStaff,
    add_staff,
    end_sessions,
    end_staff,
    hire,
    make_staff,
)

__all__ = [
    "LastOperator",
    "NotStaff",
    "NotTheOwner",
    "add_staff",
    "change_account",
    "choose_emails",
    "choose_language",
    "close",
    "end_sessions",
    "end_staff",
    "erase",
    "forget_ended_sessions",
    "hire",
    "make_staff",
    "note_buyer",
    "open_account",
    "register",
    "rename_person",
    "reopen",
]
