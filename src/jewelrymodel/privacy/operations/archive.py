"""What is in the file with somebody's data: a README, their records as JSON, and their files.

Records and files are written one by one, so that an archive of any size needs little memory.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.template.loader import render_to_string

from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.infra import formats, storage
from jewelrymodel.payments.adapters.credit_note_pdf import render_credit_note
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import CreditNote, Receipt
from jewelrymodel.privacy.account_records import EXPORTED, RecordKind
from jewelrymodel.support.models import Attachment

_AT_ONCE = 500
_ENCODED = DjangoJSONEncoder(ensure_ascii=False)


@dataclass
class ArchiveContent:
    """What was written: how many rows of each kind, files by folder, and files that weren't there.

    A file isn't there where its photo or image was deleted for good, or the storage lost it.
    """

    rows: dict[str, int]
    files: dict[str, int]
    missing: list[str]


@dataclass(frozen=True)
class StoredFile:
    """A stored file by its *key*, and its name in the archive."""

    name: str
    key: str


def write_archive(
    file: IO[bytes], *, account_id: str, user_id: int, now: datetime
) -> ArchiveContent:
    """Write everything of an account, and of the person who asks, as a ZIP into *file*."""
    content = ArchiveContent(rows={}, files={}, missing=[])
    with zipfile.ZipFile(file, "w") as archive:
        for kind in EXPORTED:
            content.rows[kind.file] = _write_rows(archive, kind, account_id, user_id, now)
        for one in stored_files(account_id):
            _copy(archive, one, content, now)
        for receipt in Receipt.objects.filter(account_id=account_id).order_by("number"):
            name = f"receipts/{receipt.label}.pdf"
            archive.writestr(_entry(name, now), render_receipt(receipt))
            _count(content, name)
        for note in CreditNote.objects.filter(account_id=account_id).order_by("number"):
            name = f"credit_notes/{note.label}.pdf"
            archive.writestr(_entry(name, now), render_credit_note(note))
            _count(content, name)
        archive.writestr(_entry("README.txt", now), _readme(content, now))
    return content


def stored_files(account_id: str) -> Iterator[StoredFile]:
    """Yield the account's photos, cutouts, images and pictures of messages that are there."""
    photos = Photo.objects.filter(account_id=account_id, purged_at=None).order_by("pk")
    for photo in photos.iterator(_AT_ONCE):
        yield StoredFile(f"photos/{photo.pk}{_ending(photo.original_key)}", photo.original_key)
        if photo.cutout_key:
            yield StoredFile(f"cutouts/{photo.pk}{_ending(photo.cutout_key)}", photo.cutout_key)
    ours = Asset.objects.filter(item__own_model=None)  # a person in one may revoke: not in a file
    images = ours.filter(account_id=account_id, purged_at=None).order_by("pk")
    for asset in images.iterator(_AT_ONCE):
        yield StoredFile(f"images/{asset.pk}{_ending(asset.image_key)}", asset.image_key)
    pictures = Attachment.objects.filter(
        entry__case__account_id=account_id, entry__internal=False
    ).order_by("pk")
    for picture in pictures.iterator(_AT_ONCE):
        yield StoredFile(f"attachments/{picture.pk}{_ending(picture.key)}", picture.key)


def _ending(key: str) -> str:
    return f".{key.rpartition('.')[2]}"


def _write_rows(
    archive: zipfile.ZipFile, kind: RecordKind, account_id: str, user_id: int, now: datetime
) -> int:
    count = 0
    with archive.open(_entry(f"data/{kind.file}.json", now), "w", force_zip64=True) as entry:
        entry.write(b"[")
        for row in kind.rows(account_id=account_id, user_id=user_id).iterator(_AT_ONCE):
            entry.write(b",\n" if count else b"\n")
            entry.write(_ENCODED.encode(_record(row, kind)).encode())
            count += 1
        entry.write(b"\n]\n")
    return count


def _record(row: Model, kind: RecordKind) -> dict[str, Any]:
    fields = [one.attname for one in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in fields if name not in kind.without}


def _copy(
    archive: zipfile.ZipFile, one: StoredFile, content: ArchiveContent, now: datetime
) -> None:
    try:
        source = storage.open_stored(one.key)
    except FileNotFoundError:
        content.missing.append(one.name)
        return
    entry = _entry(one.name, now, compression=zipfile.ZIP_STORED)
    with source, archive.open(entry, "w", force_zip64=True) as copy:
        while piece := source.read(1_000_000):
            copy.write(piece)
    _count(content, one.name)


def _entry(name: str, now: datetime, *, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    return entry


def _count(content: ArchiveContent, name: str) -> None:
    folder = name.partition("/")[0]
    content.files[folder] = content.files.get(folder, 0) + 1


def _readme(content: ArchiveContent, now: datetime) -> str:
    context = {
        "brand": settings.BRAND,
        "support_email": settings.SUPPORT_EMAIL,
        "made_at": formats.moment(now),
        "kinds": [(f"data/{one.file}.json", one.about, content.rows[one.file]) for one in EXPORTED],
        "files": content.files,
        "missing": content.missing,
    }
    return render_to_string("privacy/readme.txt", context)
