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
NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(AssertionError):
    """Chromium is missing: apt-get install chromium, then try again."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


def program() -> str:
    """Where the system's Chromium is; raises NoBrowser."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoBrowser
    return found
