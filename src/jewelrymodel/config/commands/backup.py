"""``jewelrymodel backup create``: make a whole backup while the service runs."""

import argparse
import os

from jewelrymodel.config.backups import creation, records
from jewelrymodel.infra import clock


def create(options: argparse.Namespace, *, words: str) -> int:
    """Make one in the folder that *options* names, sealed by *words*; return 0."""
    os.umask(0o077)
    now = clock.real_now()
    place, manifest = creation.create(options.folder, passphrase=words, now=now)
    records.note("backup.made", place, manifest, now=now)
    print(f"{place}: {manifest.summary()}")
    if options.keep:
        for old in creation.prune(options.folder, keep=options.keep):
            print(f"{old}: removed")
    return 0
