"""Signing in, staying in and getting out, as ASVS 5 asks (chapters 6, 7, 14 and 16)."""

import logging
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import User
from jewelrymodel.audit.models import SecurityEvent
from jewelrymodel.config.log_lines import OneLine
from jewelrymodel.infra.clock import now, real_now
from jewelrymodel.web.password_words import OwnWords
from tests.support.account_emails import PASSWORD, code_for, letters, link_in
from tests.support.second_factor import set_up

IDA = "ida@rings.example"
HOME, ELSEWHERE = "127.0.0.7", "127.0.9.9"  # the demo answers its own machine only
pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> User:
    return operations.register(email=IDA, password=PASSWORD, account_name="Ida", now=now()).user


def sign_in(password: str = PASSWORD, *, ip: str = HOME, host: str = "testserver") -> Client:
    client = Client(REMOTE_ADDR=ip, HTTP_HOST=host)
    client.post("/account/login/", {"login": IDA, "password": password})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def kinds() -> list[tuple[str, str]]:
    rows = SecurityEvent.objects.order_by("id")
    return [(one.kind, one.about) for one in rows]


def test_a_stranger_who_guesses_locks_nobody_out_where_they_signed_in_before(ida: User) -> None:
    assert is_in(sign_in())
    for _try in range(6):
        sign_in("a guess", ip=ELSEWHERE)
    assert not is_in(sign_in(ip=ELSEWHERE))
    assert ("sign_in_failed", "too many tries") in kinds()
    assert is_in(sign_in())


def test_guesses_are_counted_together_whatever_name_of_ours_is_asked(ida: User) -> None:
    for host in ("localhost", "127.0.0.1", "testserver") * 2:
        sign_in("a guess", host=host)
    assert not is_in(sign_in())


def test_a_code_counts_once_for_as_long_as_it_would_be_taken(
    ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = set_up(sign_in())
    at = 1_800_000_000.0
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: at))
    code = code_for(secret, nth=2)  # the next one: it is taken for a minute and a half from now on
    assert enter_code(code) == (True, [])
    for seconds in (40, 70):
        at = 1_800_000_000.0 + seconds
        forget_the_librarys_notes()
        assert enter_code(code) == (False, [("code_failed", "")])


def test_the_code_that_set_the_app_up_counts_no_second_time(
    ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    code = code_for(set_up(sign_in()))
    assert enter_code(code) == (False, [("code_failed", "")])


def test_a_used_code_is_a_guess_among_those_that_are_limited(
    ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who saw one code could guess on for as long as it is valid."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    secret = set_up(sign_in())
    used, new = code_for(secret), code_for(secret, nth=2)
    for _guess in range(3):
        enter_code("000000")
        forget_the_librarys_notes()
        enter_code(used)
    assert not enter_code(new)[0]


def enter_code(code: str) -> tuple[bool, list[tuple[str, str]]]:
    """Sign in with password and *code*: whether that worked, and the wrong codes on record then."""
    SecurityEvent.objects.all().delete()
    client = sign_in()
    client.post("/account/2fa/authenticate/", {"code": code})
    return is_in(client), [one for one in kinds() if one[0] == "code_failed"]


def forget_the_librarys_notes() -> None:
    """As half a minute does."""
    user = User.objects.get()
    for key in cache_keys():
        if key.startswith(f"allauth.mfa.totp.used?user={user.pk}"):
            cache.delete(key)


def cache_keys() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM infra_cache")
        return [key.split(":", 2)[2] for (key,) in cursor.fetchall()]


def test_who_proves_again_who_they_are_goes_on_under_another_key(ida: User) -> None:
    browser = sign_in()
    first = browser.session.session_key
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    second = browser.session.session_key
    assert first != second
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [second]
    stolen = Client()
    stolen.cookies["sessionid"] = str(first)
    assert stolen.get("/settings").status_code == 302


def test_a_session_ends_however_busy_it_is(ida: User) -> None:
    browser = sign_in()
    for days, status in ((29, 200), (31, 302)):
        session = browser.session
        at = real_now() - timedelta(days=days)
        session["account_authentication_methods"] = [{"method": "password", "at": at.timestamp()}]
        session.save()
        assert browser.get("/settings").status_code == status
    assert not is_in(browser)


def test_so_does_that_of_who_came_by_confirming_an_address() -> None:
    """The library notes no authentication then: the sign-in itself counts."""
    browser = Client()
    browser.post("/account/signup/", {"email": IDA, "password1": PASSWORD})
    browser.post(link_in(letters()[-1]))
    assert "account_authentication_methods" not in browser.session
    for days, status in ((29, 200), (31, 302)):
        User.objects.update(last_login=real_now() - timedelta(days=days))
        assert browser.get("/settings").status_code == status
    assert not is_in(browser)


def test_other_browsers_are_signed_out_by_who_proved_it_lately(
    ida: User,
) -> None:
    here, there = sign_in(), sign_in()
    asked = here.post("/settings/devices/end")["Location"]
    assert asked.startswith("/account/reauthenticate/")
    assert is_in(there)
    here.post(asked, {"password": PASSWORD})
    assert there.get("/settings").status_code == 302
    assert here.get("/settings").status_code == 200


def test_what_was_shown_stays_in_no_cache_and_goes_at_sign_out(ida: User) -> None:
    browser = sign_in()
    for address in ("/studio", "/credits", "/settings", "/settings/devices", "/no-such-page"):
        assert browser.get(address)["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in Client().get("/pricing")
    out = browser.post("/account/logout/")
    assert out["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in browser.get("/")


def test_the_record_says_what_was_shown_and_what_changed(
    ida: User, django_capture_on_commit_callbacks: Any
) -> None:
    browser = sign_in()
    with django_capture_on_commit_callbacks(execute=True):
        set_up(browser)
    new = f"{PASSWORD}-2"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    browser.post("/account/password/change/", sent)
    browser.post("/account/logout/")
    assert kinds()[0] == ("signed_in", "password")
    assert {kind for kind, _ in kinds()} >= {"factor_changed", "password_changed", "signed_out"}
    assert ("factor_changed", "totp") in kinds()


@pytest.mark.parametrize("password", ["Jewelry2026!", "r1ng-r1ng", "AI Jewelry Model 1"])
def test_a_password_of_our_own_words_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        OwnWords().validate(password)
    sent = {"email": "noor@rings.example", "password1": password}
    assert Client().post("/account/signup/", sent).status_code == 200
    assert not User.objects.filter(email="noor@rings.example").exists()


@pytest.mark.parametrize("password", [PASSWORD, "ringmaker of Antwerp", "12-9841-77-203", "x" * 64])
def test_others_are_not(password: str) -> None:
    OwnWords().validate(password)


def test_a_stranger_writes_no_lines_into_the_log() -> None:
    forged = "/x\n2026-11-30T08:00:00+0000 WARNING django.security all is well\x1b[2J\u2028"
    record = logging.LogRecord("web", logging.WARNING, "", 0, "Not Found: %s", (forged,), None)
    line = OneLine().format(record)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert "+0000 WARNING web Not Found" in line
    try:
        raise ValueError(forged)
    except ValueError as problem:
        record.exc_info = (ValueError, problem, problem.__traceback__)
    record.stack_info = f"Stack (most recent call last):\n{forged}"
    assert all(text.startswith("  ") for text in OneLine().format(record).splitlines()[1:])


def test_a_new_password_by_mail_asks_for_the_second_factor_all_the_same(
    ida: User, django_capture_on_commit_callbacks: Any
) -> None:
    set_up(sign_in())
    browser = Client()
    browser.post("/account/password/reset/", {"email": IDA})
    form = browser.get(link_in(letters()[-1]))["Location"]
    new = f"{PASSWORD}-2"
    browser.post(form, {"password1": new, "password2": new})
    assert not is_in(browser)
    browser.post("/account/login/", {"login": IDA, "password": new})
    assert not is_in(browser)
    assert browser.get("/settings").status_code == 302


LONG = "  Ninety prongs, and a hallmark inside: é ß 7  " * 3


@pytest.mark.parametrize(
    ("entered", "is_theirs"),
    [(LONG, True), (LONG.strip(), False), (LONG.lower(), False), (LONG[:72], False)],
)
def test_a_password_counts_exactly_as_it_was_chosen(entered: str, is_theirs: bool) -> None:
    assert len(LONG) > 128
    operations.register(email=IDA, password=LONG, account_name="Ida", now=now())
    assert is_in(sign_in(entered)) is is_theirs


@pytest.mark.parametrize("address", ["/account/login/", "/account/signup/"])
def test_a_password_is_masked_and_may_come_from_a_manager(address: str) -> None:
    page = Client().get(address).content.decode()
    fields = re.findall(r"<input[^>]*name=\"password\d?\"[^>]*>", page)
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "maxlength" not in field


def test_without_a_forms_token_nobody_is_signed_in(ida: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    sent = {"login": IDA, "password": PASSWORD}
    assert browser.post("/account/login/", sent).status_code == 403
