"""The file with everything of an account: asked for, prepared, fetched, and gone again.

The row is the truth. Who is killed while preparing leaves a row that says so and perhaps a file;
the job comes again, removes that file and begins anew.
"""

import hashlib
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts.models import Account, Membership
from jewelrymodel.accounts.operations import NotTheOwner
from jewelrymodel.accounts.roles import Role
from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import email_queue, languages, queue, storage
from jewelrymodel.infra.locks import locked
from jewelrymodel.infra.storage_places import DATA_EXPORTS
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.privacy.models import DataExport
from jewelrymodel.privacy.operations.archive import write_archive
from jewelrymodel.privacy.statuses import ExportState

PREPARE = "privacy.prepare_export"
EVERY = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(days=2)
"""A file that still isn't there is no longer waited for: another one can be asked for."""
_PIECE = 1_000_000


class ExportUnderWay(CodedError):
    """The account's file is being prepared."""


class TooSoon(CodedError):
    """The account had a file prepared within a day; *again_at* says when the next one can be."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(again_at=again_at.isoformat())
        self.again_at = again_at


class NotReady(CodedError):
    """There is no file to fetch: it isn't ready, or has expired."""


def request_export(*, account_id: str, user_id: int, now: datetime) -> DataExport:
    """Return the export that is prepared from now on: one at a time, and one a day.

    Raises NotTheOwner, ExportUnderWay and TooSoon.
    """
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account_id)
        owners = Membership.objects.filter(account_id=account_id, role=Role.OWNER)
        if not owners.filter(user_id=user_id).exists():
            raise NotTheOwner(account=account_id)
        earlier = DataExport.objects.filter(account_id=account_id)
        if earlier.filter(state=ExportState.PREPARING).exists():
            raise ExportUnderWay
        counted = earlier.exclude(state=ExportState.FAILED)
        latest = counted.filter(created_at__gt=now - EVERY).order_by("-created_at").first()
        if latest is not None:
            raise TooSoon(latest.created_at + EVERY)
        row = DataExport.objects.create(
            id=new_id("exp", now=now), account_id=account_id, user_id=user_id, created_at=now
        )
        _note(row, "data.export_requested", Actor.user(user_id), now)
        queue.defer(PREPARE, export_id=row.pk)
    return row


def prepare_export(*, export_id: str, now: datetime, machine_now: datetime) -> None:
    """Write the file, store it and tell who asked; done already, it changes nothing.

    Two at once wait for each other. Raises OSError where the disk is full or the storage away: the
    job then comes again.
    """
    with locked(f"{PREPARE}:{export_id}"):
        row = DataExport.objects.select_related("user", "account").get(pk=export_id)
        if row.state != ExportState.PREPARING:
            return
        folder = _folder(row)
        storage.delete_under(folder)
        with storage.scratch() as file:
            with languages.speaking(row.user.language):
                content = write_archive(
                    file, account_id=row.account_id, user_id=row.user_id, now=now
                )
            row.size_bytes, row.sha256 = _measure(file)
            row.key = storage.put_file(f"{folder}{file_name(row)}", file)
        row.missing_files = len(content.missing)
        _finish(row, now, machine_now)


def _finish(row: DataExport, now: datetime, machine_now: datetime) -> None:
    row.state, row.ready_at = ExportState.READY, now
    row.expires_at = now + timedelta(days=settings.DATA_EXPORTS_KEPT_DAYS)
    with transaction.atomic():
        row.save()
        with languages.speaking(row.user.language):
            context = {"url": f"{settings.PUBLIC_URL}/settings/data", "until": row.expires_at}
            email_queue.send_later(
                to=row.user.email,
                subject=_("Your data is ready to download"),
                text=render_to_string("privacy/export_ready.txt", context),
                machine_now=machine_now,
            )


def file_name(row: DataExport) -> str:
    """Return what the file is called on its owner's machine."""
    return f"my-data-{row.created_at:%Y-%m-%d}.zip"


def note_download(*, account_id: str, user_id: int, now: datetime) -> DataExport:
    """Return the account's latest file after noting that it is fetched; raises NotReady."""
    with transaction.atomic():
        rows = DataExport.objects.filter(account_id=account_id, expires_at__gt=now)
        row = rows.filter(state=ExportState.READY).order_by("-created_at").first()
        if row is None:
            raise NotReady
        _note(row, "data.export_downloaded", Actor.user(user_id), now)
    return row


def drop_expired(*, now: datetime) -> int:
    """Remove the files whose time is over, and give up what was never finished; return how many."""
    over = list(DataExport.objects.filter(state=ExportState.READY, expires_at__lte=now))
    stuck = DataExport.objects.filter(
        state=ExportState.PREPARING, created_at__lte=now - GIVEN_UP_AFTER
    )
    for row in over:
        storage.delete_under(_folder(row))
        DataExport.objects.filter(pk=row.pk, state=ExportState.READY).update(
            state=ExportState.EXPIRED, key=""
        )
    return len(over) + stuck.update(state=ExportState.FAILED)


def _folder(row: DataExport) -> str:
    return f"{DATA_EXPORTS}/{row.account_id}/{row.pk}/"


def _measure(file: IO[bytes]) -> tuple[int, str]:
    """Return the size and the SHA-256 of *file*, which is at its beginning afterwards."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return size, digest.hexdigest()


def _note(row: DataExport, action: str, actor: Actor, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=f"export:{row.pk}",
        reason="asked for in the settings",
        account_id=row.account_id,
        now=now,
    )
