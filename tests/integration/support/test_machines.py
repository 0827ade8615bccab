"""Machines and people told apart by what the transport really gives: envelopes, folded headers."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.statuses import MailOutcome
from tests.support.inbound_email import PostOffice, post_office

pytestmark = pytest.mark.django_db
SENDER = "zoe@else.example"


@pytest.fixture
def office(seller: Membership) -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


def come(office: PostOffice, headers: str = "", *, mail_from: str = "", by: str = SENDER) -> str:
    """What becomes of a mail with these *headers*, after this ``MAIL FROM``."""
    lines = [f"From: {by}", f"To: {settings.SUPPORT_EMAIL}", "Subject: Help", *headers.split("\n")]
    raw = "\r\n".join([*filter(None, lines), "", "My ring came out blank."]).encode()
    rcpt = f"RCPT TO:<{settings.SUPPORT_EMAIL}>"
    assert office.say(mail_from or f"MAIL FROM:<{SENDER}>", rcpt, raw=raw) == [250, 250, 250]
    (taken,) = office.taken()
    return MailOutcome(taken.outcome)


@pytest.mark.parametrize("mail_from", ["MAIL FROM:<>", "MAIL FROM:<> SIZE=400 BODY=8BITMIME"])
def test_the_null_return_path_is_empty_here_whatever_the_transport_calls_it(
    office: PostOffice, mail_from: str
) -> None:
    assert come(office, mail_from=mail_from) == MailOutcome.UNANSWERED
    assert (MailMessage.objects.get().envelope_from, Case.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied",
        "AUTO-SUBMITTED:\n\tauto-replied (vacation)",
        'Auto-Submitted: auto-generated; owner-email="x@y.example"',
        "Auto-Submitted: no\nAuto-Submitted: auto-replied",
        "Precedence: auto_reply",
        "precedence:\n Bulk (really)",
        "X-Autoreply: yes",
        "X-AutoReply-From: zoe@else.example",
        "X-Autorespond: Re: Help",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, OOF,\n AutoReply",
        "X-Failed-Recipients: somebody@b.example",
        'Content-Type: Multipart/Report; boundary="b"',
        "Content-Type: multipart/report;\n report-type=disposition-notification;\n boundary=b",
        "List-Id: <l.else.example>",
    ],
)
def test_what_says_that_a_program_sent_it_is_not_answered(office: PostOffice, headers: str) -> None:
    assert come(office, headers) == MailOutcome.UNANSWERED
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("by", "mail_from"),
    [
        ("Mail Delivery System <MAILER-DAEMON@mx.else.example>", ""),
        ("postmaster@else.example", ""),
        ("Zoe <zoe@else.example>", "MAIL FROM:<MAILER-DAEMON>"),
        ("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@else.example", ""),
    ],
)
def test_mail_systems_are_known_by_their_names(office: PostOffice, by: str, mail_from: str) -> None:
    assert come(office, by=by, mail_from=mail_from) == MailOutcome.UNANSWERED


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: No (a person)",
        "Auto-Submitted: no; x=y",
        "Precedence: first-class",
        "X-Auto-Response-Suppress: DR, RN, NRN",
        "X-Auto-Response-Suppress: None",
        "X-Autoreply: no",
        "Content-Type: text/plain;\n charset=utf-8; note=multipart/report",
    ],
)
def test_a_person_is_answered_whatever_their_program_adds(office: PostOffice, headers: str) -> None:
    assert come(office, headers) == MailOutcome.OPENED


@pytest.mark.parametrize(
    ("mail_from", "kept"),
    [
        ("MAIL FROM:<@relay.example:zoe@else.example>", "zoe@else.example"),
        ('MAIL FROM:<"zoe b"@else.example>', '"zoe b"@else.example'),
        ("MAIL FROM:<ZOË@else.example> SMTPUTF8", "ZOË@else.example"),
        ("mail from: zoe@else.example", "zoe@else.example"),
    ],
)
def test_senders_are_kept_as_the_transport_names_them(
    office: PostOffice, mail_from: str, kept: str
) -> None:
    assert come(office, mail_from=mail_from) == MailOutcome.OPENED
    assert MailMessage.objects.get().envelope_from == kept


def test_support_is_found_however_its_address_is_written(office: PostOffice) -> None:
    local, _, domain = settings.SUPPORT_EMAIL.partition("@")
    ways = [
        f"<{settings.SUPPORT_EMAIL.upper()}>",
        f'<"{local}"@{domain}>',
        f"<@mx.x:{local}@{domain}>",
    ]
    for way in ways:
        raw = f"From: {SENDER}\r\nSubject: {way}\r\n\r\nIt came out blank.".encode()
        assert office.say("MAIL FROM:<zoe@else.example>", f"RCPT TO:{way}", raw=raw)[1] == 250
    assert [one.outcome for one in office.taken()] == [
        MailOutcome.OPENED,
        *[MailOutcome.THREADED] * 2,
    ]
    assert InboundEmail.objects.count() == len(ways)
