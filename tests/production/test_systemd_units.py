"""The units of docs/systemd, checked by systemd's own tool; no systemd runs here."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.service import COMMAND

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "docs/systemd"
INSTALLED = "/opt/jewelrymodel/bin/jewelrymodel"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TIMERS = sorted(path.name for path in UNITS.glob("*.timer"))
HARDENING = "jewelrymodel-.service.d/hardening.conf"
OWNERS_FILE = "/etc/jewelrymodel-owner.env"
MAY_PREPARE = {"jewelrymodel-prepare.service", "jewelrymodel-all.service"}
"""By ``up``, which hands it to nothing else."""
AT_MOST = 20  # tenths of systemd's exposure, 0 to 100


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as installed, but with a program that is there; skips where systemd isn't."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze isn't here: make setup installs it as root (systemd)")
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    for name in SERVICES:
        unit = folder / name
        unit.write_text(unit.read_text().replace(INSTALLED, "/bin/true"))
    return folder


@pytest.mark.parametrize("name", [*SERVICES, *TIMERS])
def test_systemd_finds_nothing_wrong(units: Path, name: str) -> None:
    done = analyze(units, "verify", "--man=no", name)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_finds_a_misspelt_setting(units: Path) -> None:
    hardening = units / HARDENING
    hardening.write_text(hardening.read_text().replace("ProtectHome=", "ProtectHomes="))
    assert "ProtectHomes" in analyze(units, "verify", "--man=no", SERVICES[0]).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_shut_in(units: Path, name: str) -> None:
    assert rating(units, name).returncode == 0


def test_a_service_that_is_not_shut_in_is_rated_so(units: Path) -> None:
    (units / HARDENING).unlink()
    assert rating(units, SERVICES[0]).returncode != 0


@pytest.mark.parametrize("name", SERVICES)
def test_the_command_of_a_service_is_one_of_ours(name: str) -> None:
    started = re.findall(rf"^ExecStart={INSTALLED} (.+)$", (UNITS / name).read_text(), re.M)
    assert len(started) == 1
    done = subprocess.run([COMMAND, *started[0].split(), "--help"], check=False)
    assert done.returncode == 0


def test_real_service_is_what_they_run() -> None:
    assert "Environment=DEMO=0 " in (UNITS / HARDENING).read_text()


def test_only_what_prepares_reads_the_owners_file() -> None:
    told = f"EnvironmentFile={OWNERS_FILE}"
    files = filter(Path.is_file, UNITS.rglob("*"))
    readers = {path.name for path in files if told in path.read_text()}
    assert readers == {"jewelrymodel-prepare.service"}
    assert OWNERS_FILE in (ROOT / "docs/operations.md").read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_what_serves_is_not_told_an_owner_that_stands_in_the_common_file(name: str) -> None:
    dropped = "UnsetEnvironment=DATABASE_OWNER_URL" in (UNITS / name).read_text()
    assert dropped is (name not in MAY_PREPARE)


def rating(units: Path, name: str) -> subprocess.CompletedProcess[str]:
    """What systemd thinks of how *name* is shut in; its status is 0 up to AT_MOST."""
    return analyze(units, "security", "--offline=yes", f"--threshold={AT_MOST}", f"./{name}")


def analyze(units: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run systemd's tool in *units*, with the units of this folder before the machine's."""
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *words],
        cwd=units,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
        check=False,
    )
