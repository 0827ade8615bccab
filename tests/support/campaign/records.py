"""What the crowd was told, and its patience: whoever gets no answer asks again."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import httpx

from tests.support.campaign.plan import Fate

PATIENCE_S = 150  # a supervisor that is killed and started again
PAUSE_S = 0.5


class NoAnswer(AssertionError):
    """The service didn't answer a patient customer."""


@dataclass
class Records:
    """What the crowd was told: the truth that the books are held against."""

    tasks: set[str] = field(default_factory=set)  # keys of orders of images that were taken
    sessions: dict[str, Fate] = field(default_factory=dict)  # payment pages, and how each ended
    letters: set[str] = field(default_factory=set)  # Message-IDs that the listener took
    requests: set[str] = field(default_factory=set)  # requests that were taken
    disputes: dict[str, deque[str]] = field(default_factory=dict)  # and what is left to decide
    refusals: dict[str, int] = field(default_factory=dict)  # status → how often
    failures: dict[str, int] = field(default_factory=dict)  # no answer, or an error page: repeated
    _lock: Lock = field(default_factory=Lock)

    def count(self, kind: dict[str, int], what: str) -> None:
        """Count one more of *what*."""
        with self._lock:
            kind[what] = kind.get(what, 0) + 1

    def patiently(self, who: str, what: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Return the first answer that isn't an error of a server's; raises NoAnswer."""
        deadline_s = time.monotonic() + PATIENCE_S
        problem = ""
        while time.monotonic() < deadline_s:
            try:
                answer = ask()
            except httpx.TransportError as error:
                problem = type(error).__name__
            else:
                if answer.status_code < 500:
                    return answer
                problem = f"{answer.status_code}"
            self.count(self.failures, f"{what}: {problem}")
            time.sleep(PAUSE_S)
        raise NoAnswer(f"{who}, {what}: {problem}")
