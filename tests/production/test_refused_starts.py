"""Settings that can't stand together: the start is refused, with a sentence that says the mend."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.service import COMMAND, OTHERS, free_ports

REAL = {"DEMO": "0", "DATABASE_URL": "postgresql:///nowhere?host=/nonexistent"}
LIVE = "sk_" + "live_nobodys"


@pytest.mark.parametrize("command", ["up", "web", "worker", "prepare"])
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PUBLIC_URL": "https://shop.example"}, "the demo is never public"),
        ({"PUBLIC_URL": "http://192.168.1.4:8000"}, "the demo is never public"),
        ({"HOST": "0.0.0.0"}, "the demo listens on loopback only"),  # noqa: S104  it is refused
        ({"TRUSTED_PROXY": "127.0.0.1"}, "the demo stands behind no proxy"),
    ],
)
def test_a_demo_that_others_could_reach(
    command: str, environment: dict[str, str], words: str, tmp_path: Path
) -> None:
    assert refusal(command, environment, tmp_path).startswith(f"jewelrymodel: {words}")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"STRIPE_SECRET_KEY": LIVE}, "the demo takes a processor's test key only"),
        ({"STRIPE_SECRET_KEY": "ek_other"}, "the demo takes a processor's test key only"),
        ({"STRIPE_API_BASE": "https://api.stripe.com"}, "the demo's processor is its own"),
        ({"EMAIL_HOST": "smtp.example"}, "the demo's mails go to its own outbox"),
        ({"PUBLIC_URL": "shop.example"}, "PUBLIC_URL is 'shop.example'"),
        ({"PUBLIC_URL": "http://localhost:8000/shop"}, "PUBLIC_URL is"),
        ({"PUBLIC_URL": "http://[localhost"}, "PUBLIC_URL is"),
        ({**REAL, "TRUSTED_PROXY": "*"}, "TRUSTED_PROXY: '*' is neither"),
        ({**REAL, "TRUSTED_PROXY": "0.0.0.0/0"}, "TRUSTED_PROXY: 0.0.0.0/0 would believe"),
        ({**REAL, "PUBLIC_URL": "https://shop.example"}, "PUBLIC_URL is https, so a proxy"),
        ({**REAL, "STRIPE_API_BASE": "http://pay.example"}, "STRIPE_API_BASE is http://pay"),
        (
            {**REAL, "STRIPE_API_BASE": "http://127.0.0.1:1", "STRIPE_SECRET_KEY": LIVE},
            "STRIPE_API_BASE is http://127",
        ),
    ],
)
def test_other_settings_that_contradict_each_other(
    environment: dict[str, str], words: str, tmp_path: Path
) -> None:
    assert refusal("prepare", environment, tmp_path).startswith(f"jewelrymodel: {words}")


def refusal(command: str, environment: dict[str, str], folder: Path) -> str:
    """What is said last where the start is refused; nothing is served meanwhile."""
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    done = subprocess.run(
        [COMMAND, command],
        env={**kept, "DATA_DIR": str(folder), "PORT": str(free_ports()), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr.strip().splitlines()[-1]
