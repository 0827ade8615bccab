"""The files of what sellers deleted go after their term, unless somebody has still to decide."""

from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.generation import operations as generation
from jewelrymodel.generation import queries as generation_queries
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.infra.row_isolation import attempt_each
from jewelrymodel.payments import queries as payments
from jewelrymodel.support import queries


@dataclass(frozen=True)
class Purged:
    """Of how many photos and images the files were *removed*, and how many had to keep theirs."""

    removed: int
    kept: int


def purge_deleted(*, now: datetime, machine_now: datetime) -> Purged:
    """Remove the files whose term is over; return how many were, and how many had to stay.

    They stay while a request about their generation or a dispute of their account is undecided,
    and are looked at again the next time. Uploads that nobody took go as well.
    """
    due = generation_queries.to_purge(now=now)
    contested = queries.undecided_tasks(task_ids=due.task_ids)
    disputed = payments.disputing_accounts(account_ids=due.account_ids)
    kept: list[str] = []

    def purge(row: Photo | Asset) -> None:
        if row.account_id in disputed or not _purge(row, now, contested):
            kept.append(row.pk)

    rows: list[Photo | Asset] = [*due.assets, *due.photos]
    failed = attempt_each(rows, purge, doing="removing deleted files")
    for account_id in due.account_ids:
        generation.purge_archives(account_id=account_id, machine_now=machine_now)
    generation.drop_held(machine_now=machine_now)
    left = failed + len(kept)
    return Purged(removed=len(rows) - left, kept=left)


def _purge(row: Photo | Asset, now: datetime, contested: set[str]) -> bool:
    if isinstance(row, Photo):
        return generation.purge_photo(photo=row, now=now, kept_tasks=contested)
    return generation.purge_asset(asset=row, now=now, kept_tasks=contested)
