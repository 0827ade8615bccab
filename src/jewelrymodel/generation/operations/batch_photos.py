"""Many photos at once: each is a photo with its piece, kept together in a batch."""

import hashlib
from datetime import datetime

from django.db import transaction

from jewelrymodel.generation import queries
from jewelrymodel.generation.limits import MAX_BATCH_PHOTOS, MAX_WAITING_PHOTOS
from jewelrymodel.generation.models import Batch, Photo
from jewelrymodel.generation.operations.photo_approval import begin, store_photo
from jewelrymodel.generation.operations.piece_photos import new_piece
from jewelrymodel.generation.rules.photo_file_names import named_photo
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra.file_names import short_file_name
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.studio.messages import StudioRefusal


class BatchFull(CodedError):
    """The batch has as many photos as a batch can have."""


class TooManyWaiting(CodedError):
    """So many photos of the account's batches wait for approval that no further one is taken."""


class PhotoKnown(CodedError):
    """The account has a photo from the same file already."""


def begin_batch(*, account_id: str, now: datetime) -> Batch:
    """Return a batch without photos: one that the account began and never used, or a new one."""
    unused = Batch.objects.filter(account_id=account_id, photos=None, refused_files=[])
    return unused.first() or Batch.objects.create(
        id=new_id("batch", now=now), account_id=account_id, created_at=now
    )


def upload_to_batch(
    *,
    account_id: str,
    batch_id: str,
    file_name: str,
    data: bytes,
    now: datetime,
    again: bool = False,
) -> Photo:
    """Store a photo of a batch as a new piece, named by its file, and defer its cutout.

    The same file under the same name gives the first photo again. Raises PhotoKnown, unless it
    shall be taken *again*, BatchFull, TooManyWaiting, the studio's PhotoRefused and
    Batch.DoesNotExist; then nothing is stored.
    """
    batch = Batch.objects.get(pk=batch_id, account_id=account_id)
    sha256 = hashlib.sha256(data).hexdigest()
    if sent := _sent(batch, file_name, sha256):
        return sent
    _require_new(account_id, sha256, again=again)
    _require_room(batch)
    photo = store_photo(account_id=account_id, file_name=file_name, data=data, now=now)
    said = named_photo(file_name)
    photo.batch, photo.view = batch, said.view
    with transaction.atomic():
        batch = _locked(account_id, batch_id)
        if sent := _sent(batch, file_name, sha256):
            return sent  # the other of two requests was first
        _require_new(account_id, sha256, again=again)
        _require_room(batch)
        _forget(batch, file_name)
        piece = new_piece(account_id=account_id, name=said.name, sku=said.sku, now=now)
        return begin(photo, piece)


def note_refused(*, account_id: str, batch_id: str, file_name: str, refusal: CodedError) -> None:
    """Keep that a file became no photo of the batch, and why; raises Batch.DoesNotExist."""
    params = refusal.message.stored if isinstance(refusal, StudioRefusal) else refusal.params
    name = short_file_name(file_name)
    with transaction.atomic():
        batch = _locked(account_id, batch_id)
        _forget(batch, file_name)
        said = {"name": name, "code": refusal.code, "detail": params}
        batch.refused_files = [*batch.refused_files, said][-MAX_BATCH_PHOTOS:]
        batch.save(update_fields=["refused_files"])


def forget_refused(*, account_id: str, batch_id: str, file_name: str) -> None:
    """Forget that a file was refused: its seller has read it. Raises Batch.DoesNotExist."""
    with transaction.atomic():
        _forget(_locked(account_id, batch_id), file_name)


def _locked(account_id: str, batch_id: str) -> Batch:
    rows = Batch.objects.select_for_update(no_key=True)
    return rows.get(pk=batch_id, account_id=account_id)


def _forget(batch: Batch, file_name: str) -> None:
    name = short_file_name(file_name)
    kept = [one for one in batch.refused_files if one["name"] != name]
    if kept != batch.refused_files:
        batch.refused_files = kept
        batch.save(update_fields=["refused_files"])


def _sent(batch: Batch, file_name: str, sha256: str) -> Photo | None:
    """The photo that this very file became: its answer was lost, or it was dropped twice."""
    same = Photo.live.filter(batch=batch, sha256=sha256, file_name=short_file_name(file_name))
    return same.first()


def _require_new(account_id: str, sha256: str, *, again: bool) -> None:
    if again:
        return
    known = queries.same_photo(account_id=account_id, sha256=sha256)
    if known is not None:
        raise PhotoKnown(photo_id=known.pk)


def _require_room(batch: Batch) -> None:
    if Photo.live.filter(batch=batch).count() >= MAX_BATCH_PHOTOS:
        raise BatchFull(at_most=MAX_BATCH_PHOTOS)
    mine = Photo.live.filter(account_id=batch.account_id, batch__isnull=False)
    if mine.exclude(status=PhotoStatus.APPROVED).count() >= MAX_WAITING_PHOTOS:
        raise TooManyWaiting(at_most=MAX_WAITING_PHOTOS)
