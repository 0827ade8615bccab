"""What doctor says to type where a network lacks: without make, without what only tests need."""

import shlex
import subprocess
import sys
from pathlib import Path

from pytest_django.fixtures import Settings

from jewelrymodel.config import network_findings
from jewelrymodel.studio.matting_weights import U2NETP


def test_a_cutout_model_that_lacks_is_fetched_by_what_doctor_says(
    tmp_path: Path, settings: Settings
) -> None:
    settings.MODELS_DIR, settings.MATTING_MODEL = tmp_path, "auto"
    (finding,) = network_findings.matting()
    assert finding.is_fine is False
    assert finding.words.endswith(f"run: {network_findings.fetching()}")


def test_a_damaged_one_too(tmp_path: Path, settings: Settings) -> None:
    settings.MODELS_DIR, settings.MATTING_MODEL = tmp_path, "u2netp"
    (tmp_path / U2NETP.file_name).write_bytes(b"changed")
    finding = next(iter(network_findings.matting()))
    assert finding.is_fine is False
    assert finding.words.endswith(f"damaged; run: {network_findings.fetching()}")


def test_the_command_is_one_that_the_shell_runs_here(tmp_path: Path, settings: Settings) -> None:
    settings.MODELS_DIR = tmp_path / "a folder"
    told = network_findings.fetching()
    folder, python, script = shlex.split(told)
    assert (folder, python) == (f"MODELS_DIR={tmp_path}/a folder", sys.executable)
    assert Path(script).is_file()
    looks = 'import os; print(os.environ["MODELS_DIR"])'
    tried = told.replace(shlex.quote(script), f"-c {shlex.quote(looks)}")
    done = subprocess.run(["sh", "-c", tried], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{tmp_path}/a folder"
