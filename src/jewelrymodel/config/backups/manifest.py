"""What a backup says of itself: each file with its SHA-256, and what its database held.

A backup is a folder:

* ``manifest.json``, this;
* ``secrets.sealed``, which names the manifest's SHA-256 (``sealing``);
* ``database``, PostgreSQL's custom archive;
* ``files/`` and ``terms/``, as they lie in the data folder.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from jewelrymodel.kernel.errors import CodedError

FORMAT = 1
MANIFEST, SEALED, DATABASE, FILES, DRAFTS = (
    "manifest.json",
    "secrets.sealed",
    "database",
    "files",
    "terms",
)
PARTIAL = ".partial"
"""How the name of one ends that is still written, or was never finished."""
_CHUNK = 1 << 20


class BackupNotWhole(CodedError):
    """Something of the backup is missing, or was changed since."""


class BackupUnreadable(CodedError):
    """There is no backup, or none of a format that this version reads."""


@dataclass(frozen=True)
class KeptFile:
    """A file of the backup by its place in it."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that a backup says of itself.

    *contents* is what the database held at *taken_at* (ISO 8601, by the machine's clock): rows by
    table, sums of the books, hashes of the policy's editions. *holds* is whose they are, a demo's
    or real ones. *migrations* are those that were applied (``app.name``).
    """

    taken_at: str
    version: str
    server_major: int
    holds: str
    migrations: tuple[str, ...]
    contents: dict[str, dict[str, Any]]
    settings: tuple[str, ...]
    files: tuple[KeptFile, ...]
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """Return the manifest's file."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    def summary(self) -> str:
        """Return one line for people: how much it holds, and as of when."""
        rows = sum(int(many) for many in self.contents["rows"].values())
        stored = sum(one.path.startswith(f"{FILES}/") for one in self.files)
        size_mb = sum(one.size_bytes for one in self.files) / 1e6
        return f"{rows} rows, {stored} files, {size_mb:.1f} MB, as of {self.taken_at}"

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the manifest's file; raises BackupUnreadable."""
        try:
            read = json.loads(data)
            if read["format"] != FORMAT:
                raise BackupUnreadable(where=f"format {read['format']}")
            read["files"] = tuple(KeptFile(**one) for one in read["files"])
            read["migrations"] = tuple(read["migrations"])
            read["settings"] = tuple(read["settings"])
            return cls(**read)
        except (ValueError, KeyError, TypeError):
            raise BackupUnreadable(where=MANIFEST) from None


def read_manifest(backup: Path) -> Manifest:
    """Return what the *backup* says of itself; raises BackupUnreadable."""
    try:
        return Manifest.from_bytes((backup / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise BackupUnreadable(where=str(backup)) from None


def manifest_digest(backup: Path) -> str:
    """Return the SHA-256 of the manifest's file, in hexadecimal."""
    return hashlib.sha256((backup / MANIFEST).read_bytes()).hexdigest()


def require_whole(backup: Path) -> Manifest:
    """Read every byte of the *backup* and return its manifest; raises BackupNotWhole, naming the
    first file that is missing or isn't what it was.
    """
    manifest = read_manifest(backup)
    if not (backup / SEALED).is_file():
        raise BackupNotWhole(path=SEALED)
    for one in manifest.files:
        path = backup / one.path
        if not _is_inside(path, backup) or not path.is_file() or file_digest(path) != one.sha256:
            raise BackupNotWhole(path=one.path)
    return manifest


def whole_backups(folder: Path) -> list[Path]:
    """Return the backups in *folder* that were written to their end, newest first."""
    found = [path.parent for path in folder.glob(f"*/{SEALED}")]
    return sorted((one for one in found if one.suffix != PARTIAL), reverse=True)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of the file at *path*, in hexadecimal, without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> KeptFile:
    """Copy *source* to *target* with its time and return what was copied (its path is *target*'s
    name). Raises FileNotFoundError where it is gone.
    """
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as written:
            for chunk in _chunks(read):
                digest.update(chunk)
                written.write(chunk)
                size += len(chunk)
    return KeptFile(target.name, size, digest.hexdigest())


def _chunks(file: Any) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
