"""What a worker does with one photo: cut the piece out and put it before its seller."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from jewelrymodel.generation import operations
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.lease_heartbeat import Clock, heartbeat
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoFailure, WorkStep
from jewelrymodel.studio.cutout import Cutout, PieceNotFound, cut_out
from jewelrymodel.studio.matting import MattingUnavailable, load_matting
from jewelrymodel.studio.piece_kinds import Kind


def cut_photo(photo_id: str, clock: Clock) -> None:
    """Cut one photo out: shown for approval, or refused with a reason.

    Raises NotLeasable where somebody else is at it, FenceLost where somebody else took over.
    """
    lease = operations.lease_photo(photo_id=photo_id, machine_now=clock.machine_now())
    photo = Photo.objects.get(pk=photo_id)
    with heartbeat(lease, clock):
        try:
            _cut(photo, lease)
        except PieceNotFound as refused:
            operations.refuse_photo(lease=lease, code=refused.code, detail=refused.message)
        except MattingUnavailable:
            operations.refuse_photo(lease=lease, code=PhotoFailure.NO_MATTING)


def _cut(photo: Photo, lease: Lease) -> None:
    def on_step(step: str) -> None:
        operations.note_step(lease=lease, step=step)

    on_step(WorkStep.WAITING_FOR_TURN)
    with _one_at_a_time():
        matting = load_matting(settings.MODELS_DIR, settings.MATTING_MODEL)
        cutout = cut_out(
            image_files.load(photo.original_key),
            matting,
            on_step,
            kind=Kind(photo.named_kind) if photo.named_kind else None,
            tapped=(photo.tapped[0], photo.tapped[1]) if photo.tapped else None,
        )
    prefix = f"photos/{photo.account_id}/{photo.id}-{lease.fence}"
    files = operations.CutoutFiles(image_files.store(prefix, cutout.rgba))
    operations.show_cutout(lease=lease, files=files, result=_result(cutout, matting.name))


def _result(cutout: Cutout, matting: str) -> operations.CutoutResult:
    return {
        "kind": cutout.kind.value,
        "kind_reason": cutout.kind_reason,
        "confidence": cutout.confidence,
        "verdict": cutout.verdict,
        "matting": matting,
        "components": [list(part.box) for part in cutout.components],
        "retouched_px": 0,
        "cutout_notes": [note.stored for note in cutout.notes],
    }


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """One cutout on this machine at a time, for its memory; the lock dies with its process."""
    path = settings.DATA_DIR / "cutout.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
