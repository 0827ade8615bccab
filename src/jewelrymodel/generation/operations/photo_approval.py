"""From an upload to an approved cutout; nothing is held on the way."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction

from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.adapters.image_files import StoredImage
from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.models import Photo, Piece
from jewelrymodel.generation.operations.leases import FenceLost, batch_turn, held_photo, nudge_photo
from jewelrymodel.generation.operations.piece_photos import learn_from, piece_for
from jewelrymodel.generation.statuses import PHOTO_OPEN, PhotoFailure, PhotoStatus, PhotoView
from jewelrymodel.infra import disk, storage
from jewelrymodel.infra.file_names import short_file_name
from jewelrymodel.infra.photo_opener import open_upload
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.studio.messages import Message, PhotoProblem
from jewelrymodel.studio.photo import PhotoRefused

MIN_SIZE_MM, MAX_SIZE_MM = 2.0, 600.0


class NotShown(CodedError):
    """No cutout waits for approval."""


class SizeUnlikely(CodedError):
    """A size below MIN_SIZE_MM or above MAX_SIZE_MM."""


class CutoutResult(TypedDict):
    """What the studio found in a photo, as the row keeps it."""

    kind: str
    kind_reason: str
    confidence: float
    verdict: str
    matting: str
    components: list[list[int]]
    retouched_px: int
    usual_mm: float | None
    cutout_notes: list[dict[str, Any]]


def upload(
    *,
    account_id: str,
    file_name: str,
    data: bytes,
    now: datetime,
    piece_id: str = "",
    view: str = PhotoView.UNKNOWN,
) -> Photo:
    """Store a photo, stripped of its metadata, and defer its cutout.

    It is of the piece *piece_id*, whose kind and size are proposed for it; without one, of a new
    piece. Raises the studio's PhotoRefused; then nothing is stored. Raises as piece_for does.
    """
    photo = store_photo(account_id=account_id, file_name=file_name, data=data, now=now)
    photo.view = view
    with transaction.atomic():
        piece = piece_for(account_id=account_id, piece_id=piece_id, file_name=file_name, now=now)
        return begin(photo, piece)


def store_photo(*, account_id: str, file_name: str, data: bytes, now: datetime) -> Photo:
    """Store a photo's files, without its metadata, and return the row that they are for, not saved
    yet. Raises the studio's PhotoRefused; then nothing is stored.
    """
    if not disk.takes_uploads():
        raise PhotoRefused(PhotoProblem.NO_ROOM)
    photo = open_upload(data)
    photo_id = new_id("photo", now=now)
    stored = image_files.store(f"photos/{account_id}/{photo_id}", photo.rgb)
    if photo.whole_jpeg:
        storage.put(queries.whole_key(account_id, photo_id), photo.whole_jpeg)
    return Photo(
        id=photo_id,
        account_id=account_id,
        file_name=short_file_name(file_name),
        original_key=stored.image_key,
        view_key=stored.view_key,
        sha256=hashlib.sha256(data).hexdigest(),
        width_px=stored.width_px,
        height_px=stored.height_px,
        notes=[note.stored for note in photo.notes],
        created_at=now,
    )


def begin(photo: Photo, piece: Piece) -> Photo:
    """Save a stored photo as one of *piece*, and defer its cutout; the caller's transaction."""
    photo.piece, photo.named_kind, photo.size_mm = piece, piece.kind, piece.size_mm
    turn = batch_turn(photo.account_id) if photo.batch_id else None
    photo.save(force_insert=True)
    nudge_photo(photo, turn=turn)
    return photo


@dataclass(frozen=True)
class CutoutFiles:
    """What a cutout left in our storage: its picture, the network's answer, places in doubt."""

    cutout: StoredImage
    matte_key: str = ""
    doubts_view_key: str = ""


def show_cutout(
    *, lease: Lease, files: CutoutFiles, result: CutoutResult, machine_now: datetime
) -> None:
    """Put a finished cutout before its seller; raises FenceLost."""
    changed = held_photo(lease).update(
        status=PhotoStatus.SHOWN,
        cutout_key=files.cutout.image_key,
        cutout_view_key=files.cutout.view_key,
        matte_key=files.matte_key,
        doubts_view_key=files.doubts_view_key,
        lease_until_at=None,
        step="",
        reason_code="",
        reason_detail={},
        former_reason="",
        cut_at=machine_now,
        **result,
    )
    _must_have_held(changed)


def refuse_photo(
    *, lease: Lease, code: str, machine_now: datetime, detail: Message | None = None
) -> None:
    """End a photo that can't be used, for a reason of ours or the studio's; raises FenceLost."""
    _must_have_held(held_photo(lease).update(**_refusal(code, detail), cut_at=machine_now))


def refuse_cutout(
    *, lease: Lease, problem: Message, files: CutoutFiles, matting: str, machine_now: datetime
) -> None:
    """Refuse a cutout, and keep it with the answer of the network *matting*: its seller may mend
    it. Raises FenceLost.
    """
    changed = held_photo(lease).update(
        **_refusal(problem.code, problem),
        cutout_key=files.cutout.image_key,
        cutout_view_key=files.cutout.view_key,
        matte_key=files.matte_key,
        doubts_view_key="",
        matting=matting,
        components=[],
        cutout_notes=[],
        retouched_px=0,
        cut_at=machine_now,
    )
    _must_have_held(changed)


def give_up_photo(*, photo_id: str, machine_now: datetime) -> None:
    """End a photo whose workers were lost too often; raises FenceLost where one is at work."""
    with transaction.atomic():
        photo = Photo.objects.select_for_update().filter(pk=photo_id, status__in=PHOTO_OPEN).first()
        if photo is None or (photo.lease_until_at and photo.lease_until_at > machine_now):
            raise FenceLost
        refusal = _refusal(PhotoFailure.CUTOUT_LOST, None)
        Photo.objects.filter(pk=photo_id).update(**refusal, fence=photo.fence + 1)


class _Refusal(TypedDict):
    status: PhotoStatus
    lease_until_at: None
    step: str
    reason_code: str
    reason_detail: dict[str, Any]
    former_reason: str


def _refusal(code: str, detail: Message | None) -> _Refusal:
    return {
        "status": PhotoStatus.REFUSED,
        "lease_until_at": None,
        "step": "",
        "reason_code": code,
        "reason_detail": detail.stored if detail else {},
        "former_reason": "",
    }


def _must_have_held(changed: int) -> None:
    if not changed:
        raise FenceLost


def cut_again(
    *, account_id: str, photo_id: str, tapped: tuple[int, int] | None, kind: str
) -> Photo:
    """Cut out once more: only the piece at *tapped* (pixels of the photo), taken for *kind*.

    Raises NotShown. What was ordered with the earlier cutout keeps it.
    """
    with transaction.atomic():
        photo = shown_photo(account_id, photo_id)
        photo.tapped, photo.named_kind = list(tapped) if tapped else None, kind
        photo.status, photo.lost_leases, photo.approved_at = PhotoStatus.WAITING, 0, None
        photo.save(update_fields=["tapped", "named_kind", "status", "lost_leases", "approved_at"])
        nudge_photo(photo)
    return photo


def approve(*, account_id: str, photo_id: str, kind: str, size_mm: float, now: datetime) -> Photo:
    """Take the seller's word that this cutout is the piece, of this kind and real size.

    May be repeated to correct kind or size: tasks keep what they were ordered with. Our guess of
    the size counts as one until another is entered, or the same approved again. A piece that
    has no kind or size yet takes the photo's. Raises NotShown and SizeUnlikely.
    """
    if not MIN_SIZE_MM <= size_mm <= MAX_SIZE_MM:
        raise SizeUnlikely
    with transaction.atomic():
        photo = shown_photo(account_id, photo_id)
        if photo.status == PhotoStatus.APPROVED or size_mm != photo.usual_mm:
            photo.usual_mm = None  # a size that was entered, or looked at again, is no guess
        photo.kind, photo.size_mm = kind, size_mm
        photo.status, photo.approved_at = PhotoStatus.APPROVED, now
        photo.save(update_fields=["kind", "size_mm", "usual_mm", "status", "approved_at"])
        learn_from(photo)
    return photo


def shown_photo(account_id: str, photo_id: str) -> Photo:
    """Return the photo, locked, whose cutout its seller may judge; raises NotShown."""
    photo = (
        Photo.live.select_for_update(of=("self",))
        .filter(
            pk=photo_id,
            account_id=account_id,
            status__in=[PhotoStatus.SHOWN, PhotoStatus.APPROVED],
        )
        .first()
    )
    if photo is None:
        raise NotShown
    return photo
