"""SECRET_KEY is replaced and nobody notices (ASVS 5, 11.2.2)."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts import operations
from jewelrymodel.config import database_checks
from jewelrymodel.infra import storage
from jewelrymodel.infra.clock import now
from tests.support.account_emails import PASSWORD
from tests.support.second_factor import signed_in_with_it

IDA = "ida@rings.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> Client:
    """Somebody with a second factor and recovery codes."""
    operations.register(email=IDA, password=PASSWORD, account_name="Ida", now=now())
    return signed_in_with_it(IDA)


def replace_key(settings: Settings, *, keeps_former: bool) -> None:
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another one, made by a system's random source"
    settings.SECRET_KEY_FALLBACKS = [former] if keeps_former else []


def test_sessions_links_and_second_factors_go_on(ida: Client, settings: Settings) -> None:
    token = storage.sign("something")
    replace_key(settings, keeps_former=True)
    assert ida.get("/settings").status_code == 200
    assert storage.unsign(token) == "something"
    assert database_checks.factors().missing == 0
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert database_checks.seal_factors_anew() == 2
    settings.SECRET_KEY_FALLBACKS = []
    assert database_checks.factors().missing == 0


def test_without_the_former_key_all_of_it_ends(ida: Client, settings: Settings) -> None:
    replace_key(settings, keeps_former=False)
    assert ida.get("/settings").status_code == 302
    assert database_checks.factors().missing == 2
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    assert database_checks.seal_factors_anew() == 0
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before
