"""The password of the tables' owner stays with what prepares: what serves is never told it."""

import subprocess
import sys
from pathlib import Path

from tests.support.own_postgres import PASSWORD, owners
from tests.support.service import Service, processes_of


def told(pid: int) -> bytes:
    """The environment that the process began with."""
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_no_part_of_a_running_service_is_told_it(service: Service, database: str) -> None:
    parts = {pid for pid in processes_of(service.data_dir) if pid != service.process.pid}
    assert {service.leader_of("web"), service.leader_of("worker")} <= parts
    for pid in parts:
        assert PASSWORD.encode() in told(pid)  # by DATABASE_URL: we do read what it was told
        assert owners(database).encode() not in told(pid)
        assert b"DATABASE_OWNER_URL" not in told(pid)


def test_who_is_told_it_shows_it_to_no_process_of_the_same_user() -> None:
    """As root everybody reads everything; so the kernel's own mark of the process is asked for."""
    script = (
        "import ctypes\n"
        "from jewelrymodel.config.child_processes import close_to_own_user\n"
        "def mark(): return ctypes.CDLL(None).prctl(3)\n"  # PR_GET_DUMPABLE
        "before = mark(); close_to_own_user(); print(before, mark())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"1 0\n"
