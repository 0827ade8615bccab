"""Real service is refused while it would be offered by an invented company that reads no mail."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks.registry import registry
from pytest_django import Settings

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.config import environment_variables, live_service
from jewelrymodel.config.commands import doctor
from jewelrymodel.infra.mail_sources import MailListener
from jewelrymodel.kernel.actors import Actor
from tests.support.shop import at_the_desk, now

SAID = {
    "BRAND": "Ring Studio",
    "LEGAL_ENTITY": "Ring Studio GmbH",
    "LEGAL_ADDRESS": "1 Ring Road",
    "SUPPORT_EMAIL": "help@rings.shop",
    "EMAIL_HOST": "mail.rings.shop",
}


@pytest.fixture(autouse=True)
def real_service(settings: Settings) -> None:
    settings.DEMO = False
    settings.SUPPORT_EMAIL = SAID["SUPPORT_EMAIL"]
    settings.STRIPE_WEBHOOK_SECRET = "whsec_of_the_processor"
    settings.MAIL_IN_LISTENER = MailListener(is_lmtp=True, host="127.0.0.1", port=8024)


@pytest.fixture
def checks_kept() -> Iterator[None]:
    """Leave Django's list of checks as it was."""
    kept = set(registry.deployment_checks)
    yield
    registry.deployment_checks = kept


def codes(**environ: str) -> list[str]:
    return [one.code for one in live_service.of_settings(environ)]


def test_what_the_operator_said_is_enough() -> None:
    assert codes(**SAID) == []
    assert [*live_service.of_webhooks()] == []


@pytest.mark.parametrize("name", live_service.OPERATOR)
def test_an_invented_operator_is_refused_and_the_setting_is_named(name: str) -> None:
    (lack,) = live_service.of_settings(SAID | {name: " "})
    assert (lack.code, name in lack.words) == ("E001", True)


@pytest.mark.parametrize(
    "address",
    [
        "support@jewelrymodel.example",
        "me@shop.test",
        "me@example.com",
        "root@localhost",
        "me@[::1]",
    ],
)
def test_an_address_that_nobody_reads_is_refused(address: str, settings: Settings) -> None:
    settings.SUPPORT_EMAIL = address
    assert codes(**SAID) == ["E002"]


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("postgresql://me:pw@db.rings.shop/rings", True),
        ("postgresql://me:pw@db.rings.shop/rings?sslmode=require", True),  # anybody's certificate
        ("postgresql://me:pw@db.rings.shop/rings?sslmode=verify-full", False),
        ("postgresql://me:pw@127.0.0.1/rings", False),
        ("postgresql:///rings?host=/run/postgresql", False),
    ],
)
def test_a_database_elsewhere_is_reached_over_checked_tls(
    url: str, is_open: bool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES, "default", environment_variables.database(url))
    assert codes(**SAID) == (["E011"] if is_open else [])


def test_so_is_the_owner_and_the_setting_is_named(settings: Settings) -> None:
    far = environment_variables.database("postgresql://owns:pw@db.rings.shop/rings")
    settings.DATABASE_OWNER = far
    (lack,) = live_service.of_settings(SAID | {"DATABASE_OWNER_URL": "…"})
    assert (lack.code, "DATABASE_OWNER_URL" in lack.words) == ("E011", True)


def test_emails_leave_over_tls(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = SAID["EMAIL_HOST"], False
    assert codes(**SAID) == ["E012"]
    settings.EMAIL_USE_TLS = True
    assert codes(**SAID) == []


def test_service_without_mail_or_with_a_secret_made_here_is_refused(settings: Settings) -> None:
    assert codes(**SAID | {"EMAIL_HOST": ""}) == ["E003"]
    settings.MAIL_IN_LISTENER = None
    assert codes(**SAID) == ["E010"]
    settings.STRIPE_WEBHOOK_SECRET = "made-here"
    assert [one.code for one in live_service.of_webhooks()] == ["E004"]


@pytest.mark.django_db
def test_a_desk_without_an_operator_is_refused() -> None:
    assert [one.code for one in live_service.of_staff()] == ["E005"]
    at_the_desk()  # an agent can't configure anything
    assert [one.code for one in live_service.of_staff()] == ["E005"]
    accounts.hire(
        email="olga@desk.shop",
        password=None,
        name="Olga",
        role=StaffRole.OPERATOR,
        actor=Actor.system("test"),
        now=now() - timedelta(days=1),
    )
    assert [*live_service.of_staff()] == []


@pytest.mark.django_db
def test_the_demo_may_be_invented(settings: Settings) -> None:
    settings.DEMO = True
    settings.STRIPE_WEBHOOK_SECRET = settings.SUPPORT_EMAIL = ""
    assert [*live_service.of_settings({}), *live_service.of_webhooks()] == []
    assert [*live_service.of_staff()] == []
    assert [one.is_fine for one in doctor._operator()] == [None]


@pytest.mark.django_db
def test_what_doctor_calls_wrong_fails_the_checks_of_deployment(
    checks_kept: None, settings: Settings
) -> None:
    settings.STRIPE_WEBHOOK_SECRET = "made-here"
    live_service.register_checks()
    found = registry.run_checks(include_deployment_checks=True)
    ours = {one.id for one in found if str(one.id).startswith("jewelrymodel.")}
    assert ours == {f"jewelrymodel.{one}" for one in ("E001", "E003", "E004", "E005", "E006")}


def test_doctor_says_each_with_its_mend(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in SAID}
    done = subprocess.run(
        [sys.executable, "-m", "jewelrymodel.config.cli", "doctor"],
        env=kept | {"DATA_DIR": str(tmp_path), "DEMO": "0"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    wrong = {one.split(":")[0].strip() for one in done.stdout.splitlines() if "WRONG" in one}
    assert {f"WRONG  {one}" for one in ("legal entity", "outgoing email", "webhooks")} <= wrong
