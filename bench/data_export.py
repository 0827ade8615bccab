"""How long the file with all of an account takes, and how much memory, by the size of its pictures.

Run with ``python bench/data_export.py``: an embedded cluster, an account of PHOTOS photos with a
cutout each, of noise that nothing compresses. Memory is the process's own highest (VmHWM), less
what it took before: it must not grow with the account.
"""

import os
import time
from pathlib import Path

from ledger import cluster

PHOTOS = 60
SIZES_MB = (1, 8)


def main() -> None:
    """Print seconds, the file's size and the memory that writing it took."""
    with cluster():
        setup()
        measure(1, 1)  # what is loaded with the first one isn't its cost
        for size_mb in SIZES_MB:
            before_mb = peak_mb()
            seconds, written_mb = measure(PHOTOS, size_mb)
            grown_mb = peak_mb() - before_mb
            print(
                f"{PHOTOS} photos of {size_mb} MB with cutouts: {seconds:.1f} s, "
                f"{written_mb:.0f} MB written, {grown_mb:.0f} MB more memory",
                flush=True,
            )


def setup() -> None:
    """Migrate an empty database."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def measure(photos: int, size_mb: int) -> tuple[float, float]:
    """Return the seconds that preparing the file of such an account takes, and its size in MB."""
    from jewelrymodel.infra import clock
    from jewelrymodel.privacy import operations
    from jewelrymodel.privacy.models import DataExport

    account_id, user_id = seller(photos, size_mb)
    now = clock.real_now()
    row = operations.request_export(account_id=account_id, user_id=user_id, now=now)
    began_s = time.perf_counter()
    operations.prepare_export(export_id=row.pk, now=now, machine_now=now)
    took_s = time.perf_counter() - began_s
    return took_s, (DataExport.objects.get(pk=row.pk).size_bytes or 0) / 1e6


def seller(photos: int, size_mb: int) -> tuple[str, int]:
    """Return an account and its owner, with so many photos and a cutout of each."""
    from jewelrymodel.accounts.operations import register
    from jewelrymodel.generation.models import Photo, Piece
    from jewelrymodel.infra import clock, storage
    from jewelrymodel.kernel.ids import new_id

    now = clock.real_now()
    email = f"seller-{photos}-{size_mb}@bench.example"
    member = register(email=email, password=None, account_name="Bench", now=now)
    account_id = member.account_id
    for _number in range(photos):
        piece = Piece.objects.create(
            id=new_id("piece", now=now), account_id=account_id, created_at=now
        )
        photo_id = new_id("photo", now=now)
        keys = [f"photos/{account_id}/{photo_id}{end}.png" for end in ("", "-1")]
        for key in keys:
            storage.put(key, os.urandom(size_mb * 1_000_000))
        Photo.objects.create(
            id=photo_id,
            account_id=account_id,
            piece=piece,
            original_key=keys[0],
            view_key=keys[0],
            cutout_key=keys[1],
            sha256="0" * 64,
            width_px=1,
            height_px=1,
            created_at=now,
        )
    return account_id, member.user_id


def peak_mb() -> float:
    """Return the most memory that this process ever had, in MB."""
    status = Path("/proc/self/status").read_text()
    (line,) = (one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    main()
