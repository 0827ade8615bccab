"""Batches of invented photos: their rows alone, or with pictures of our own drawing."""

import io

from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations
from jewelrymodel.generation.models import Batch, Photo
from jewelrymodel.generation.operations.leases import nudge_photo
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.kernel.ids import new_id
from tests.support import generation as world
from tests.support.generation import NOW


def batch_of(account: Account) -> Batch:
    """A batch that they began."""
    return operations.begin_batch(account_id=account.id, now=NOW)


def photo_file(shade: int = 0, edge_px: int = 320) -> bytes:
    """A photo of a drawn pendant; another *shade* is another file."""
    pixels = world.drawn_piece(edge_px)[..., :3].copy()
    pixels[..., 2] = (pixels[..., 2].astype(int) + shade) % 256
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def waiting_rows(account: Account, batch: Batch | None, count: int) -> list[Photo]:
    """Photos that wait for their cutout, without files, each with its job."""
    photos = [
        Photo(
            id=new_id("photo", now=NOW),
            account=account,
            batch=batch,
            piece=world.piece(account),
            original_key=f"photos/none-{n}.png",
            view_key=f"photos/none-{n}.webp",
            file_name=f"r-{n}.jpg",
            sha256=f"{n:064x}",
            width_px=400,
            height_px=400,
            created_at=NOW,
        )
        for n in range(count)
    ]
    Photo.objects.bulk_create(photos)
    for photo in photos:
        nudge_photo(photo)
    return photos


def shown_in(batch: Batch, *, kind: str = "pendant", name: str = "") -> Photo:
    """A photo of the batch whose cutout waits for approval; it has its pictures."""
    photo = world.approved_photo(batch.account, kind=kind)
    photo.batch, photo.file_name, photo.fence = batch, name, 1
    photo.save(update_fields=["batch", "file_name", "fence"])
    return photo


def approved_in(batch: Batch, *, kind: str = "pendant", name: str = "") -> Photo:
    """The same, approved."""
    photo = world.approve(shown_in(batch, kind=kind, name=name))
    assert photo.status == PhotoStatus.APPROVED
    return photo
