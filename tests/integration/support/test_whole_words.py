"""All that a customer wrote is in their case: whole, quotes folded, the original a click away."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.db import Error, IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import mail
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry, InboundEmail
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.rules import business_days, email_references
from jewelrymodel.support.statuses import EntryKind, MailOutcome
from jewelrymodel.web.customer.requests.forms import LONGEST
from tests.support.desk import read
from tests.support.inbound_email import PostOffice, letter, newest, picture, post_office
from tests.support.shop import now

pytestmark = pytest.mark.django_db
SENDER = "zoe@else.example"
RECEIPT = """Here is the receipt.

From: Shop <{support}>
Date: Mon, 3 Nov 2026 10:00
To: zoe@else.example
Subject: Receipt R-000007

Order JM-000007: 39.00 USD"""


@pytest.fixture
def office(seller: Membership) -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


def sent(office: PostOffice, message: EmailMessage) -> CaseEntry:
    """What its case says after this mail came over the wire."""
    office.post(message, sender=SENDER)
    (taken,) = office.taken()
    assert taken.outcome in (MailOutcome.OPENED, MailOutcome.THREADED)
    return CaseEntry.objects.get(mail_id=taken.pk)


def apple_mail() -> EmailMessage:
    """A text, a picture, and more text: three parts in their order."""
    message = letter(SENDER, "Blank image", "This is the first one:")
    message.add_attachment(
        picture(600, 400), maintype="image", subtype="png", disposition="inline", filename="a.png"
    )
    last = EmailMessage()
    last.set_content("And I want my money back.")
    message.attach(last)
    return message


def test_text_after_a_picture_is_read(office: PostOffice, vera: Client) -> None:
    entry = sent(office, apple_mail())
    assert entry.text == "Blank image\n\nThis is the first one:\n\nAnd I want my money back."
    assert [one.name for one in entry.pictures.all()] == ["a.png"]
    assert "And I want my money back." in read(vera, f"/desk/cases/{entry.case_id}")


def test_answers_between_our_questions_are_kept_and_ours_are_not_theirs(
    office: PostOffice, vera: Client
) -> None:
    said = (
        f"On Mon, 3 Nov 2026 at 10:00, Shop <{settings.SUPPORT_EMAIL}> wrote:\n"
        "> Is it about JM-000009?\nNo, about JM-000001.\n> What happened?\nIt is blank.\n"
    )
    entry = sent(office, letter(SENDER, "Re: Help", said))
    assert entry.text == f"Re: Help\n\n{said.strip()}"
    page = read(vera, f"/desk/cases/{entry.case_id}")
    folded = re.findall(r"<details class=\"folded\">(.*?)</details>", page)
    assert len(folded) == 2
    assert "JM-000009" in folded[0]
    assert all("JM-000001" not in one and "It is blank." not in one for one in folded)
    assert "Quoted text (2 lines)" in folded[0]
    assert queries.last_messages([entry.case])[entry.case_id].beginning.startswith("Re: Help")


def test_a_receipt_that_is_passed_on_inside_the_text_is_kept(office: PostOffice) -> None:
    said = RECEIPT.format(support=settings.SUPPORT_EMAIL)
    entry = sent(office, letter(SENDER, "Fwd: Receipt", said))
    assert entry.text.endswith("Order JM-000007: 39.00 USD")


@pytest.mark.clause("7.2", "7.4")
def test_what_we_wrote_is_no_claim_of_theirs(office: PostOffice) -> None:
    """Quoted back without a word, our own text neither names an order nor explains anything."""
    ours = f"> Shop <{settings.SUPPORT_EMAIL}>\n> Is it about JM-000009? Please explain it to us."
    sent(office, letter(SENDER, "Re: Help", ours))
    asked = queries.entries(case_id=newest().pk, internal=False)[1].text
    assert "the number of the order" in asked
    assert "a brief description of what happened" in asked
    sent(
        office,
        letter("other@else.example", "Fwd: Help", "> From my customer: JM-000009 came out blank"),
    )
    asked = queries.entries(case_id=newest().pk, internal=False)[1].text
    assert "the number of the order" not in asked


@pytest.mark.parametrize(
    ("plain", "html", "said"),
    [
        ("Your program shows no HTML.", "<p>My ring came out blank twice.</p>", "blank twice"),
        ("My ring came out", "<p>My ring came out blank. Please refund it.</p>", "Please refund"),
        ("", "<p>My ring came out blank.</p>", "My ring came out blank."),
    ],
)
def test_the_html_is_read_where_it_says_more(
    office: PostOffice, plain: str, html: str, said: str
) -> None:
    message = letter(SENDER, "Help", plain)
    message.add_alternative(html, subtype="html")
    assert said in sent(office, message).text


def test_the_same_in_html_is_said_once(office: PostOffice) -> None:
    message = letter(SENDER, "Help", "My ring came out blank, see https://a.example/x.")
    message.add_alternative(
        '<p>My <b>ring</b> came out blank, see <a href="https://a.example/x?y=1">this</a>.</p>',
        subtype="html",
    )
    assert sent(office, message).text.count("ring") == 1


def test_both_are_kept_where_each_says_something_of_its_own(office: PostOffice) -> None:
    message = letter(SENDER, "Help", "First version: alpha beta gamma delta")
    message.add_alternative("<p>Second words: epsilon zeta eta theta</p>", subtype="html")
    text = sent(office, message).text
    assert "gamma" in text
    assert "theta" in text


def test_an_attached_message_is_a_quote_with_its_headers(office: PostOffice) -> None:
    inner = letter("shop@b.example", "Receipt R-000007", "Order JM-000007")
    message = letter(SENDER, "Fwd", "See the attached mail.")
    message.add_attachment(inner)
    text = sent(office, message).text
    assert "See the attached mail." in text
    assert "> From: shop@b.example" in text
    assert "> Order JM-000007" in text


def test_a_reply_keeps_what_its_subject_says_besides_ours(office: PostOffice) -> None:
    sent(office, letter(SENDER, "Help", "It failed twice"))
    case = newest()
    tag = email_references.tag(case.number, case.thread_key)
    ours = email_references.email_subject(settings.BRAND, "your request", tag)
    assert sent(office, letter(SENDER, f"RE: AW: {ours}", "On Monday.")).text == "On Monday."
    changed = sent(office, letter(SENDER, f"Re: It was JM-000001 {tag}", "On Tuesday."))
    assert changed.text == "It was JM-000001\n\nOn Tuesday."


def test_a_very_long_mail_is_kept_whole_and_reachable_by_both(
    office: PostOffice, seller: Membership, vera: Client
) -> None:
    words = "\n".join(f"Line {number} of my long story." for number in range(5_000))
    office.post(letter(seller.user.email, "Long", words), sender=seller.user.email)
    office.taken()
    case = newest()
    operations.confirm_sender(token=confirmation_link(case).rpartition("/")[2], now=now())
    (entry, *_) = queries.entries(case_id=case.pk, internal=False)
    assert entry.text == f"Long\n\n{words}"
    client = Client()
    client.force_login(seller.user)
    for who, address in ((vera, f"/desk/cases/{case.pk}"), (client, f"/requests/{case.pk}")):
        page = read(who, address)
        assert "Show the rest" in page
        assert "Line 4999" not in page, "a page holds no more than can be read"
        whole = who.get(f"{address}/messages/{entry.pk}")
        assert whole["Content-Type"] == "text/plain; charset=utf-8"
        assert whole.content.decode() == entry.text
        assert f"{address}/messages/{entry.pk}" in page


def test_nobody_reads_the_whole_of_what_is_not_theirs(
    office: PostOffice, seller: Membership, vera: Client, case: Case
) -> None:
    operations.add_note(case_id=case.pk, text="Careful.", user_id=7, now=now())
    note = CaseEntry.objects.get(kind=EntryKind.NOTE)
    first = queries.entries(case_id=case.pk, internal=False)[0]
    client = Client()
    client.force_login(seller.user)
    assert client.get(f"/requests/{case.pk}/messages/{first.pk}").status_code == 200
    assert client.get(f"/requests/{case.pk}/messages/{note.pk}").status_code == 404
    assert vera.get(f"/desk/cases/{case.pk}/messages/{note.pk}").content == b"Careful."
    other = sent(office, letter(SENDER, "Help", "It failed twice"))
    assert client.get(f"/requests/{other.case_id}/messages/{other.pk}").status_code == 404
    assert vera.get(f"/desk/cases/{case.pk}/messages/{other.pk}").status_code == 404


def test_the_original_is_a_click_away_for_staff_and_for_nobody_else(
    office: PostOffice, seller: Membership, vera: Client
) -> None:
    message = apple_mail()
    hostile = EmailMessage()
    hostile.set_content("<script>alert(1)</script><img src=http://t.example/x>", subtype="html")
    message.attach(hostile)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="r.pdf")
    message.replace_header("From", seller.user.email)
    office.post(message, sender=seller.user.email)
    (taken,) = office.taken()
    operations.confirm_sender(token=confirmation_link(newest()).rpartition("/")[2], now=now())
    address = f"/desk/mail/{taken.pk}/original"
    assert address in read(vera, f"/desk/cases/{taken.case_id}")
    page = read(vera, address)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "r.pdf" in page
    client = Client()
    client.force_login(seller.user)
    assert "original" not in read(client, f"/requests/{taken.case_id}")
    for who, status in ((client, 404), (Client(), 302)):
        assert who.get(address).status_code == status
        assert who.post(f"/desk/mail/{taken.pk}/source").status_code == status
    assert not AuditEntry.objects.filter(action="mail.downloaded").exists()
    assert vera.get(f"/desk/mail/{taken.pk}/source")["Location"] == f"/desk/mail/{taken.pk}"
    source = vera.post(f"/desk/mail/{taken.pk}/source")
    assert source.content == bytes(mail.MailMessage.objects.get(pk=taken.pk).raw)
    assert source["Content-Type"].startswith("text/plain")
    assert source["Content-Disposition"].startswith("attachment")
    assert source["X-Content-Type-Options"] == "nosniff"
    (noted,) = AuditEntry.objects.filter(action="mail.downloaded")
    assert noted.subject == f"mail:{taken.pk}"


def test_only_mail_to_support_has_an_original_at_the_desk(office: PostOffice, vera: Client) -> None:
    """The demo's listener keeps everybody's mail, with links to sign in by."""
    office.post(letter(SENDER, "Reset", "A link"), sender=SENDER, to="ada@rings.example")
    (kept,) = office.arrived()
    operations.receive_email(mail_id=kept.pk, now=now())
    assert vera.get(f"/desk/mail/{kept.pk}/original").status_code == 404


def test_an_entry_stays_with_its_mail_and_each_mail_is_read_once(office: PostOffice) -> None:
    entry = sent(office, letter(SENDER, "Help", "It failed twice"))
    with pytest.raises(Error, match="stays as it was"), transaction.atomic():
        CaseEntry.objects.filter(pk=entry.pk).update(mail_id="mail_other")
    with pytest.raises(IntegrityError, match="once_per_mail"), transaction.atomic():
        operations.receive_message(
            case_id=entry.case_id, text="Again", mail_id=entry.mail_id, now=now()
        )
    assert InboundEmail.objects.count() == 1


def test_what_agents_write_is_whole_in_mail_case_and_audit(case: Case) -> None:
    reason = "The bank has not answered. " * 40
    at = case.due_at.astimezone(business_days.ZONE) + timedelta(days=1)
    while not business_days.is_business_day(at.date()):
        at += timedelta(days=1)
    operations.extend(case_id=case.pk, to=at, reason=reason, user_id=7, now=now())
    assert queries.case(case_id=case.pk).extension_reason == reason
    assert AuditEntry.objects.get(action="case.extended").reason == reason


def test_the_form_refuses_what_is_too_long_and_keeps_it(
    case: Case, seller: Membership, vera: Client
) -> None:
    """A browser cuts what is pasted at ``maxlength``, and says nothing: so there is none."""
    client = Client()
    client.force_login(seller.user)
    for page in (
        read(client, "/requests/new?category=other"),
        read(client, f"/requests/{case.pk}"),
        read(vera, f"/desk/cases/{case.pk}"),
        read(vera, "/desk/incidents"),
    ):
        limited = re.findall(r"<(?:input|textarea)[^>]* maxlength[^>]*>", page)
        assert [one for one in limited if 'type="search"' not in one] == []
    long = "word " * (LONGEST // 5 + 1)
    answer = client.post(f"/requests/{case.pk}", {"text": long})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()
    assert f"at most {LONGEST} characters" in answer.content.decode()
