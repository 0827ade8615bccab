"""Writes: the file with somebody's data, and the closing of an account."""

from jewelrymodel.privacy.operations.closing import (
    AlreadyClosed,
    MustEndFirst,
    NotConfirmed,
    NothingToKeep,
    close_account,
    erase_account,
    erase_due,
    keep_account,
)
from jewelrymodel.privacy.operations.exports import (
    ExportUnderWay,
    NotReady,
    TooSoon,
    drop_expired,
    note_download,
    prepare_export,
    request_export,
)

__all__ = [
    "AlreadyClosed",
    "ExportUnderWay",
    "MustEndFirst",
    "NotConfirmed",
    "NotReady",
    "NothingToKeep",
    "TooSoon",
    "close_account",
    "drop_expired",
    "erase_account",
    "erase_due",
    "keep_account",
    "note_download",
    "prepare_export",
    "request_export",
]
