"""Which email belongs to which request: by its headers and its sender, over the real listener."""

import os
import random
from collections.abc import Iterator
from email.policy import SMTP

import pytest
from django.conf import settings
from django.core import mail as sent

from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry, InboundEmail
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import CaseState, MailOutcome
from tests.support.inbound_email import PostOffice, arrive, letter, newest, post_office
from tests.support.shop import now

pytestmark = pytest.mark.django_db

_MAILS = int(os.environ.get("MAILS", "120"))
CUSTOMER, OTHER = "mara@shop.example", "someone@else.example"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


def _opened(sender: str = CUSTOMER, **headers: str) -> Case:
    assert arrive(letter(sender, "Help", "It did not arrive", **headers)) is MailOutcome.OPENED
    return newest()


def _our_id(case: Case) -> str:
    entry = CaseEntry.objects.filter(case=case, mail_due=True).latest("pk")
    domain = settings.SUPPORT_EMAIL.rpartition("@")[2]
    return email_references.message_id(key=case.thread_key, entry_id=entry.pk, domain=domain)


@pytest.mark.parametrize("name", ["In-Reply-To", "References"])
def test_a_reply_with_another_subject_joins_by_its_headers(name: str, office: PostOffice) -> None:
    office.post(letter(CUSTOMER, "Help", "It did not arrive"), sender=CUSTOMER)
    (first,) = office.taken()
    case = newest()
    assert (first.outcome, first.case) == (MailOutcome.OPENED, case)
    wrapped = f"{name}: <first@shop.example>\r\n {_our_id(case)}\r\n".encode()
    reply = letter(CUSTOMER, "One more thing", "The second ring, too")
    office.post(wrapped + reply.as_bytes(policy=SMTP), sender=CUSTOMER)
    (taken,) = office.taken()
    assert (taken.outcome, taken.case) == (MailOutcome.THREADED, case)
    last = queries.entries(case_id=case.pk, internal=False)[-1]
    assert last.text.split() == ["One", "more", "thing", "The", "second", "ring,", "too"]


def test_whoever_else_answers_our_email_has_a_request_of_their_own() -> None:
    case = _opened()
    passed_on = letter(OTHER, "About this", "Mine did not arrive", In_Reply_To=_our_id(case))
    assert arrive(passed_on) is MailOutcome.OPENED
    assert newest() != case
    guessed = f"<guessed-key-1.1@{settings.SUPPORT_EMAIL.rpartition('@')[2]}>"
    assert arrive(letter(CUSTOMER, "Hm", "New", In_Reply_To=guessed)) is MailOutcome.THREADED
    elsewhere = _our_id(case).rpartition("@")[0] + "@else.example>"
    assert arrive(letter(CUSTOMER, "Hm", "Newer", In_Reply_To=elsewhere)) is MailOutcome.THREADED
    reasons = InboundEmail.objects.filter(case=case).values_list("reason", flat=True)
    assert [one[:24] for one in reasons] == ["", *["added to what its sender"] * 2]


def _mailed() -> list[dict[str, str]]:
    for entry in CaseEntry.objects.filter(mail_due=True, mailed_at__isnull=True).order_by("pk"):
        operations.mail_entry(entry_id=entry.pk, now=now())
    return [dict(one.extra_headers) for one in sent.outbox]


def test_our_emails_answer_the_newest_one_of_the_customer() -> None:
    case = _opened(Message_ID="<first@shop.example>")
    assert {one["In-Reply-To"] for one in _mailed()} == {"<first@shop.example>"}
    again = letter(
        CUSTOMER, "More", "More", In_Reply_To=_our_id(case), Message_ID="<second@shop.example>"
    )
    assert arrive(again) is MailOutcome.THREADED
    operations.reply(case_id=case.pk, text="We look at it.", user_id=1, now=now())
    newest_headers = _mailed()[-1]
    assert newest_headers["In-Reply-To"] == "<second@shop.example>"
    assert newest_headers["References"].endswith(" <second@shop.example>")


@pytest.mark.parametrize("made_up", ["no brackets", "<ä@shop.example>", "<a@b> <c@d>"])
def test_what_is_no_message_id_is_not_answered(made_up: str) -> None:
    case = _opened()
    InboundEmail.objects.filter(case=case).update(message_id=made_up)
    assert not any("In-Reply-To" in one for one in _mailed())


def test_no_mail_is_lost_and_none_joins_a_stranger_s_case() -> None:
    """Shuffled subjects, headers and senders: each word is kept, in its sender's case.

    More of them, up to thousands: ``MAILS=10000``, and another draw by ``SEED``.
    """
    draw, mails = random.Random(int(os.environ.get("SEED", "20261130"))), _MAILS
    senders = [f"p{n}@shop.example" for n in range(max(12, mails // 20))]
    cases = [_opened(one) for one in senders]
    ids = [_our_id(one) for one in cases]
    for number in range(mails):
        sender, other = draw.choice(senders), draw.randrange(len(cases))
        tag = email_references.tag(cases[other].number, cases[other].thread_key)
        subject = draw.choice(["Hello", f"Re: {tag}", f"AW: {tag[:-3]}]", ""])
        headers = {
            name: draw.choice([ids[other], f"<x@y> {ids[other]}", "<a@b.example>", "broken"])
            for name in ("In_Reply_To", "References")
            if draw.random() < 0.6
        }
        word = f"word{number}x"
        text = draw.choice([word, f"> quoted\n{word}\n> quoted", f"On Monday we wrote:\n> {word}"])
        outcome = arrive(letter(sender, subject, text, **headers))
        entries = CaseEntry.objects.filter(text__contains=word)
        if outcome is MailOutcome.QUARANTINED:
            assert not entries.exists(), "it waits, with its source"
            continue
        entry = entries.get()
        assert entry.case.email == sender
        assert outcome is MailOutcome.THREADED
        assert entry.case == cases[senders.index(sender)]


def test_thanks_reopen_nothing_and_start_no_clock() -> None:
    """R5: "Thank you!" opened what was decided, and restarted a stopped clock."""
    case = _opened()
    operations.ask(case_id=case.pk, text="Which order?", user_id=1, now=now())
    thanks = letter(CUSTOMER, "Re: Help", "Thank you!\n\nMara", In_Reply_To=_our_id(case))
    assert arrive(thanks) is MailOutcome.THREADED
    case.refresh_from_db()
    assert case.state == CaseState.WAITING
    operations.close(case_id=case.pk, reason="Nothing to do.", user_id=1, now=now())
    arrive(letter(CUSTOMER, "Re: Help", "Many thanks", In_Reply_To=_our_id(case)))
    case.refresh_from_db()
    assert (case.state, case.closed_at is None) == (CaseState.CLOSED, False)
    texts = [one.text for one in queries.entries(case_id=case.pk, internal=True)]
    assert texts[-2:] == ["Help\n\nMany thanks", "Only thanks: the request stays as it was."]
    arrive(letter(CUSTOMER, "Re: Help", "Thanks, but it failed", In_Reply_To=_our_id(case)))
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
