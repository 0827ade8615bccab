"""Stored files, whole or absent: written beside, flushed to the disk, then linked in place."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

PARTIAL = ".partial"
"""How a hidden file ends that is still written, or whose writer died."""


class WholeFiles(FileSystemStorage):
    """Files on this machine's disk. Under its name stands a file with all its bytes, or none."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return *name*: what is there already is the caller's to hear of."""
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        """Store *content* and return *name*; raises FileExistsError where something is there."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{secrets.token_hex(8)}{PARTIAL}")
        try:
            with open(partial, "xb", opener=_for_us_alone) as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.link(partial, path)  # unlike a rename it never replaces
        finally:
            partial.unlink(missing_ok=True)
        _flush_folder(path.parent)
        return name


def _for_us_alone(path: str, flags: int) -> int:
    """Open a file that no other user of the machine reads, whatever the umask is."""
    return os.open(path, flags, 0o600)


def is_partial(path: Path) -> bool:
    """Return whether *path* is a file that is still written, or whose writer died."""
    return path.name.startswith(".") and path.name.endswith(PARTIAL)


def _flush_folder(folder: Path) -> None:
    """Have the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
