"""A mailbox that can't be read: a person is told once it has been so for a while."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from pytest_django import Settings

from jewelrymodel.config.alarms import mailbox_alarms
from jewelrymodel.infra.clock import real_now
from jewelrymodel.infra.mail_intake import NOT_READ, alarm, note_failure, note_read
from jewelrymodel.infra.mail_sources import MailboxAccount
from jewelrymodel.infra.models import MailboxState

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
ACCOUNT = MailboxAccount("imap.rings.shop", 993, "help@rings.shop", "secret")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def code(at: datetime) -> str:
    found = alarm(ACCOUNT, at)
    return found.code if found else ""


def test_one_that_nobody_ever_read_alarms() -> None:
    assert code(NOW) == NOT_READ


def test_a_short_absence_is_nobodys_business_and_a_long_one_keeps_its_beginning() -> None:
    note_read(ACCOUNT, NOW)
    note_failure(ACCOUNT, "mailbox_unreachable", NOW + minutes(1))
    assert code(NOW + minutes(3)) == ""
    note_failure(ACCOUNT, "mailbox_refuses_sign_in", NOW + minutes(6))
    found = alarm(ACCOUNT, NOW + minutes(61))
    assert found is not None
    assert (found.code, found.since) == ("mailbox_refuses_sign_in", NOW + minutes(1))
    note_read(ACCOUNT, NOW + minutes(62))
    assert code(NOW + minutes(63)) == ""


def test_one_whose_reader_is_gone_alarms() -> None:
    note_read(ACCOUNT, NOW)
    assert code(NOW + minutes(5.9)) == ""
    found = alarm(ACCOUNT, NOW + minutes(6.1))
    assert found is not None
    assert (found.code, found.since) == (NOT_READ, NOW)


def test_the_health_page_names_it(settings: Settings) -> None:
    settings.MAIL_IN_MAILBOX = None
    assert mailbox_alarms() == []
    settings.MAIL_IN_MAILBOX = ACCOUNT
    began = real_now() - minutes(60)
    note_failure(ACCOUNT, "mailbox_unreachable", began)
    (one,) = mailbox_alarms()
    assert (one["part"], one["code"]) == ("mailbox", "mailbox_unreachable")
    assert one["since"] == began.isoformat(timespec="seconds")


def test_a_failure_has_a_name() -> None:
    with pytest.raises(IntegrityError):
        MailboxState.objects.create(name="x", failing_since=NOW)
