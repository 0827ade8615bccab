"""Whether a database is ours to serve, and whether all that it needs besides itself is there.

A backup that lacks the key or the files looks well until somebody needs them; so it is asked for
when the service is prepared, and by ``jewelrymodel doctor``.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.config import data_folder, demo_database
from jewelrymodel.generation import queries as generation
from jewelrymodel.infra import storage
from jewelrymodel.infra.sampling import oldest_and_newest
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.support import queries as support

AT_EACH_START = 20
LOOKED_AT = 1_000
_KEY = (
    "put back the SECRET_KEY with which this database was used (the setting, or the file "
    "secrets/secret_key in DATA_DIR); where it is lost for good, "
    "jewelrymodel prepare --forget-second-factors"
)


class KeyMissing(Exception):
    """The present SECRET_KEY doesn't open the second factors that this database keeps."""


class FilesMissing(Exception):
    """The files that this database names aren't there."""


NOT_OURS = (demo_database.DemoRefused, data_folder.NotSetUp, KeyMissing)


class DatabaseMissing(Exception):
    """There are files of customers, and the database holds nothing."""


@dataclass(frozen=True)
class Sample:
    """How many were *looked_at*, how many of them are *missing*, and one of those by its *name*."""

    looked_at: int
    missing: int
    name: str = ""


def require_ours() -> None:
    """Raise DemoRefused, NotSetUp or KeyMissing where this process must not serve the database.

    Asked at the start of every process: a host that came later may have another key.
    """
    with data_folder.rights_given():
        demo_database.require_fit()
        data_folder.require_prepared()
        require_key(limit=AT_EACH_START)


def require_key(*, limit: int = LOOKED_AT) -> None:
    """Raise KeyMissing unless SECRET_KEY opens the second factors, of which it tries *limit*."""
    sealed = factors(limit=limit)
    if sealed.missing:
        raise KeyMissing(
            f"{sealed.missing} of {sealed.looked_at} second factors can't be opened: {_KEY}"
        )


def require_files() -> None:
    """Raise FilesMissing where none of the files that the database names is there."""
    sample = files(limit=AT_EACH_START)
    if sample.looked_at and sample.missing == sample.looked_at:
        raise FilesMissing(
            f"none of the files that this database names is there, such as {sample.name}: "
            "put back the folder files in DATA_DIR"
        )


def require_database() -> None:
    """Raise DatabaseMissing where files are there and no account is: a database was left out."""
    folder = settings.MEDIA_ROOT
    has_files = folder.is_dir() and any(folder.iterdir())
    if has_files and demo_database.content() is demo_database.DatabaseContent.NOTHING:
        where = "DATABASE_URL" if not settings.EMBEDDED_DATABASE else settings.DATABASE_HOME / "pg"
        raise DatabaseMissing(
            f"{folder} has files, and the database ({where}) holds nothing: put the database back, "
            "or choose an empty DATA_DIR"
        )


def factors(*, limit: int = LOOKED_AT) -> Sample:
    """Try to open at most *limit* second factors, the oldest and the newest."""
    rows = oldest_and_newest(Authenticator.objects.select_related("user"), limit=limit)
    unopened = [row for row in rows if not _opens(row)]
    return Sample(len(rows), len(unopened), f"that of {unopened[0].user}" if unopened else "")


def forget_unopened_factors(*, actor: Actor, now: datetime) -> int:
    """Remove the second factors that SECRET_KEY doesn't open, and return how many.

    Their owners then sign in with their password alone, and can set up a new one.
    """
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().order_by("pk")
        unopened = [row for row in rows if not _opens(row)]
        for row in unopened:
            audit.record(
                actor=actor,
                action="second_factor.forgotten",
                subject=f"user:{row.user_id}",
                reason=f"{row.type}: the key that sealed it is lost",
                account_id="",
                now=now,
            )
            row.delete()
    return len(unopened)


def seal_factors_anew() -> int:
    """Seal every second factor that opens under the SECRET_KEY in use, whichever of the former ones
    it was sealed under; return how many.
    """
    with transaction.atomic():
        rows = [one for one in Authenticator.objects.select_for_update() if _opens(one)]
        for row in rows:
            for name in ("secret", "seed"):
                if name in row.data:
                    row.data[name] = _anew(row.data[name])
            if "migrated_codes" in row.data:
                row.data["migrated_codes"] = [_anew(one) for one in row.data["migrated_codes"]]
            row.save(update_fields=["data"])
    return len(rows)


def _anew(sealed: str) -> str:
    return str(get_adapter().encrypt(get_adapter().decrypt(sealed)))


def files(*, limit: int = LOOKED_AT) -> Sample:
    """Look for files that the database names: of at most *limit* rows a kind, oldest and newest."""
    keys = {*generation.stored_keys(limit=limit), *support.stored_keys(limit=limit)}
    missing = sorted(key for key in keys if not storage.exists(key))
    return Sample(len(keys), len(missing), missing[0] if missing else "")


def _opens(row: Authenticator) -> bool:
    sealed = [row.data[name] for name in ("secret", "seed") if name in row.data]
    try:
        for one in [*sealed, *row.data.get("migrated_codes", [])]:
            get_adapter().decrypt(one)
    except InvalidToken:
        return False
    return True
