"""What a report says of a mail of ours, whatever else stands in it."""

from jewelrymodel.infra.delivery_report_parser import read_report

REPORT = """From: somebody@rings.example
Auto-Submitted: auto-replied
Content-Type: text/plain

{text}"""


def read(text: str) -> tuple[str, ...]:
    return read_report(REPORT.format(text=text).encode()).message_ids


def test_a_named_mail_is_found_also_quoted_and_folded() -> None:
    assert read("Hello\n> Message-ID: <abc.1@shop.example>\n") == ("<abc.1@shop.example>",)
    assert read("message-id:\n <abc.2@shop.example>\n") == ("<abc.2@shop.example>",)
    assert read("It was Message-ID: <abc.3@shop.example>\n") == ()


def test_a_report_of_empty_lines_is_read_once() -> None:
    """Each line had been the begin of a search through all that follow: hours for a megabyte."""
    assert read("\n" * 1_000_000) == ()
