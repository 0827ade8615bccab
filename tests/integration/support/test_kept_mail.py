"""Mail is never lost: what is broken, put aside or unanswered is kept, listed, and let out."""

from email.message import EmailMessage

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import mail
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Attachment, Case, CaseEntry, InboundEmail
from jewelrymodel.support.operations import inbound_email
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import MailOutcome
from tests.support.desk import read
from tests.support.inbound_email import arrive, letter, newest, picture
from tests.support.shop import now

pytestmark = pytest.mark.django_db
SENDER = "zoe@else.example"


def come(raw: bytes, *, envelope: str = SENDER) -> InboundEmail:
    """What became of these bytes, after they came to support."""
    kept = mail.keep(
        envelope_from=envelope, envelope_to=[settings.SUPPORT_EMAIL], raw=raw, now=now()
    )
    operations.receive_email(mail_id=kept.pk, now=now())
    return InboundEmail.objects.get(pk=kept.pk)


def quarantined(text: str = "Hello") -> InboundEmail:
    arrive(letter(SENDER, "Re: [R-1-guessed12345]", text))
    return queries.quarantine()[0]


def machine_made() -> InboundEmail:
    return come(bytes(letter(SENDER, "Away", "On holiday", Auto_Submitted="auto-replied")))


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: a\r\nContent-Type: text/plain; charset=x-nonsense\r\n\r\nIt failed",
        b"Subject: b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIt \x00failed",
        b"Subject: =?x-foo?B?AAAA?=\r\n\r\nIt failed",
        b"Subject: c\r\nMessage-ID: a\x00\xff\r\nDate: nonsense\r\n\r\nIt failed",
    ],
)
def test_a_broken_mail_opens_a_case_with_what_can_be_read(seller: Membership, raw: bytes) -> None:
    taken = come(f"From: {SENDER}\r\n".encode() + raw)
    assert taken.outcome == MailOutcome.OPENED
    (first, *_) = queries.entries(case_id=newest().pk, internal=False)
    assert "It failed" in first.text


def test_what_can_not_be_read_waits_for_a_person(seller: Membership, vera: Client) -> None:
    raw = f"From: {SENDER}\nSubject: Deep\n".encode() + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(1_500)
    )
    taken = come(raw + b"\nHello")
    assert (taken.outcome, taken.sender) == (MailOutcome.QUARANTINED, SENDER)
    assert "to be read" in taken.reason
    assert "boundary=b7" in read(vera, f"/desk/mail/{taken.pk}"), "its source is shown"
    assert vera.post(f"/desk/mail/{taken.pk}/release").status_code == 302


def test_a_mail_that_we_stumble_over_is_in_quarantine(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        CaseEntry.objects.get()  # raises in the middle of a transaction

    monkeypatch.setattr(inbound_email, "_thread", stumble)
    taken = come(bytes(letter(SENDER, "Help", "It failed")))
    assert (taken.outcome, taken.reason) == (MailOutcome.QUARANTINED, "it could not be read")

    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(inbound_email, "_thread", away)
    with pytest.raises(OperationalError):  # its job comes again
        come(bytes(letter(SENDER, "Help", "It failed again")))


def test_all_mail_is_listed_and_leads_to_its_case_or_its_page(
    seller: Membership, vera: Client
) -> None:
    assert "No email yet" in read(vera, "/desk/mail")
    come(bytes(letter(SENDER, "Help " * 300, "It failed")))
    case = newest()
    come(
        bytes(
            letter(
                SENDER, f"Re: {email_references.tag(case.number, case.thread_key)}", "It was Monday"
            )
        )
    )
    aside, away = quarantined(), machine_made()
    operations.dismiss_email(mail_id=aside.pk, reason="Spam", user_id=7, now=now())
    page = read(vera, "/desk/mail")
    assert page.count(f'href="/desk/cases/{case.pk}"') == 2
    for one in (aside, away):
        assert page.count(f'href="/desk/mail/{one.pk}"') == 1
    for words in (
        "New request",
        "Added to a request",
        "Dismissed",
        "Kept, not answered",
    ):
        assert words in page
    assert "Help " * 25 not in page, "subjects are shortened"
    assert page.index("/desk/mail/" + away.pk) < page.index(f"/desk/cases/{case.pk}")


def test_what_was_put_aside_is_read_and_can_be_let_out_after_all(
    seller: Membership, vera: Client
) -> None:
    taken = quarantined("My ring failed")
    page = f"/desk/mail/{taken.pk}"
    assert (
        vera.post(f"{page}/dismiss", {"seen": "quarantined", "reason": "Spam?"}).status_code == 302
    )
    shown = read(vera, page)
    for words in (
        "My ring failed",
        "Dismissed",
        "Vera Example",
        "Spam?",
        "The key matches no request",
    ):
        assert words in shown, words
    assert vera.post(f"{page}/dismiss", {"seen": "dismissed", "reason": "Again"}).status_code == 409
    assert vera.post(f"{page}/release", {"seen": "dismissed"}).status_code == 302
    case = newest()
    assert (case.email, case.identity_level, case.account) == (SENDER, 0, None)
    authors = [one.author for one in queries.entries(case_id=case.pk, internal=False)]
    assert authors == ["customer", "system:confirmation"]


@pytest.mark.parametrize("act", ["release", "dismiss"])
def test_what_a_colleague_handled_meanwhile_is_said_in_words(
    seller: Membership, vera: Client, act: str
) -> None:
    sent = {"seen": "quarantined", "reason": "Spam"}
    aside, released = quarantined("One"), quarantined("Two")
    operations.dismiss_email(mail_id=aside.pk, reason="Not ours", user_id=7, now=now())
    case = operations.release_email(mail_id=released.pk, user_id=7, now=now())
    for mail_id, told in ((aside.pk, "Not ours"), (released.pk, f"/desk/cases/{case.pk}")):
        answer = vera.post(f"/desk/mail/{mail_id}/{act}", sent)
        assert answer.status_code == 409
        assert "already handled this email" in answer.content.decode()
        assert told in answer.content.decode()
    assert Case.objects.count() == 1


def test_a_machine_that_a_person_lets_out_is_asked_for_proof_and_starts_no_loop(
    seller: Membership, vera: Client
) -> None:
    page = f"/desk/mail/{machine_made().pk}"
    assert "/dismiss" not in read(vera, page), "nobody waits for it"
    assert vera.post(f"{page}/release", {"seen": "unanswered"}).status_code == 302
    case = newest()
    written = CaseEntry.objects.filter(mail_due=True).count()
    tag = email_references.tag(case.number, case.thread_key)
    echo = letter(SENDER, f"Re: {tag}", "On holiday", Auto_Submitted="auto-replied")
    unmarked = letter(SENDER, f"Automatic reply: {tag}", "On holiday")
    assert [arrive(echo), arrive(unmarked)] == [MailOutcome.UNANSWERED] * 2
    assert CaseEntry.objects.filter(mail_due=True).count() == written, "neither is answered"


@pytest.mark.parametrize(
    ("sender", "envelope"),
    [(SENDER, ""), (settings.SUPPORT_EMAIL, SENDER), ("nobody", SENDER)],
)
def test_nobody_lets_out_what_nobody_could_be_answered_for(
    seller: Membership, vera: Client, sender: str, envelope: str
) -> None:
    """A report of a mail system has no return path: to answer it would be a loop's beginning."""
    taken = come(f"From: {sender}\r\n\r\nHello".encode(), envelope=envelope)
    assert taken.outcome == MailOutcome.UNANSWERED
    page = f"/desk/mail/{taken.pk}"
    shown = read(vera, page)
    assert "no sender to reply to" in shown
    assert '/release"' not in shown
    answer = vera.post(f"{page}/release", {"seen": "unanswered"})
    assert (answer.status_code, Case.objects.count()) == (409, 0)
    assert "no sender to reply to" in answer.content.decode()


def test_a_picture_of_anybody_is_kept_and_what_is_none_is_told_with_why(
    seller: Membership,
) -> None:
    for sender in (SENDER, seller.user.email):
        message: EmailMessage = letter(sender, "Blank image", "See the picture.")
        files = [("shot.png", picture(600, 400)), ("dot.png", picture(1, 1))]
        files += [("half.png", picture(600, 400)[:200]), ("run.png", b"#!/bin/sh")]
        for name, data in files:
            message.add_attachment(data, maintype="image", subtype="png", filename=name)
        assert arrive(message) is MailOutcome.OPENED
        (first, *_) = queries.entries(case_id=newest().pk, internal=False)
        assert [one.name for one in first.pictures.all()] == ["shot.png"]
        assert "(not shown here: dot.png, half.png, run.png)" in first.text
        for why in ("smaller than 250 pixels", "damaged", "no picture that we can read"):
            assert why in first.text
    assert Attachment.objects.count() == 2


def test_a_long_subject_is_whole_in_its_case_and_its_key_counts(
    seller: Membership,
) -> None:
    arrive(letter(SENDER, "blah " * 300 + "JM-000001", "It failed"))
    case = newest()
    (first, *_) = queries.entries(case_id=case.pk, internal=False)
    assert first.text == "blah " * 300 + "JM-000001\n\nIt failed"
    reply = letter(
        SENDER, "blah " * 300 + email_references.tag(case.number, case.thread_key), "Monday"
    )
    assert arrive(reply) is MailOutcome.THREADED


def test_one_that_nothing_can_be_read_of_waits_for_a_person(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a later reader of mail stumbles over: the mail is listed, and its job ends."""

    def stumble(_: bytes) -> mail.ParsedEmail:
        raise RecursionError

    with monkeypatch.context() as patched:
        patched.setattr(mail, "parse_email", stumble)
        kept = come(bytes(letter(SENDER, "Where is it?", "My image")))
    assert kept.outcome == MailOutcome.QUARANTINED
    assert (kept.sender, kept.subject) == (SENDER, "Where is it?")
    assert [one.pk for one in queries.quarantine()] == [kept.pk]
