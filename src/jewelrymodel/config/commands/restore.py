"""``jewelrymodel restore``: bring a backup back into an empty data folder and database."""

import argparse
from importlib import import_module

from jewelrymodel.config.backups import restoration
from jewelrymodel.config.backups.passphrase import passphrase


def run(options: argparse.Namespace) -> int:
    """Prove the backup, bring it back, prepare it; return 0.

    The settings are read only once the backup's secrets are known. Raises what ``restoration`` and
    ``prepare`` raise, each with its mend.
    """
    data_dir = restoration.require_empty_folder()
    words = passphrase(options.passphrase_file, is_new=False)
    manifest, secrets = restoration.open_backup(options.backup, passphrase=words)
    restoration.use_secrets(secrets)
    import_module("jewelrymodel.config.settings")
    import django

    django.setup()
    from jewelrymodel.config import data_folder, database_roles
    from jewelrymodel.config.backups import records
    from jewelrymodel.config.commands import prepare
    from jewelrymodel.infra import clock

    database_roles.use_owner()
    with data_folder.database_running(create=True):
        database_roles.require_same()
        restoration.require_fit(manifest)
        restoration.bring_back(options.backup, manifest, secrets, data_dir=data_dir)
        prepare.run()
        records.note("backup.restored", options.backup, manifest, now=clock.real_now())
    print(f"{options.backup} is back, as of {manifest.taken_at}.")
    if manifest.settings:
        print(f"These settings were set then and are in no backup: {', '.join(manifest.settings)}.")
    print("Next: jewelrymodel doctor, then start the service.")
    return 0
