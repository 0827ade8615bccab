"""A bounce of every letter of ours, through the real listener: no second mail, and no new case."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.disputes import operations as disputes
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations as payments
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import RequestFacts
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.statuses import MailOutcome
from tests.support.account_emails import PASSWORD, send_waiting
from tests.support.bank import Bank
from tests.support.bounces import report, shapes
from tests.support.desk import open_case, read
from tests.support.inbound_email import PostOffice, letter, newest, post_office
from tests.support.plans import Plan
from tests.support.shop import Sandbox, charge_again, now

pytestmark = pytest.mark.django_db
LATER = timedelta(days=30)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


@dataclass
class World:
    """Who is written to, and the letters' occasions."""

    office: PostOffice
    sandbox: Sandbox
    seller: Membership

    def case(self) -> Case:
        return open_case(Bank(self.sandbox, self.seller).buy(), self.seller)

    def facts(self, case: Case) -> RequestFacts:
        found = queries.request_facts(case)
        assert found is not None
        return found

    def denied(self) -> None:
        case = self.case()
        operations.decide_case(
            case_id=case.pk,
            signature=deciding.assess(request=self.facts(case), now=now()).signature,
            remedies_chosen=[],
            reason="Delivered.",
            user_id=7,
            now=now(),
        )

    def settled(self) -> None:
        order = Bank(self.sandbox, self.seller).buy()
        charge_again(self.sandbox, order)
        client = Client()
        client.force_login(self.seller.user)
        sent = {"category": "duplicate", "order": order.pk, "do": "settle"}
        assert client.post("/requests/new", sent).status_code == 302
        case, decision = newest(), DecisionRecord.objects.get()
        deciding.carry_out(decision_id=decision.pk, now=now())
        operations.notify_progress(case_id=case.pk, decision=decision, now=now())

    def late(self) -> None:
        assert operations.notify_late(case_id=self.case().pk, now=now() + LATER)

    def mailed(self) -> None:
        self.office.post(letter(self.seller.user.email, "Help", "It failed"), sender="a@b.example")
        self.office.taken()

    def receipt(self) -> None:
        order = Bank(self.sandbox, self.seller).buy()
        assert payments.confirm_order(order_id=order.pk, now=now())

    def dispute(self) -> None:
        bank = Bank(self.sandbox, self.seller)
        assert disputes.notify_customer(dispute_id=bank.dispute(bank.buy()).pk, now=now())

    def plan(self) -> None:
        plan = Plan(self.sandbox, self.seller)
        plan.cancel()
        assert payments.tell_renewing(subscription_id=plan.row.pk)
        payments.resume_subscription(
            account_id=plan.account_id,
            subscription_id=plan.row.pk,
            actor=Actor.user(1),
            now=plan.at,
        )
        assert payments.tell_renewing(subscription_id=plan.row.pk)
        self.sandbox.panel("faults", decline_renewals=9)
        plan.go(plan.row.period_ends_at + timedelta(hours=2))
        plan.look()
        assert payments.warn_past_due(subscription_id=plan.row.pk)
        plan.go(plan.at + LATER)
        plan.look()
        assert payments.tell_renewing(subscription_id=plan.row.pk)

    def signed_up(self) -> None:
        client = Client()
        sent = {"email": "new@rings.example", "password1": PASSWORD}
        for _ in range(2):
            client.post("/account/signup/", sent)
        User.objects.get(email="new@rings.example").emailaddress_set.update(verified=True)
        client.post("/account/signup/", sent)
        for email in (sent["email"], "unknown@rings.example"):
            client.post("/account/password/reset/", {"email": email})


BY_PROGRAMS: dict[str, tuple[Callable[[World], object], int]] = {
    "to a first mail: the acknowledgement, with the request for proof": (World.mailed, 1),
    "to the form: the acknowledgement": (World.case, 1),
    "a machine's decision, and how far it is": (World.settled, 2),
    "late": (World.late, 2),
    "a receipt": (World.receipt, 1),
    "a dispute": (World.dispute, 1),
    "a plan: canceled, renewing again, declined, ended": (World.plan, 4),
    "signing up, twice, and a new password": (World.signed_up, 3),
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


def letters_of(world: World, write: Callable[[World], object]) -> list[MailMessage]:
    """What arrived at its readers after something was written and the worker mailed it."""
    write(world)
    send_waiting()
    for entry_id in queries.entries_to_mail(before=now() + 2 * LATER):
        operations.mail_entry(entry_id=entry_id, now=now())
    return world.office.arrived()


def state() -> dict[str, Any]:
    """All of what a bounce must leave as it is."""
    return {
        "cases": list(Case.objects.order_by("pk").values()),
        "written": CaseEntry.objects.exclude(author="system:mail").count(),
        "to mail": CaseEntry.objects.filter(mail_due=True, mailed_at=None).count(),
    }


def bounce(world: World, sent: list[MailMessage]) -> list[MailOutcome]:
    """Return each letter in every shape, wherever it said that reports should go, and if nowhere
    to support all the same: some systems take the From header for the return path.
    """
    for one in sent:
        for raw, sender in shapes(bytes(one.raw), one.envelope_to[0]).values():
            world.office.post(raw, sender=sender, to=one.envelope_from or settings.SUPPORT_EMAIL)
    return [MailOutcome(one.outcome) for one in world.office.taken()]


@pytest.mark.parametrize("kind", BY_PROGRAMS)
def test_what_a_program_writes_has_no_return_path_and_its_bounce_does_nothing(
    world: World, kind: str
) -> None:
    write, least = BY_PROGRAMS[kind]
    sent = letters_of(world, write)
    assert len(sent) >= least
    for one in sent:
        message = message_from_bytes(bytes(one.raw), policy=policy.default)
        assert one.envelope_from == "", message["Subject"]
        assert message["From"].addresses[0].addr_spec == settings.SUPPORT_EMAIL
        assert message["Auto-Submitted"] in ("auto-generated", "auto-replied")
    before = state()
    outcomes = bounce(world, sent)
    assert len(outcomes) == 5 * len(sent)
    assert set(outcomes) <= {MailOutcome.UNANSWERED, MailOutcome.NOTED}
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
