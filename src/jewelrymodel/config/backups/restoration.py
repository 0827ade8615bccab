"""Bringing a backup back into an empty place, all of it or nothing that a start would take."""

import os
import shutil
from pathlib import Path

from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.backups import sealing
from jewelrymodel.config.backups.manifest import (
    DATABASE,
    DRAFTS,
    FILES,
    SEALED,
    Manifest,
    manifest_digest,
    require_whole,
)
from jewelrymodel.kernel.errors import CodedError


class TargetNotEmpty(CodedError):
    """Something is where the backup would go; nothing is ever overwritten."""


class BackupTooNew(CodedError):
    """The backup was made by a newer version than this one."""


class OtherKeySet(CodedError):
    """SECRET_KEY is set to another than the backup's, so its second factors couldn't be opened."""


class OtherKindOfData(CodedError):
    """The backup is of a demo and this installation isn't one, or the other way around."""


class RestoredDiffers(CodedError):
    """The restored database doesn't hold what the backup says."""


def open_backup(backup: Path, *, passphrase: str) -> tuple[Manifest, dict[str, str]]:
    """Prove every byte of *backup*; return what it says of itself, and its secrets.

    Raises BackupUnreadable, BackupNotWhole, ManifestChanged, WrongPassphrase.
    """
    manifest = require_whole(backup)
    sealed = (backup / SEALED).read_bytes()
    digest = manifest_digest(backup)
    return manifest, sealing.unseal(sealed, passphrase=passphrase, manifest_sha256=digest)


def require_empty_folder() -> Path:
    """Return DATA_DIR where it holds nothing of anybody; raises TargetNotEmpty.

    Asked before the settings are read, for reading them makes a secret that nothing uses yet.
    """
    folder = env.data_dir()
    places = [folder / FILES, folder / DRAFTS]
    if not env.text("DATABASE_URL"):
        places.append(env.database_home(folder) / "pg")
    for place in places:
        if place.is_dir() and any(place.iterdir()):
            raise TargetNotEmpty(where=str(place))
    return folder


def use_secrets(secrets: dict[str, str]) -> None:
    """Have the settings take the backup's secrets; raises OtherKeySet.

    By the environment of this process alone: nothing is written before all else was looked at.
    """
    given = env.text("SECRET_KEY")
    if given and given != secrets["secret_key"]:
        raise OtherKeySet
    for name, content in secrets.items():
        os.environ.setdefault(name.upper(), content)


def require_fit(manifest: Manifest) -> None:
    """Raise TargetNotEmpty, BackupTooNew or OtherKindOfData where this database can't take it."""
    from django.conf import settings

    from jewelrymodel.config import demo_database
    from jewelrymodel.config.backups import snapshot

    if not snapshot.is_empty():
        raise TargetNotEmpty(where="DATABASE_URL" if env.text("DATABASE_URL") else "DATA_DIR")
    unknown = snapshot.unknown_migrations(manifest.migrations)
    if unknown:
        raise BackupTooNew(version=manifest.version, migration=unknown[0])
    if manifest.server_major > snapshot.server_major():
        raise BackupTooNew(version=f"PostgreSQL {manifest.server_major}", migration="")
    is_demo = manifest.holds in (
        demo_database.DatabaseContent.DEMO,
        demo_database.DatabaseContent.DEMO_HALF,
    )
    is_real = manifest.holds == demo_database.DatabaseContent.REAL
    if (is_demo and not settings.DEMO) or (is_real and settings.DEMO):
        raise OtherKindOfData(holds=manifest.holds, demo=int(settings.DEMO))


def bring_back(
    backup: Path, manifest: Manifest, secrets: dict[str, str], *, data_dir: Path
) -> None:
    """Write files and secrets, and the database last, in one transaction.

    Whoever is killed before leaves files without a database, which no start takes for a service.
    Raises RestoredDiffers, and what ``snapshot.load`` raises.
    """
    from jewelrymodel.config.backups import snapshot

    for one in manifest.files:
        if one.path != DATABASE:
            target = data_dir / one.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(backup / one.path, target)
    _write_secrets(data_dir / "secrets", secrets)
    os.sync()
    snapshot.load(backup / DATABASE)
    _require_same(manifest.contents, snapshot.contents())


def _require_same(kept: dict[str, dict[str, object]], now: dict[str, dict[str, object]]) -> None:
    for kind, values in kept.items():
        found = now.get(kind, {})
        for name in sorted({*values, *found}):
            if values.get(name) != found.get(name):
                raise RestoredDiffers(
                    what=f"{kind} {name}", kept=values.get(name), found=found.get(name)
                )


def _write_secrets(folder: Path, secrets: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in secrets.items():
        path = folder / Path(name).name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
