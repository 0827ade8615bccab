"""A bounce of every letter of ours, through the real listener: no second mail, and no new case."""

import smtplib
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import CaseEntry
from jewelrymodel.support.statuses import MailOutcome
from tests.support.bounces import report
from tests.support.desk import read
from tests.support.inbound_email import PostOffice, newest, post_office
from tests.support.letters import (
    World,
    answer,
    bounce,
    letter_templates,
    letters_of,
    rendering,
    state,
)
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


BY_PROGRAMS: dict[str, tuple[Callable[[World], object], int, set[str]]] = {
    "to a first mail: the acknowledgement, with the request for proof": (
        World.mailed,
        1,
        {"support/acknowledgement.txt"},
    ),
    "to the form: the acknowledgement": (World.case, 1, {"support/acknowledgement.txt"}),
    "a machine's decision, and how far it is": (World.settled, 2, set()),
    "late": (World.late, 2, set()),
    "a receipt": (World.receipt, 1, {"payments/receipt_mail.txt"}),
    "a dispute": (World.dispute, 1, {"disputes/turn.txt"}),
    "a plan: canceled, renewing again, declined, ended": (
        World.plan,
        4,
        {
            f"payments/{one}_mail.txt"
            for one in ("canceled", "resumed", "past_due", "not_collected")
        },
    ),
    "another plan": (World.plan_changed, 1, {"payments/plan_change_mail.txt"}),
    "a renewal that nobody collects": (World.unrenewed, 1, {"payments/unrenewed_mail.txt"}),
    "a card that expires": (World.card_expires, 1, {"payments/card_expiry_mail.txt"}),
    "a refund at the processor": (World.refunded_there, 1, {"payments/refund_mail.txt"}),
    "a bank debit that was returned": (
        World.debit_returned,
        1,
        {"payments/payment_failed_mail.txt"},
    ),
    "an order in review": (World.held, 1, {"support/payment_in_review.txt"}),
    "a withdrawal, signed in, not, and by email": (
        World.withdrawn,
        4,
        {"support/withdrawal_acknowledgement.txt", "support/withdrawal_by_email.txt"},
    ),
    "a generation that ended": (World.generated, 1, {"generation/ended_mail.txt"}),
    "own models": (
        World.own_models,
        4,
        {f"generation/own_model_{one}_mail.txt" for one in ("question", "record", "news")},
    ),
    "people, data, the end of an account": (
        World.account,
        3,
        {
            "customer/people/invitation_email.txt",
            "privacy/export_ready.txt",
            "privacy/closing.txt",
        },
    ),
    "signing up, twice, and a new password": (
        World.signed_up,
        3,
        {
            f"account/email/{one}_message.txt"
            for one in (
                "email_confirmation_signup",
                "account_already_exists",
                "password_reset_key",
                "unknown_account",
            )
        },
    ),
    "another way to sign in": (
        World.signing_in_changed,
        5,
        {
            *(
                f"account/email/{one}_message.txt"
                for one in (
                    "password_changed",
                    "password_reset",
                    "email_confirmation",
                    "email_changed",
                    "email_deleted",
                    "password_set",
                )
            ),
            *(
                f"mfa/email/{one}_message.txt"
                for one in ("totp_activated", "totp_deactivated", "recovery_codes_generated")
            ),
        },
    ),
}
BY_PEOPLE: dict[str, Callable[[World], object]] = {
    "a question": lambda w: operations.ask(
        case_id=w.case().pk, text="Which one?", user_id=7, now=now()
    ),
    "an answer": lambda w: operations.reply(
        case_id=w.case().pk, text="This one.", user_id=7, now=now()
    ),
    "closed": lambda w: operations.close(
        case_id=w.case().pk, reason="A test.", user_id=7, now=now()
    ),
    "not granted": World.denied,
}


@pytest.fixture
def world(office: PostOffice, sandbox: Sandbox, seller: Membership) -> World:
    return World(office, sandbox, seller)


def test_every_letter_of_ours_comes_back_in_a_test() -> None:
    """A new template fails here until an occasion of it is bounced and answered."""
    tried = set[str]().union(*(templates for _write, _least, templates in BY_PROGRAMS.values()))
    assert letter_templates() - tried == set()
    assert tried <= letter_templates()


@pytest.mark.parametrize("kind", BY_PROGRAMS)
def test_what_a_program_writes_has_no_return_path_and_its_bounce_does_nothing(
    world: World, kind: str
) -> None:
    write, least, templates = BY_PROGRAMS[kind]
    with rendering() as rendered:
        sent = letters_of(world, write)
    assert len(sent) >= least
    assert templates <= rendered
    for one in sent:
        message = message_from_bytes(bytes(one.raw), policy=policy.default)
        assert one.envelope_from == "", message["Subject"]
        assert message["From"].addresses[0].addr_spec == settings.SUPPORT_EMAIL
        assert message["Auto-Submitted"] in ("auto-generated", "auto-replied")
    before = state()
    outcomes = bounce(world, sent)
    assert len(outcomes) == 5 * len(sent)
    assert set(outcomes) <= {MailOutcome.UNANSWERED, MailOutcome.NOTED}
    assert answer(world, sent) == [MailOutcome.UNANSWERED] * 6 * len(sent)
    assert state() == before
    assert letters_of(world, lambda _: None) == []


@pytest.mark.parametrize("kind", BY_PEOPLE)
def test_what_a_person_writes_comes_back_to_us_and_is_noted_in_its_case(
    world: World, kind: str
) -> None:
    *_, one = letters_of(world, BY_PEOPLE[kind])
    message = message_from_bytes(bytes(one.raw), policy=policy.default)
    assert (one.envelope_from, message["Auto-Submitted"]) == (settings.SUPPORT_EMAIL, None)
    before = state()
    assert set(bounce(world, [one])) == {MailOutcome.NOTED}
    assert answer(world, [one]) == [MailOutcome.UNANSWERED] * 6
    assert state() == before
    notes = [
        entry.text
        for entry in queries.entries(case_id=newest().pk, internal=True)
        if entry.author == "system:mail"
    ]
    assert len(notes) == 2, "two kinds of report, each once: that it failed, and that it came back"
    assert "could not be delivered." in notes[0]
    assert f"To: {one.envelope_to[0]}\nThe mail server says: 5.1.1 550 5.1.1 No such" in notes[0]
    assert all(not entry.internal or entry.author == "system:mail" for entry in _entries())
    assert letters_of(world, lambda _: None) == []


def test_a_report_that_knows_no_key_or_that_all_went_well_is_noted_nowhere(world: World) -> None:
    *_, one = letters_of(world, BY_PEOPLE["an answer"])
    raw = bytes(one.raw)
    key = newest().thread_key.encode()
    guessed = raw.replace(key, b"guessed12345")
    for source in (report(guessed, "a@b.example"), report(raw, "a@b.example", action="delivered")):
        world.office.post(source, sender="")
    assert {each.outcome for each in world.office.taken()} == {MailOutcome.UNANSWERED}
    renamed = raw.replace(b"\nMessage-ID: <", b"\nMessage-ID: <relay-", 1)
    late = report(renamed, "a@b.example", action="delayed")
    world.office.post(late, sender="")
    (by_tag,) = world.office.taken()
    assert (by_tag.outcome, by_tag.case) == (MailOutcome.NOTED, newest())
    assert "A message has not been delivered yet" in _entries()[-1].text


def test_an_agent_reads_the_note_and_its_customer_does_not(world: World, vera: Client) -> None:
    *_, one = letters_of(world, BY_PEOPLE["an answer"])
    world.office.post(report(bytes(one.raw), "a@b.example"), sender="")
    (noted,) = world.office.taken()
    case = newest()
    assert "could not be delivered" in read(vera, f"/desk/cases/{case.pk}")
    assert "Noted in a request" in read(vera, "/desk/mail")
    assert vera.get(f"/desk/mail/{noted.pk}").status_code == 302
    client = Client()
    client.force_login(world.seller.user)
    assert "could not be delivered" not in read(client, f"/requests/{case.pk}")


def test_a_server_that_refuses_mail_without_a_return_path_gets_ours(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some relays do; the mail goes, and what they report of it starts nothing either."""
    honest = smtplib.SMTP.sendmail

    def strict(self: smtplib.SMTP, sender: str, *rest: Any) -> Any:
        if not sender:
            raise smtplib.SMTPSenderRefused(550, b"5.7.1 Sender required", sender)
        return honest(self, sender, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "sendmail", strict)
        (sent,) = letters_of(world, World.case)
    assert sent.envelope_from == settings.SUPPORT_EMAIL
    before = state()
    assert set(bounce(world, [sent])) == {MailOutcome.NOTED}
    assert state() == before


def _entries() -> list[CaseEntry]:
    return queries.entries(case_id=newest().pk, internal=True)
