"""A live key is refused at start, and whoever lets it in is told what that means."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIVE = ["sk_live_1234567890", "rk_live_1234567890"]
UNPROVEN = "has not been proven against the real payment processor"


def command(name: str, data_dir: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """What a command of the operator does with these settings."""
    return subprocess.run(
        [sys.executable, "-m", "jewelrymodel.config.cli", name],
        env=os.environ | {"DATA_DIR": str(data_dir), "DEMO": "0"} | env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("key", LIVE)
@pytest.mark.parametrize("name", ["web", "worker", "up", "prepare"])
def test_a_live_key_is_refused_and_the_reason_is_said(key: str, name: str, tmp_path: Path) -> None:
    done = command(name, tmp_path, STRIPE_SECRET_KEY=key)
    assert done.returncode == 2
    assert f"STRIPE_SECRET_KEY is a live key, and this version {UNPROVEN}" in done.stderr
    assert "LIVE_BILLING_UNPROVEN=1" in done.stderr
    assert key not in done.stdout + done.stderr


@pytest.mark.parametrize("key", LIVE)
def test_doctor_says_why_too(key: str, tmp_path: Path) -> None:
    done = command("doctor", tmp_path, STRIPE_SECRET_KEY=key)
    assert done.returncode == 1
    assert f"WRONG  settings: STRIPE_SECRET_KEY is a live key, and this version {UNPROVEN}" in (
        done.stdout
    )
    assert key not in done.stdout + done.stderr


@pytest.mark.parametrize("key", LIVE)
def test_who_lets_it_in_is_told_by_doctor(key: str, tmp_path: Path) -> None:
    done = command("doctor", tmp_path, STRIPE_SECRET_KEY=key, LIVE_BILLING_UNPROVEN="1")
    (line,) = (one for one in done.stdout.splitlines() if "live billing" in one)
    assert line.startswith(" note")
    assert UNPROVEN in line
    assert key not in done.stdout + done.stderr


@pytest.mark.parametrize("key", ["sk_test_1234567890", "rk_test_1234567890", ""])
def test_other_keys_are_none_of_its_business(key: str, tmp_path: Path) -> None:
    done = command("doctor", tmp_path, STRIPE_SECRET_KEY=key)
    assert "settings" not in done.stdout
    assert "live" not in done.stdout + done.stderr
