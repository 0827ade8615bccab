"""The right to work on one row."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lease:
    """The right to write to one row until someone else takes it: worth what its fence is worth."""

    subject_id: str
    fence: int
