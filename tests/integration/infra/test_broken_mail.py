"""Mail that is broken, by mistake or on purpose: what can be decoded is read, nothing is raised."""

from datetime import UTC, datetime

import pytest

from jewelrymodel.infra import mail
from jewelrymodel.infra.models import MailMessage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FROM = b"From: zoe@rings.example\r\n"
PLAIN = FROM + b"Content-Type: text/plain; charset="
PARTS = FROM + b"Content-Type: multipart/mixed; boundary=b\r\n"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (PLAIN + b"x-nonsense\r\n\r\nZ\xc3\xbcrich \xe9", "Zürich \ufffd"),
        (PLAIN + b"us-ascii\r\n\r\nZ\xc3\xbcrich", "Zürich"),
        (PLAIN + b"windows-1252\r\n\r\nZ\xfcrich \x80 9", "Zürich € 9"),
        (PLAIN + b"utf-8\r\n\r\na\x00b\x1b\x07\tc", "ab\tc"),
        (PLAIN + b"undefined\r\n\r\nHello", "Hello"),
        (PLAIN + b'"utf-8\x00"\r\n\r\nHello', "Hello"),
        (PLAIN + b"unicode_escape\r\n\r\n\\ud800", "\\ud800"),
        (PLAIN + b"utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8!=", "Hello"),
        (PARTS + b"\r\nno boundary at all", "no boundary at all"),
        (PARTS + b"\r\n--b\r\n\r\nnever closed", "never closed"),
        (FROM + b"Content-Type: multipart/related; start=x\r\n\r\nHello", "Hello"),
        (FROM + b"Content-Type: text/html\r\n\r\n<p>One</p><p>Two</p>", "One\n\nTwo"),
        (FROM + b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR", "BEGIN:VCALENDAR"),
        (FROM + b"Content-Type: ;;=\r\nDate: nonsense\r\nMessage-ID: <<>>\r\n\r\nHello", "Hello"),
        (
            FROM + b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nForwarded",
            "> ----- Attached message -----\n> Subject: x\n>\n> Forwarded",
        ),
        (b"", ""),
        (b"\x00\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_what_can_be_decoded_is_read(raw: bytes, text: str) -> None:
    assert mail.parse_email(raw).text.strip() == text
    assert mail.read(raw).text.strip() == text


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (b"=?x-foo?B?AAAA?=", ""),
        (b"=?iso-8859-1?Q?Caf=E9?=", "Café"),
        (b"Z\xc3\xbcrich", "Zürich"),
        (b"Z\xfcrich", "Z\ufffdrich"),
        (b"=?unicode_escape?q?=5Cud800?= x", "=?unicode_escape?q?=5Cud800?= x"),
        (b"=?undefined?q?x?=", "=?undefined?q?x?="),
        (b"=?utf-8?q?a=0D=0Ab=00?=", "a b"),
    ],
)
@pytest.mark.django_db
def test_any_subject_can_be_kept(subject: bytes, told: str) -> None:
    raw = FROM + b"Subject: " + subject + b"\r\n\r\nx"
    kept = mail.keep(
        envelope_from="a\x00\udcff@b.example", envelope_to=["c\x00@d.example"], raw=raw, now=NOW
    )
    assert bytes(MailMessage.objects.get(pk=kept.pk).raw) == raw
    assert kept.subject == mail.parse_email(raw).subject == told


def test_a_subject_without_end_is_shortened_where_it_is_shown() -> None:
    raw = FROM + b"Subject: " + b"blah " * 300 + b"[R-1-abcdefgh]\r\n\r\nx"
    assert (len(mail.read(raw).subject), mail.read(raw).subject[-1]) == (200, "…")
    assert mail.parse_email(raw).subject.endswith("[R-1-abcdefgh]"), "its tag still counts"


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        (b"a@b.example, c@d.example", "a@b.example"),
        (b"friends: a@b.example, c@d.example;", "a@b.example"),
        (b"=?undefined?q?x?= <a@b.example>", "a@b.example"),
        (b"=?utf-8?q?=0A?= <a@b.example>", "a@b.example"),
        (b"undisclosed-recipients:;", ""),
        (b"", ""),
        (b"(" * 20_000 + b"a@b.example", ""),
        (b'"' * 20_000 + b"a@b.example", ""),
    ],
)
def test_the_first_address_is_the_senders(sender: bytes, address: str) -> None:
    assert mail.parse_email(b"From: " + sender + b"\r\n\r\nx").address == address


def test_parts_without_end_are_left_as_they_came_and_said_to_be_broken() -> None:
    deep, less_deep = (
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
            for level in range(levels)
        )
        for levels in (1_000, 300)
    )
    endless = PARTS + b"\r\n" + b"--b\r\n\r\nx\r\n" * 10_000
    for body in (deep, endless, less_deep + b"\nx" * 100_000):
        letter = mail.parse_email(FROM + b"Subject: Deep\r\n" + body + b"\nHello")
        assert (letter.is_broken, letter.address, letter.subject) == (
            True,
            "zoe@rings.example",
            "Deep",
        )
        assert letter.text.endswith("Hello"), "a person can look at its source"


def test_a_file_whose_name_is_nonsense_is_a_file_still() -> None:
    part = b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; "
    for name in (b"filename*=idna''%ff", b'filename="a\x00.png"', b"filename*=utf-16''%00", b""):
        raw = PARTS + b"\r\n" + part + name + b"\r\n\r\ndata\r\n--b--\r\n"
        ((told, data),) = mail.parse_email(raw).files
        assert told.isprintable()
        assert data.strip() == b"data"
