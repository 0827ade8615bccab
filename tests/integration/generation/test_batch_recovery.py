"""A worker that dies in the middle of a batch loses one cutout's work, and another goes on."""

from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import cutout_worker, operations, queries
from jewelrymodel.generation.limits import BATCH_PRIORITY
from jewelrymodel.generation.models import Batch, Photo
from jewelrymodel.generation.statuses import PhotoStatus
from tests.support import batches
from tests.support.generation import NOW, Hands, sweep

RING = Path(__file__).parents[2] / "photos" / "render_ring.jpg"


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


@pytest.fixture
def sent(account: Account, settings: Settings) -> list[Photo]:
    """Three photos of a batch; the small network cuts them out."""
    settings.MATTING_MODEL = "u2netp"
    batch = batches.batch_of(account)
    return [
        operations.upload_to_batch(
            account_id=account.id,
            batch_id=batch.pk,
            file_name=f"ring-{n}.jpg",
            data=RING.read_bytes() + bytes(n),  # another file, the same picture
            now=NOW,
        )
        for n in range(3)
    ]


def cut(photo: Photo, hands: Hands) -> PhotoStatus:
    hands.pass_(seconds=5)
    cutout_worker.cut_photo(photo.id, hands.clock())
    photo.refresh_from_db()
    return PhotoStatus(photo.status)


def test_another_worker_goes_on_where_one_was_killed(
    sent: list[Photo], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = sent
    assert cut(first, hands) == PhotoStatus.SHOWN

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as killed:
        killed.setattr(operations, "show_cutout", die)
        with pytest.raises(Killed):
            cut(second, hands)
    assert cut(third, hands) == PhotoStatus.SHOWN
    ProcrastinateJob.objects.all().delete()  # the killed worker's died with it
    hands.pass_(seconds=40)
    sweep(hands)
    job = ProcrastinateJob.objects.get(task_name="generation.cut_out", status="todo")
    assert (job.args["photo_id"], job.priority) == (second.pk, BATCH_PRIORITY)
    assert cut(second, hands) == PhotoStatus.SHOWN
    photos = queries.batch_photos(Batch.objects.get())
    progress = queries.cutout_progress(photos)
    assert (progress.done, progress.total, progress.left_s) == (3, 3, None)
    assert all(photo.cut_at for photo in photos)
