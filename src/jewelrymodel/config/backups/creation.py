"""Making a backup while the service runs: the database first, since files are only ever added."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from jewelrymodel.config import demo_database
from jewelrymodel.config.backups import sealing, snapshot
from jewelrymodel.config.backups.manifest import (
    DATABASE,
    DRAFTS,
    FILES,
    MANIFEST,
    PARTIAL,
    SEALED,
    BackupUnreadable,
    KeptFile,
    Manifest,
    copy_file,
    file_digest,
    manifest_digest,
    read_manifest,
    whole_backups,
)
from jewelrymodel.infra.whole_files import is_partial
from jewelrymodel.kernel.errors import CodedError


class BackupUnderWay(CodedError):
    """Another backup is written to this folder now."""


class BadBackupFolder(CodedError):
    """A backup inside the data folder would be lost with it."""


def create(folder: Path, *, passphrase: str, now: datetime) -> tuple[Path, Manifest]:
    """Write a whole backup into *folder* and return its place and what it says of itself.

    It is written beside and renamed at the end, so a killed one is never taken for whole. What the
    newest whole one in *folder* has too is linked, not copied. Raises BackupUnderWay,
    BadBackupFolder, and what ``snapshot.dump`` raises.
    """
    if folder.resolve().is_relative_to(settings.DATA_DIR):
        raise BadBackupFolder(folder=str(settings.DATA_DIR))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        for left in folder.glob(f"*{PARTIAL}"):
            shutil.rmtree(left)
        earlier = next(iter(whole_backups(folder)), None)
        final = folder / f"{now:%Y-%m-%dT%H%M%SZ}"
        partial = final.with_name(final.name + PARTIAL)
        partial.mkdir(mode=0o700)
        manifest = _write_database(partial, now=now)
        kept = [*manifest.files, *_write_files(partial, earlier)]
        manifest = replace(manifest, files=tuple(kept))
        (partial / MANIFEST).write_bytes(manifest.to_bytes())
        sealed = sealing.seal(
            _secrets(), passphrase=passphrase, manifest_sha256=manifest_digest(partial)
        )
        (partial / SEALED).write_bytes(sealed)
        os.sync()
        partial.rename(final)
        os.sync()
    return final, manifest


def prune(folder: Path, *, keep: int) -> list[Path]:
    """Remove all but the newest *keep* whole backups in *folder*; return those that went."""
    with _alone(folder):
        gone = whole_backups(folder)[max(keep, 1) :]
        for one in gone:
            doomed = one.with_name(one.name + PARTIAL)  # half of one is never taken for whole
            one.rename(doomed)
            shutil.rmtree(doomed)
    return gone


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupUnderWay(folder=str(folder)) from None
        yield


def _write_database(partial: Path, *, now: datetime) -> Manifest:
    target = partial / DATABASE
    with snapshot.snapshot() as held:
        snapshot.dump(target, name=held.name)
        applied, holds = snapshot.applied_migrations(), demo_database.content()
    return Manifest(
        taken_at=now.isoformat(timespec="seconds"),
        version=version("jewelrymodel"),
        server_major=snapshot.server_major(),
        holds=str(holds),
        migrations=applied,
        contents=held.contents,
        settings=tuple(sorted(name for name in _KEPT_ELSEWHERE if os.environ.get(name))),
        files=(KeptFile(DATABASE, target.stat().st_size, file_digest(target)),),
    )


_KEPT_ELSEWHERE = (
    *(
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "EMAIL_HOST",
        "EMAIL_USER",
    ),
    *("EMAIL_PASSWORD", "OPENAI_IMAGES_KEY", "GEMINI_IMAGES_KEY", "BFL_IMAGES_KEY"),
    *("FAL_IMAGES_KEY", "COMFYUI_URL", "TERMS_DIR", "TRUSTED_PROXY", "PUBLIC_URL", "BRAND"),
    *("MAIL_IN_HOST", "MAIL_IN_USER", "MAIL_IN_PASSWORD", "MAIL_IN_LISTEN"),
    *("LEGAL_ENTITY", "LEGAL_ADDRESS", "SUPPORT_EMAIL", "FROM_EMAIL", "DEMO"),
)
"""Settings of the operator that no backup holds: it says which were set, never what they were."""


def _write_files(partial: Path, earlier: Path | None) -> Iterator[KeptFile]:
    known = _known(earlier)
    for part, source in ((FILES, settings.MEDIA_ROOT), (DRAFTS, settings.DATA_DIR / DRAFTS)):
        for path in _files_in(source):
            name = f"{part}/{path.relative_to(source)}"
            kept = _kept(path, partial / name, earlier and earlier / name, known.get(name))
            if kept:
                yield replace(kept, path=name)


def _known(earlier: Path | None) -> dict[str, KeptFile]:
    try:
        return {one.path: one for one in read_manifest(earlier).files} if earlier else {}
    except BackupUnreadable:  # a spoilt one helps nobody: everything is copied
        return {}


def _kept(
    source: Path, target: Path, earlier: Path | None, known: KeptFile | None
) -> KeptFile | None:
    """Link what the earlier backup has, else copy; None for a file that was deleted meanwhile."""
    try:
        now = source.stat()
        if earlier and known and _is_same(now, earlier):
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(earlier, target)
            return known
        kept = copy_file(source, target)
    except FileNotFoundError:
        return None
    os.utime(target, ns=(now.st_atime_ns, now.st_mtime_ns))
    return kept


def _is_same(now: os.stat_result, earlier: Path) -> bool:
    """Whether size and time are the same: stored files are never written to again."""
    try:
        then = earlier.stat()
    except FileNotFoundError:
        return False
    return (now.st_size, now.st_mtime_ns) == (then.st_size, then.st_mtime_ns)


def _files_in(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        paths = (Path(where) / name for name in sorted(names))
        yield from (path for path in paths if not is_partial(path))


def _secrets() -> dict[str, str]:
    """Return what the secrets folder holds, and the keys that are used, wherever they come from."""
    kept = {path.name: path.read_text() for path in (settings.DATA_DIR / "secrets").glob("*")}
    return kept | {"secret_key": settings.SECRET_KEY, "signing_key": settings.SIGNING_KEY}
