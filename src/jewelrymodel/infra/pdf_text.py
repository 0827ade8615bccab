"""The text of a stranger's PDF, read outside of our own memory."""

import os
import subprocess
import sys

from jewelrymodel.infra.email_parser import clean

MAX_BYTES = 5_000_000
WAIT_S = 12
"""By the clock; the process's own limit counts its work only."""
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_MODULE = "jewelrymodel.infra.pdf_process"


def is_pdf(data: bytes) -> bool:
    """Return whether the file says that it is a PDF (ISO 32000-2, 7.5.2)."""
    return b"%PDF-" in data[:1024]


def pdf_text(data: bytes) -> str:
    """Return what the PDF says on its first pages; "" where it is too large or can't be read."""
    if len(data) > MAX_BYTES:
        return ""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", _MODULE],
            input=data,
            env=environment,
            capture_output=True,
            timeout=WAIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return clean(done.stdout.decode("utf-8", "replace")).strip() if done.returncode == 0 else ""
