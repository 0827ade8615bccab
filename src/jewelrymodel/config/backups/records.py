"""When the last whole backup was made, as the audit record knows it."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from jewelrymodel.audit import operations, queries
from jewelrymodel.config.backups.manifest import Manifest
from jewelrymodel.config.commands import SHELL, machine_user

SUBJECT = "service:backup"


def note(action: str, place: Path, manifest: Manifest, *, now: datetime) -> None:
    """Keep that a backup was made (``backup.made``) or came back (``backup.restored``)."""
    operations.record(
        actor=SHELL,
        actor_label=machine_user(),
        action=action,
        subject=SUBJECT,
        reason=f"{place.name}: {len(manifest.files)} files, as of {manifest.taken_at}",
        account_id="",
        now=now,
    )


def last_at() -> datetime | None:
    """Return when the last backup was made or came back: all until then is in one. None without."""
    newest = queries.newest_about(subject=SUBJECT)
    return newest.happened_at if newest else None


def is_late(now: datetime) -> bool:
    """Return whether the last backup is older than BACKUP_MAX_AGE_HOURS; 0 never asks."""
    hours: int = settings.BACKUP_MAX_AGE_HOURS
    if not hours:
        return False
    last = last_at()
    return last is None or now - last > timedelta(hours=hours)
