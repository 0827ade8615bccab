"""The files of what was deleted go for good; the rows stay, for the books and the records.

A row keeps the hash of its file, its figures and what it cost. What is lost is every picture and
what it could be known by: the photo, its cutouts, previews and the network's own answer, an image
and the files that were made for download.
"""

from collections.abc import Set
from datetime import datetime, timedelta

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.infra import storage
from jewelrymodel.ledger import queries as ledger

_ARCHIVES_KEPT = timedelta(days=1)  # longer than an address to one works


def purge_asset(*, asset: Asset, now: datetime, kept_tasks: Set[str]) -> bool:
    """Remove an image's files; return False where its generation has to keep them for now.

    *kept_tasks* are those that somebody has still to decide about. An image made from suspended
    credits is kept as well: it comes back with them.
    """
    task = asset.item.task
    if task.pk in kept_tasks or ledger.is_made_from_suspended(task.hold_id):
        return False
    for key in (asset.image_key, asset.view_key):
        storage.delete(key)
    storage.delete_under(f"exports/{asset.account_id}/{asset.pk}/")
    Asset.objects.filter(pk=asset.pk).update(purged_at=now, look_hash=None)
    return True


def purge_photo(*, photo: Photo, now: datetime, kept_tasks: Set[str]) -> bool:
    """Remove a photo's files, as ``purge_asset`` does, and its cutouts and previews with them."""
    if queries.has_open_task(photo) or not kept_tasks.isdisjoint(queries.tasks_of(photo)):
        return False
    storage.delete_under(f"photos/{photo.account_id}/", beginning=photo.pk)
    storage.delete_under(f"previews/{photo.account_id}/{photo.pk}/")
    Photo.objects.filter(pk=photo.pk).update(purged_at=now)
    return True


def purge_archives(*, account_id: str, machine_now: datetime) -> None:
    """Remove the archives that an earlier version stored for an account's downloads: they hold its
    images too. Today's are made while they are sent.
    """
    folder = f"exports/{account_id}/"
    for name in storage.folders(folder):
        if name.startswith("zip_"):
            storage.delete_under(f"{folder}{name}/", before=machine_now - _ARCHIVES_KEPT)
