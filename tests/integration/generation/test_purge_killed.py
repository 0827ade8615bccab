"""A worker that is killed while it removes files: the next one goes on, and nothing is left."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.generation.operations import Deletable
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import storage
from jewelrymodel.support import operations as support
from tests.support import generation as world

NOW = world.NOW
TOO_LATE = NOW + timedelta(days=31)


@pytest.fixture
def deleted(committing_db: None, files: Path) -> Asset:
    """An image that was deleted with its piece, and has small pictures and previews besides."""
    account = world.seller("killed")
    photo = world.approve(world.approved_photo(account))
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED), world.Hands())
    asset = Asset.objects.get()
    operations.small_image(asset)
    operations.small_photo(photo)
    operations.make_preview(account_id=account.pk, photo_id=photo.pk, look_id="marble")
    operations.delete(account_id=account.pk, what=Deletable.PIECE, ids=[photo.piece_id], now=NOW)
    return asset


def purge() -> None:
    support.purge_deleted(now=TOO_LATE, machine_now=NOW)


def killed_after_one_removal(work: Callable[[], None]) -> bool:
    """Whether a process of its own was killed right after it had removed a file; it ended else."""
    connections.close_all()  # the child has to open its own
    child = os.fork()
    if child == 0:
        remove = os.remove

        def remove_and_die(path: Any, **options: Any) -> None:
            remove(path, **options)
            os.kill(os.getpid(), signal.SIGKILL)

        os.remove = remove_and_die
        try:
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_it_goes_on_after_every_file(deleted: Asset, files: Path) -> None:
    def stored() -> set[Path]:
        return {path for path in files.rglob("*") if path.is_file()}

    left = stored()
    kills = 0
    while killed_after_one_removal(purge):
        kills += 1
        assert len(left - stored()) == 1
        left = stored()
        image, photo = Asset.objects.get(), Photo.objects.get()
        assert image.purged_at is None or not storage.exists(image.image_key)
        assert photo.purged_at is None or not storage.exists(photo.original_key)
    assert kills > 6
    assert left == set()
    assert Asset.objects.get().purged_at == Photo.objects.get().purged_at == TOO_LATE
    assert queries.stored_keys(limit=9) == set()
    purge()
    assert Asset.objects.get().purged_at == TOO_LATE
