"""All the text of a message, however its parts are put together."""

import pytest

from jewelrymodel.infra import mail

FROM = b"From: zoe@rings.example\r\n"


def part(kind: bytes, text: bytes, more: bytes = b"") -> bytes:
    return b"Content-Type: " + kind + b"\r\n" + more + b"\r\n" + text + b"\r\n"


def of(kind: bytes, *parts: bytes, boundary: bytes = b"b") -> bytes:
    inner = b"".join(b"--" + boundary + b"\r\n" + one for one in parts)
    begin = b"Content-Type: multipart/" + kind + b"; boundary=" + boundary + b"\r\n\r\n"
    return begin + inner + b"--" + boundary + b"--\r\n"


PLAIN, HTML = b"text/plain", b"text/html"
PICTURE = part(b"image/png; name=a.png", b"x")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(
            of(
                b"alternative",
                part(PLAIN, b"One two three four"),
                of(
                    b"mixed",
                    part(HTML, b"<p>One two</p>"),
                    PICTURE,
                    part(HTML, b"<p>three four</p>"),
                    boundary=b"c",
                ),
            ),
            "One two three four",
            id="Apple Mail: the HTML is in pieces around a picture",
        ),
        pytest.param(
            of(
                b"mixed",
                part(HTML, b"<p>Before</p>"),
                PICTURE,
                part(HTML, b"<p>After all that</p>"),
            ),
            "Before\n\nAfter all that",
            id="HTML around a picture",
        ),
        pytest.param(
            of(b"mixed", part(PLAIN, b"Hello there"), part(HTML, b"<p>Hello there</p>")),
            "Hello there",
            id="mixed, and meant as alternatives",
        ),
        pytest.param(
            of(b"mixed", part(PLAIN, b"Hello"), part(PLAIN, b"-- \r\nA list's footer")),
            "Hello\n\n-- \nA list's footer",
            id="a footer that a list adds",
        ),
        pytest.param(
            of(
                b"mixed",
                part(PLAIN + b"; name=notes.txt", b"One", b"Content-Disposition: inline\r\n"),
            ),
            "One",
            id="a text with a name, shown in its place",
        ),
        pytest.param(
            of(b"signed", part(PLAIN, b"Hello"), part(b"application/pgp-signature", b"x")),
            "Hello",
            id="signed",
        ),
        pytest.param(
            part(
                HTML,
                b'<p>Before</p><img src="data:image/png;base64,' + b"A" * 2_000_000 + b'"><p>After',
            ),
            "Before\n\nAfter",
            id="a picture inside the HTML",
        ),
    ],
)
def test_every_text_is_read_once_and_in_its_order(raw: bytes, text: str) -> None:
    assert mail.parse_email(FROM + raw).text == text
    assert mail.read(FROM + raw).text.strip() == text


def test_html_that_is_too_long_to_be_read_says_so() -> None:
    raw = FROM + part(HTML, b"<p>blank again</p>" * 80_000)
    text = mail.parse_email(raw).text
    assert text.endswith("The rest is in the original email.)")


def test_what_is_deeper_than_anybody_writes_is_read_part_by_part() -> None:
    inner = of(b"mixed", part(PLAIN, b"At the bottom"), part(PLAIN, b"and below it"))
    for number in range(12):
        inner = of(b"alternative", part(PLAIN, b"x"), inner, boundary=b"n%d" % number)
    text = mail.parse_email(FROM + inner).text
    assert "At the bottom" in text
    assert "and below it" in text
