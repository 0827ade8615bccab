"""What a backup can lack is found when the service is prepared, and by the doctor."""

import secrets
import shutil
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from pytest_django import Settings

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import User
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.config import database_checks
from jewelrymodel.config.commands import doctor, prepare
from jewelrymodel.generation import operations as generation
from jewelrymodel.infra import clock

RING = Path(__file__).parents[2] / "photos" / "render_ring.jpg"


@pytest.fixture(autouse=True)
def real_service(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = False
    settings.DATA_DIR = tmp_path
    (tmp_path / "static.key").write_text(prepare._static_key())


@pytest.fixture
def ida() -> User:
    """Somebody with a second factor and recovery codes."""
    member = operations.register(
        email="ida@rings.example", password=None, account_name="R", now=clock.real_now()
    )
    TOTP.activate(member.user, generate_totp_secret())
    RecoveryCodes.activate(member.user)
    return member.user


def said(what: str) -> tuple[bool | None, str]:
    """How the doctor finds *what*, and in which words."""
    (finding,) = [one for one in doctor._backed_up() if one.what == what]
    return finding.is_fine, finding.words


def test_the_key_that_sealed_them_opens_second_factors(ida: User) -> None:
    assert prepare.run() == 0
    assert said("second factors") == (True, "SECRET_KEY opens 2 of them")


def test_another_key_is_refused_with_what_is_missing(ida: User, settings: Settings) -> None:
    settings.SECRET_KEY = secrets.token_urlsafe(48)
    for check in (prepare.run, database_checks.require_ours):
        with pytest.raises(database_checks.KeyMissing, match=r"2 of 2 .* put back the SECRET_KEY"):
            check()
    is_fine, words = said("second factors")
    assert is_fine is False
    assert "secrets/secret_key in DATA_DIR" in words


def test_a_key_that_is_lost_for_good_costs_the_second_factors(
    ida: User, settings: Settings
) -> None:
    settings.SECRET_KEY = secrets.token_urlsafe(48)
    assert prepare.run(forget_second_factors=True) == 0
    assert not Authenticator.objects.exists()
    entries = AuditEntry.objects.filter(action="second_factor.forgotten")
    assert {entry.subject for entry in entries} == {f"user:{ida.pk}"}
    assert prepare.run() == 0


def test_what_opens_is_not_forgotten(ida: User) -> None:
    assert prepare.run(forget_second_factors=True) == 0
    assert Authenticator.objects.count() == 2


def test_the_files_that_the_database_names(ida: User, files: Path) -> None:
    photo = generation.upload(
        account_id=ida.memberships.get().account_id,
        file_name="ring.jpg",
        data=RING.read_bytes(),
        now=clock.real_now(),
    )
    assert prepare.run() == 0
    is_fine, words = said("files")
    assert (is_fine, words.split()[0]) == (True, "2")
    lost = files / photo.original_key
    lost.rename(lost.with_suffix(".gone"))
    is_fine, words = said("files")
    assert is_fine is False
    assert "1 of them are missing" in words
    assert photo.original_key in words
    assert prepare.run() == 0  # one lost file keeps nobody from working
    shutil.rmtree(files)
    with pytest.raises(database_checks.FilesMissing, match="put back the folder files in DATA_DIR"):
        prepare.run()


def test_a_secret_for_webhooks_that_the_processor_does_not_know(settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRET = secrets.token_urlsafe(48)  # as one made here would be
    assert [one.is_fine for one in doctor._payments() if one.what == "webhooks"] == [False]
    settings.STRIPE_WEBHOOK_SECRET = "whsec_of_the_processor"
    assert [one.is_fine for one in doctor._payments() if one.what == "webhooks"] == [True]
