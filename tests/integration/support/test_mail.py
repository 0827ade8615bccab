"""Mail to support, over SMTP: requests, replies, forgeries and machines."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail as sent
from django.core import signing
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import mail
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.operations.inbound_email import MAILS_PER_DAY
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import CaseState, MailOutcome
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now

pytestmark = pytest.mark.django_db


@pytest.mark.clause("7.0", "7.1")
def test_a_mail_opens_a_case_and_is_answered_alike_whoever_wrote_it(seller: Membership) -> None:
    told = []
    for sender in (seller.user.email, "nobody@else.example"):
        assert arrive(letter(sender, "Help", "Two charges for JM-000001")) is MailOutcome.OPENED
        case = newest()
        assert (case.account, case.identity_level, case.email) == (None, 0, sender)
        assert queries.request_facts(case) is None
        entries = queries.entries(case_id=case.pk, internal=False)
        hidden = (case.label, str(case.number))
        texts = [entry.text for entry in entries if entry.mail_due]
        for one in hidden:
            texts = [text.replace(one, "…") for text in texts]
        assert not any("/requests/confirm/" in text for text in texts), "only the mail has it"
        told.append(texts)
    assert told[0] == told[1], "nobody learns whether an account exists (edge 7)"


def test_the_link_in_the_answer_proves_the_sender(seller: Membership) -> None:
    arrive(letter(seller.user.email, "Help", "It did not arrive"))
    token = confirmation_link(newest()).rpartition("/")[2]
    case = operations.confirm_sender(token=token, now=now())
    assert (case.account_id, case.identity_level) == (seller.account_id, 2)
    assert operations.confirm_sender(token=token, now=now()).identity_level == 2
    with pytest.raises(signing.BadSignature):
        operations.confirm_sender(token=token + "x", now=now())
    arrive(letter("nobody@else.example", "Help", "It did not arrive"))
    token = confirmation_link(newest()).rpartition("/")[2]
    assert operations.confirm_sender(token=token, now=now()).account is None


def test_a_reply_joins_its_case_only_with_key_and_sender(seller: Membership) -> None:
    arrive(letter(seller.user.email, "Help", "It did not arrive"))
    case = newest()
    operations.ask(case_id=case.pk, text="Which order?", user_id=1, now=now())
    tag = email_references.tag(case.number, case.thread_key)
    subject = f"Re: {email_references.email_subject(settings.BRAND, 'your request', tag)}"
    reply = "JM-000001\n\nOn Monday we wrote:\n> Which order?"
    assert arrive(letter(seller.user.email, subject, reply)) is MailOutcome.THREADED
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    last = queries.entries(case_id=case.pk, internal=False)[-1]
    assert last.text == reply, "nothing of it is cut"

    forged = letter("thief@else.example", subject, "Send it to me")
    assert arrive(forged) is MailOutcome.QUARANTINED
    guessed = letter(
        seller.user.email, f"Re: {email_references.tag(case.number, 'guessed12345')}", "Hello"
    )
    assert arrive(guessed) is MailOutcome.QUARANTINED
    assert [one.reason for one in queries.quarantine()] == [
        "the key matches no request",
        "the sender isn’t this request’s customer",
    ]
    assert len(queries.entries(case_id=case.pk, internal=True)) == 4


def test_machines_and_ourselves_are_kept_and_not_answered(seller: Membership) -> None:
    away = letter(seller.user.email, "Away", "I am on holiday", Auto_Submitted="auto-replied")
    assert arrive(away) is MailOutcome.UNANSWERED
    bounce = letter("mailer@else.example", "Undelivered", "No such box")
    kept = mail.keep(
        envelope_from="", envelope_to=[settings.SUPPORT_EMAIL], raw=bytes(bounce), now=now()
    )
    assert operations.receive_email(mail_id=kept.pk, now=now()) is MailOutcome.UNANSWERED
    ours = letter(settings.SUPPORT_EMAIL, "Loop", "Hello us")
    assert arrive(ours) is MailOutcome.UNANSWERED
    assert not Case.objects.exists()


def test_the_same_mail_twice_is_one_case(seller: Membership) -> None:
    message = letter(seller.user.email, "Help", "It failed", Message_ID="<1@else.example>")
    assert arrive(message) is MailOutcome.OPENED
    assert arrive(message) is MailOutcome.OPENED
    kept = MailMessage.objects.latest("received_at")
    assert operations.receive_email(mail_id=kept.pk, now=now()) is MailOutcome.OPENED
    assert (Case.objects.count(), InboundEmail.objects.count()) == (1, 1)


def test_a_flood_from_one_address_is_kept_and_answered_by_nobody(seller: Membership) -> None:
    outcomes = [
        arrive(letter("flood@else.example", "Help", f"Number {number}"))
        for number in range(MAILS_PER_DAY + 2)
    ]
    assert Case.objects.count() == 1, "one request, answered once (R10)"
    assert outcomes.count(MailOutcome.THREADED) == MAILS_PER_DAY - 1
    assert outcomes[-2:] == [MailOutcome.QUARANTINED] * 2
    assert arrive(letter(seller.user.email, "Help", "It failed")) is MailOutcome.OPENED


def test_two_mails_with_one_id_are_two(seller: Membership) -> None:
    """Some programs give every mail the same: only a mail that came twice is one."""
    for sender, subject, outcome in (
        ("a@else.example", "Help", MailOutcome.OPENED),
        ("b@else.example", "Help", MailOutcome.OPENED),
        ("a@else.example", "More", MailOutcome.THREADED),
    ):
        message = letter(sender, subject, "It failed", Message_ID="<1@localhost>")
        assert arrive(message) is outcome
    assert (Case.objects.count(), InboundEmail.objects.count()) == (2, 3)


@pytest.mark.parametrize(
    "sender", ["", "nobody", f"{'x' * 300}@else.example", "two@a.example, three@b.example;", "a b"]
)
def test_a_mail_that_can_not_be_answered_is_kept(seller: Membership, sender: str) -> None:
    raw = f"From: {sender}\nTo: {settings.SUPPORT_EMAIL}\nSubject: Hi\n\nHello\n".encode()
    kept = mail.keep(
        envelope_from="a@b.example", envelope_to=[settings.SUPPORT_EMAIL], raw=raw, now=now()
    )
    found = operations.receive_email(mail_id=kept.pk, now=now())
    assert found in (MailOutcome.UNANSWERED, MailOutcome.OPENED)
    assert (found is MailOutcome.OPENED) is Case.objects.exists()
    assert InboundEmail.objects.count() == 1


def test_mail_to_others_is_not_ours(seller: Membership) -> None:
    kept = mail.keep(
        envelope_from="a@b.example",
        envelope_to=["ada@rings.example"],
        raw=bytes(letter("a@b.example", "Hello", "Hi")),
        now=now(),
    )
    assert operations.receive_email(mail_id=kept.pk, now=now()) is None


def test_the_link_goes_to_the_senders_mailbox_and_nowhere_else(seller: Membership) -> None:
    arrive(letter(seller.user.email, "Help", "It did not arrive"))
    case = newest()
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=1)):
        operations.mail_entry(entry_id=entry_id, now=now())
    found = [re.search(r"/requests/confirm/\S+", str(one.body)) for one in sent.outbox]
    assert [one is not None for one in found] == [True]
    shown = " ".join(one.text for one in queries.entries(case_id=case.pk, internal=True))
    assert "/requests/confirm/" not in shown
    address, page = found[0][0] if found[0] else "", Client()
    assert "Did you write to us?" in page.get(address).content.decode()
    assert page.get(address + "x").status_code == 404
    assert "Thank you" in page.post(address).content.decode()
    assert "Thank you" in page.get(address).content.decode(), "there is nothing left to press"


def test_a_mail_in_quarantine_opens_a_case_of_its_own_or_is_put_aside(seller: Membership) -> None:
    arrive(letter(seller.user.email, "Help", "It did not arrive"))
    case = newest()
    subject = f"Re: {email_references.tag(case.number, 'mangled12345')}"
    for text in ("It was on Monday", "Buy my watches"):
        arrive(letter(seller.user.email, subject, text))
    spam, honest = queries.quarantine()
    released = operations.release_email(mail_id=honest.mail_id, user_id=7, now=now())
    assert (released.account, released.identity_level) == (None, 0)
    assert released.pk != case.pk
    operations.dismiss_email(mail_id=spam.mail_id, reason="Spam", user_id=7, now=now())
    assert queries.quarantine() == []
    for mail_id in (spam.mail_id, honest.mail_id):
        with pytest.raises(operations.NotInQuarantine):
            operations.release_email(mail_id=mail_id, user_id=7, now=now())
    acts = AuditEntry.objects.filter(action__startswith="mail.").order_by("id")
    assert list(acts.values_list("action", "reason")) == [
        ("mail.released", "let out of quarantine"),
        ("mail.dismissed", "Spam"),
    ]
    assert Case.objects.count() == 2
    spam.refresh_from_db()
    assert spam.reason == "the key matches no request", "why it was in quarantine stands still"
