"""Writes: the file with somebody's data."""

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
    "ExportUnderWay",
    "NotReady",
    "TooSoon",
    "drop_expired",
    "note_download",
    "prepare_export",
    "request_export",
]
