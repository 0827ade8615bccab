"""``jewelrymodel backup verify`` and ``backup list``: without a database, and without settings."""

import argparse

from jewelrymodel.config.backups import restoration, sealing
from jewelrymodel.config.backups.manifest import (
    SEALED,
    manifest_digest,
    require_whole,
    whole_backups,
)
from jewelrymodel.config.backups.passphrase import passphrase


def verify(options: argparse.Namespace) -> int:
    """Read every byte of one; return 0 when it is whole.

    With a passphrase its secrets are opened too, which proves the manifest itself.
    """
    place = options.backup
    if options.passphrase_file:
        words = passphrase(options.passphrase_file, is_new=False)
        manifest, _ = restoration.open_backup(place, passphrase=words)
    else:
        manifest = require_whole(place)
        sealed = (place / SEALED).read_bytes()
        sealing.require_same_manifest(sealed, manifest_sha256=manifest_digest(place))
    print(f"{place} is whole: {manifest.summary()}")
    return 0


def list_whole(options: argparse.Namespace) -> int:
    """Name the whole backups in a folder, newest first; return 0."""
    for place in whole_backups(options.folder):
        print(place)
    return 0
