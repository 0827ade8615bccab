"""Stretches of time: they include their start and leave out their end."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Period:
    """From *starts_at* up to, but without, *ends_at*; both aware.

    Raises ValueError when an instant is naive or the end doesn't follow the start.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a period needs aware instants")
        if self.ends_at <= self.starts_at:
            raise ValueError(f"a period can't end at {self.ends_at} and start at {self.starts_at}")

    def contains(self, at: datetime) -> bool:
        """Return whether the instant *at* lies inside."""
        return self.starts_at <= at < self.ends_at
