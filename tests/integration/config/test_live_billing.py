"""A live key is refused at start, and whoever lets it in is told what that means."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jewelrymodel.config.environment_variables import BadSetting, uncleared_model
from jewelrymodel.config.unsafe_settings import refuse_uncleared_model
from jewelrymodel.studio.matting_weights import ISNET, U2NETP

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
    done = command(
        "doctor",
        tmp_path,
        STRIPE_SECRET_KEY=key,
        LIVE_BILLING_UNPROVEN="1",
        MATTING_MODEL="u2netp",
    )
    (line,) = (one for one in done.stdout.splitlines() if "live billing" in one)
    assert line.startswith(" note")
    assert UNPROVEN in line
    assert key not in done.stdout + done.stderr


@pytest.mark.parametrize("key", ["sk_test_1234567890", "rk_test_1234567890", ""])
def test_other_keys_are_none_of_its_business(key: str, tmp_path: Path) -> None:
    done = command("doctor", tmp_path, STRIPE_SECRET_KEY=key)
    assert "settings" not in done.stdout
    assert "a live key" not in done.stdout + done.stderr
    assert "live billing" not in done.stdout + done.stderr


@pytest.mark.parametrize("key", LIVE)
def test_nobody_pays_for_work_by_weights_that_nobody_cleared(key: str, tmp_path: Path) -> None:
    (tmp_path / ISNET.file_name).touch()
    (tmp_path / U2NETP.file_name).touch()
    serving = {"STRIPE_SECRET_KEY": key, "LIVE_BILLING_UNPROVEN": "1", "MODELS_DIR": str(tmp_path)}
    refused = command("prepare", tmp_path, **serving)
    assert refused.returncode == 2
    assert "the cutout model isnet isn't cleared for commercial use" in refused.stderr
    assert "MATTING_LICENSE_ACKNOWLEDGED=isnet" in refused.stderr
    assert key not in refused.stdout + refused.stderr


def test_it_is_acknowledged_by_name(tmp_path: Path) -> None:
    (tmp_path / ISNET.file_name).touch()
    (tmp_path / U2NETP.file_name).touch()
    assert uncleared_model(tmp_path, "auto") == "isnet"
    assert uncleared_model(tmp_path, "u2netp") is None
    assert uncleared_model(tmp_path, "/nowhere.onnx") is None
    assert uncleared_model(tmp_path / "empty", "auto") is None
    for model, key, acknowledged in [
        ("isnet", "sk_test_1234567890", ""),
        ("isnet", LIVE[0], "isnet"),
        (None, LIVE[0], ""),
    ]:
        refuse_uncleared_model(stripe_key=key, model=model, acknowledged=acknowledged)
    for acknowledged in ("", "u2netp", "1"):
        with pytest.raises(BadSetting, match="MATTING_LICENSE_ACKNOWLEDGED=isnet"):
            refuse_uncleared_model(stripe_key=LIVE[0], model="isnet", acknowledged=acknowledged)


def test_doctor_says_what_would_have_to_be_acknowledged(tmp_path: Path) -> None:
    lines = command("doctor", tmp_path, MATTING_MODEL="isnet").stdout.splitlines()
    assert any("its use" in one and "MATTING_LICENSE_ACKNOWLEDGED=isnet" in one for one in lines)
    named = command(
        "doctor", tmp_path, MATTING_MODEL="isnet", MATTING_LICENSE_ACKNOWLEDGED="isnet"
    ).stdout
    assert "acknowledged by MATTING_LICENSE_ACKNOWLEDGED=isnet" in named
    cleared = command("doctor", tmp_path, MATTING_MODEL="u2netp").stdout
    assert "MATTING_LICENSE_ACKNOWLEDGED" not in cleared
