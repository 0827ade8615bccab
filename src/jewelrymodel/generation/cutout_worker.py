"""What a worker does with one photo: cut the piece out and put it before its seller."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.lease_heartbeat import Clock, heartbeat
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoFailure, WorkStep
from jewelrymodel.infra import storage
from jewelrymodel.studio.corrections import restored
from jewelrymodel.studio.cutout import (
    Cutout,
    Matte,
    PieceNotFound,
    cut_by,
    draft_by,
    matte_of,
)
from jewelrymodel.studio.cutout_quality import MENDABLE
from jewelrymodel.studio.first_outline import first_outline
from jewelrymodel.studio.matting import MattingUnavailable, load_matting
from jewelrymodel.studio.matting_choice import NotDescribed, active_weights
from jewelrymodel.studio.matting_weights import U2NETP
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.steps import Step


def cut_photo(photo_id: str, clock: Clock) -> None:
    """Cut one photo out: shown for approval, or refused with a reason.

    Raises NotLeasable where somebody else is at it, FenceLost where somebody else took over.
    """
    lease = operations.lease_photo(photo_id=photo_id, machine_now=clock.machine_now())
    photo = Photo.objects.get(pk=photo_id)
    storage.delete(queries.outline_key(photo, attempts_ago=1))  # whose worker may have been killed
    try:
        with heartbeat(lease, clock):
            try:
                _cut(photo, lease, clock)
            except PieceNotFound as refused:
                operations.refuse_photo(
                    lease=lease,
                    code=refused.code,
                    detail=refused.message,
                    machine_now=clock.machine_now(),
                )
            except MattingUnavailable:
                operations.refuse_photo(
                    lease=lease, code=PhotoFailure.NO_MATTING, machine_now=clock.machine_now()
                )
    finally:
        storage.delete(queries.outline_key(photo))  # nobody can ask for it any more


def _cut(photo: Photo, lease: Lease, clock: Clock) -> None:
    """Cut it out and show it; the network is asked where it hasn't answered for this photo yet."""

    def on_step(step: str) -> None:
        operations.note_step(lease=lease, step=step)

    rgb = image_files.load(photo.original_key)
    prefix = f"photos/{photo.account_id}/{photo.id}-{lease.fence}"
    matte, matte_key = _former_matte(photo), photo.matte_key
    if is_asked := matte is None:
        on_step(WorkStep.WAITING_FOR_TURN)
    with _one_at_a_time() if is_asked else nullcontext():
        began_s = time.monotonic()
        if matte is None:
            matte = _asked_matte(photo, rgb, lease, on_step)
            matte_key = image_files.store_matte(f"{prefix}-matte", matte.cover)
        try:
            cutout = _cut_by(photo, rgb, matte, on_step)
        except PieceNotFound as refused:
            if refused.code not in MENDABLE:
                raise
            draft = draft_by(rgb, matte, restored(photo.corrections))
            files = operations.CutoutFiles(image_files.store(prefix, draft), matte_key=matte_key)
            operations.refuse_cutout(
                lease=lease,
                problem=refused.message,
                files=files,
                matting=matte.network,
                machine_now=clock.machine_now(),
            )
            return
        if is_asked:
            operations.note_cutting_time(lease=lease, seconds=time.monotonic() - began_s)
    files = operations.CutoutFiles(
        image_files.store(prefix, cutout.rgba),
        matte_key=matte_key,
        doubts_view_key=_doubts_view(f"{prefix}-doubts", cutout),
    )
    operations.show_cutout(
        lease=lease,
        files=files,
        result=_result(cutout, matte.network),
        machine_now=clock.machine_now(),
    )


def _asked_matte(
    photo: Photo, rgb: NDArray[np.uint8], lease: Lease, on_step: Callable[[str], None]
) -> Matte:
    """The network's answer, whoever has to wait for it seeing a first outline."""
    on_step(Step.FINDING_PIECE)
    _outline_first(photo, rgb, lease)
    return matte_of(rgb, load_matting(settings.MODELS_DIR, settings.MATTING_MODEL), on_step)


def _outline_first(photo: Photo, rgb: NDArray[np.uint8], lease: Lease) -> None:
    """Show what the small network sees, where a larger one takes seconds."""
    if _network() in (None, U2NETP.name):
        return
    outline = first_outline(rgb, settings.MODELS_DIR)
    if outline is not None:
        image_files.store_view(queries.outline_key(photo).removesuffix(".webp"), outline)
        operations.note_step(lease=lease, step=WorkStep.FIRST_OUTLINE)


def _former_matte(photo: Photo) -> Matte | None:
    """The network's earlier answer, as long as the same network would be asked again."""
    if not photo.matte_key or photo.matting != _network():
        return None
    try:
        return Matte(image_files.load(photo.matte_key), photo.matting)
    except FileNotFoundError:  # it can be asked for again
        return None


def _network() -> str | None:
    """The name of the network that would serve now."""
    try:
        weights = active_weights(settings.MODELS_DIR, settings.MATTING_MODEL)
    except NotDescribed:
        return None
    return weights.name if weights else None


def _cut_by(
    photo: Photo, rgb: NDArray[np.uint8], matte: Matte, on_step: Callable[[str], None]
) -> Cutout:
    return cut_by(
        rgb,
        matte,
        on_step,
        kind=Kind(photo.named_kind) if photo.named_kind else None,
        tapped=(photo.tapped[0], photo.tapped[1]) if photo.tapped else None,
        corrections=restored(photo.corrections),
    )


def _doubts_view(prefix: str, cutout: Cutout) -> str:
    return "" if cutout.doubts is None else image_files.store_view(prefix, cutout.doubts)


def _result(cutout: Cutout, network: str) -> operations.CutoutResult:
    return {
        "kind": cutout.kind.value,
        "kind_reason": cutout.kind_reason,
        "confidence": cutout.confidence,
        "verdict": cutout.verdict,
        "matting": network,
        "components": [list(part.box) for part in cutout.components],
        "retouched_px": cutout.retouched_px,
        "usual_mm": cutout.usual_mm,
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
