"""The browser that the machine has."""

import shutil

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first draws no window around a page: a third of the processor's time (ADR 0012)."""


class NoBrowser(AssertionError):
    """Chromium is missing: apt-get install chromium-headless-shell, then try again."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


def program() -> str:
    """Where the quickest Chromium of the system is; raises NoBrowser."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoBrowser
    return found
