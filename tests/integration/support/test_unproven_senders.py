"""A sender's name proves nothing: forgeries write to nobody twice, and take nobody's place."""

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail as sent
from django.test import Client, override_settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import mail
from jewelrymodel.infra.email_authentication import SenderProof, sender_proof
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.operations.inbound_email import MAILS_PER_DAY
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import MailOutcome
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now

pytestmark = pytest.mark.django_db
VICTIM = "victim@else.example"
OURS = "mx.shop.example"


def texts(case: Case) -> list[str]:
    return [one.text for one in queries.entries(case_id=case.pk, internal=False)]


def mailed() -> list[list[str]]:
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=1)):
        operations.mail_entry(entry_id=entry_id, now=now())
    return [one.to for one in sent.outbox]


def test_forged_first_mails_have_one_answer_a_day_and_lose_no_word(seller: Membership) -> None:
    """R10: 31 forged mails sent 60 to their victim."""
    outcomes = Counter(arrive(letter(VICTIM, f"No. {n}", f"Words {n}")) for n in range(5))
    assert outcomes == {MailOutcome.OPENED: 1, MailOutcome.THREADED: 4}
    (case,) = Case.objects.all()
    for number in range(5):
        assert any(f"No. {number}" in text and f"Words {number}" in text for text in texts(case))
    assert mailed() == [[VICTIM]], "its acknowledgement has the link to confirm by"
    assert "/requests/confirm/" in str(sent.outbox[0].body)
    arrive(letter(VICTIM, "Once more", "Hello"))
    operations.open_contact(email=VICTIM.upper(), text="By the form", now=now())
    assert (mailed(), Case.objects.count()) == ([[VICTIM]], 1)
    joined = InboundEmail.objects.filter(outcome=MailOutcome.THREADED)
    assert {one.reason for one in joined} == {
        "added to what its sender wrote before, answered once a day"
    }


def test_a_day_later_or_after_its_answer_a_first_mail_opens_a_request(seller: Membership) -> None:
    arrive(letter(VICTIM, "One", "Words"))
    Case.objects.update(opened_at=now() - timedelta(days=1, seconds=1))
    assert arrive(letter(VICTIM, "Two", "Words")) is MailOutcome.OPENED
    operations.close(case_id=newest().pk, reason="spam", user_id=1, now=now())
    assert arrive(letter(VICTIM, "Three", "Words")) is MailOutcome.OPENED


def test_nobody_adds_to_a_proven_persons_request_by_naming_them(seller: Membership) -> None:
    address = seller.user.email
    arrive(letter(address, "Help", "It did not arrive"))
    proven = newest()
    token = confirmation_link(proven).rpartition("/")[2]
    operations.confirm_sender(token=token, now=now())
    before = texts(proven)
    assert arrive(letter(address, "Cancel it", "Please close my request")) is MailOutcome.OPENED
    assert texts(proven) == before
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("headers", "proof"),
    [
        ([f"{OURS}; dmarc=pass header.from=else.example"], SenderProof.PASSED),
        ([f"{OURS} 1; spf=fail (no; dmarc=pass);\n\tdmarc = Fail (p=reject)"], SenderProof.FAILED),
        ([f"{OURS}; dmarc=fail (p=none dis=none)"], SenderProof.UNKNOWN),
        ([f"{OURS.upper()}; dmarc=fail"], SenderProof.FAILED),
        ([f'{OURS}; dkim=fail reason="x; dmarc=pass"; dmarc=fail'], SenderProof.FAILED),
        ([f"{OURS}; spf=pass (a (b; dmarc=pass) c); dmarc=fail"], SenderProof.FAILED),
        ([f"{OURS}; spf=pass smtp.mailfrom=dmarc=pass@x.example; dmarc=fail"], SenderProof.FAILED),
        ([f"{OURS}; dmarc=none"], SenderProof.UNKNOWN),
        ([f"{OURS}; none"], SenderProof.UNKNOWN),
        (["mx.else.example; dmarc=pass"], SenderProof.UNKNOWN),
        ([f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass"], SenderProof.FAILED),
        (["mx.else.example; dmarc=pass", f"{OURS}; dmarc=fail"], SenderProof.FAILED),
        ([], SenderProof.UNKNOWN),
    ],
)
def test_only_our_own_servers_first_results_are_believed(
    headers: list[str], proof: SenderProof
) -> None:
    lines = [f"Authentication-Results: {one}" for one in headers]
    raw = "\n".join([*lines, f"From: {VICTIM}", "", "Hello"]).encode()
    assert sender_proof(raw, server=OURS) is proof
    assert sender_proof(raw, server="") is SenderProof.UNKNOWN


def come(verdict: str, number: int) -> MailOutcome | None:
    message = letter(VICTIM, f"No. {number}", "Words")
    raw = f"Authentication-Results: {OURS}; dmarc={verdict}\n".encode() + bytes(message)
    kept = mail.keep(envelope_from=VICTIM, envelope_to=[settings.SUPPORT_EMAIL], raw=raw, now=now())
    return operations.receive_email(mail_id=kept.pk, now=now())


@override_settings(MAIL_IN_RESULTS_OF=OURS)
def test_forgeries_are_kept_and_use_up_nobodys_mails(seller: Membership) -> None:
    """R10: the victim's own mail was quarantined after 30 of others."""
    assert come("fail", 0) is MailOutcome.QUARANTINED
    assert not Case.objects.exists()
    unknown = [come("none", number) for number in range(MAILS_PER_DAY + 1)]
    assert unknown[-1] is MailOutcome.QUARANTINED
    assert come("pass", 99) is MailOutcome.OPENED, "what is proven joins nothing that isn't"
    assert come("pass", 100) is MailOutcome.THREADED
    proven = newest()
    before = texts(proven)
    assert come("none", 101) is MailOutcome.QUARANTINED
    operations.open_contact(email=VICTIM, text="Please close it", now=now())
    assert texts(proven) == before, "nothing unproven joins it"


@override_settings(MAIL_IN_RESULTS_OF=OURS)
def test_a_reply_with_its_key_joins_whatever_a_forwarder_broke(seller: Membership) -> None:
    arrive(letter(VICTIM, "Help", "It failed"))
    case = newest()
    tag = email_references.tag(case.number, case.thread_key)
    raw = f"Authentication-Results: {OURS}; dmarc=fail\n".encode() + bytes(
        letter(VICTIM, f"Re: {tag}", "It was on Monday")
    )
    kept = mail.keep(envelope_from=VICTIM, envelope_to=[settings.SUPPORT_EMAIL], raw=raw, now=now())
    assert operations.receive_email(mail_id=kept.pk, now=now()) is MailOutcome.THREADED


def test_whoever_confirms_sees_what_was_written_in_their_name(seller: Membership) -> None:
    arrive(letter(VICTIM, "Help", "It failed"))
    operations.open_contact(email=VICTIM, text="<b>Close it</b>", now=now())
    page = Client().get(confirmation_link(newest()).removeprefix(settings.PUBLIC_URL))
    shown = page.content.decode()
    assert "It failed" in shown
    assert "&lt;b&gt;Close it" in shown
    notes = [one.text for one in queries.entries(case_id=newest().pk, internal=True)]
    assert notes[-1].startswith("Added because it came in the same name")
