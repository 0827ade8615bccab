"""Requests to the processor that follow no redirection: an answer that leads elsewhere is none.

The processor's API never redirects; who could make it seem so would be sent what we ask, with names
and amounts (ASVS 5, 15.3.2).
"""

import threading
from typing import Any

import requests


class StraightSession:
    """What the processor's library asks by: a session of its own for each thread."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        """Return the answer of *url* itself, also where it is a redirection."""
        return self._session().request(method, url, **{**given, "allow_redirects": False})

    def close(self) -> None:
        """Close this thread's connections."""
        self._session().close()

    def _session(self) -> requests.Session:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = requests.Session()
        session: requests.Session = self._of_thread.session
        return session
