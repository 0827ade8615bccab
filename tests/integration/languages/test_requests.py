"""On no page and in no email about a request is a sentence left untranslated."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.support import operations as support
from jewelrymodel.support import queries, reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import Channel
from tests.support.bank import Bank, job
from tests.support.desk import decide
from tests.support.inbound_email import arrive, letter, newest
from tests.support.pseudo_pages import Walk
from tests.support.refunds import refunds_done
from tests.support.shop import Sandbox, at_the_desk, charge_again, now, settle, start

pytestmark = pytest.mark.django_db


def test_requests(sandbox: Sandbox, seller: Membership, buyer: Walk) -> None:
    bank = Bank(sandbox, seller)
    buyer.get("/requests")
    buyer.get("/requests/new")
    buyer.get("/requests/new", asked="1")
    order, plan = bank.buy("case"), bank.buy("bench", key="the-first-month")
    part = job(bank, took=3, delivered=1)
    for category in set(Category) - {Category.WITHDRAWAL}:  # that one has pages of its own
        for about in (order, plan):
            buyer.get("/requests/new", category=category, order=about.pk)
        buyer.get("/requests/new", category=category, task=part.pk)
    assert not buyer.escaped, buyer.report()


def test_what_we_write_about_a_request(
    sandbox: Sandbox, seller: Membership, buyer: Walk, settings: Settings
) -> None:
    bank, vera = Bank(sandbox, seller), at_the_desk()
    order = bank.buy("case")
    charge_again(sandbox, order)
    reconcilers.run(now=now())
    refunds_done()
    asked = {"category": "unused", "order": order.pk}
    buyer.post("/requests/new", **asked)
    buyer.post("/requests/new", **asked, explanation="№ 1", times="№ 2")
    case = newest()
    support.ask(case_id=case.pk, text="№ 3", user_id=1, now=now())
    for address in ("/requests", f"/requests/{case.pk}"):
        buyer.get(address)
    buyer.post(f"/requests/{case.pk}")
    buyer.post(f"/requests/{case.pk}", text="№ 4")
    monday = business_days.due_at(now(), 3)
    support.extend(case_id=case.pk, to=monday, reason="№ 5", user_id=1, now=now())
    support.notify_late(case_id=case.pk, now=monday + timedelta(minutes=1))
    settings.SECOND_PERSON_LIMIT_MINOR = 1000
    assert decide(vera, case, kind="partial_refund", amount="19.50", reason="№ 6") == 302
    buyer.get(f"/requests/{case.pk}")
    approve(case)
    refunds_done()
    for act in (closed, declined, withdrawn):
        buyer.post("/requests/new", **asked, explanation="№ 7")
        act(newest(), vera, buyer)
    for one in Case.objects.all():
        buyer.get(f"/requests/{one.pk}")
        if one.decision_id:
            buyer.get(f"/requests/decisions/{one.decision_id}")
            support.notify_progress(
                case_id=one.pk, decision=remedies.decision(decision_id=one.decision_id), now=now()
            )
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=30)):
        support.mail_entry(entry_id=entry_id, now=now())
    for email in mail.outbox:
        buyer.read(email)
    assert {one.channel for one in Case.objects.all()} == {Channel.FORM, Channel.MACHINE}
    assert not buyer.escaped, buyer.report()


def test_withdrawing_from_a_contract(sandbox: Sandbox, seller: Membership, buyer: Walk) -> None:
    checkout = start(seller, country="DE", capacity="consumer", consents=tuple(ConsentKind))
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    page = f"/billing/orders/{order.pk}/withdraw"
    buyer.get(f"/billing/orders/{order.pk}")
    buyer.get(page)
    for sent in ({}, {"name": "ada"}, {"name": "ada", "do": "confirm"}):
        buyer.post(page, **sent)
    case = newest()
    support.carry_out_withdrawal(case_id=case.pk, now=now())
    case.refresh_from_db()
    deciding.carry_out(decision_id=case.decision_id, now=now())
    refunds_done()
    decision = remedies.decision(decision_id=case.decision_id)
    support.notify_progress(case_id=case.pk, decision=decision, now=now())
    for address in (f"/billing/orders/{order.pk}", f"/requests/{case.pk}", "/withdraw"):
        buyer.get(address)
    buyer.get(f"/requests/decisions/{case.decision_id}")
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=1)):
        support.mail_entry(entry_id=entry_id, now=now())
    payments.confirm_order(order_id=order.pk, now=now())
    for email in mail.outbox:
        buyer.read(email)
    named = {"name": "ada", "contract": order.label, "email": "ada@rings.example"}
    for sent in ({}, named, *([{**named, "do": "confirm"}] * 4)):
        buyer.post("/withdraw", **sent)
    letters = newest().entries.filter(mail_due=True)
    buyer.note("acknowledged to whom nobody knows", [one.text for one in letters])
    assert not buyer.escaped, buyer.report()


def approve(case: Case) -> None:
    """A second colleague approves what was decided."""
    arun = at_the_desk("Arun Example")
    case.refresh_from_db()
    arun.post(f"/desk/decisions/{case.decision_id}/approve", {"reason": "№ 8"})


def closed(case: Case, vera: Client, _buyer: Walk) -> None:
    support.close(case_id=case.pk, reason="№ 9", user_id=1, now=now())


def declined(case: Case, vera: Client, _buyer: Walk) -> None:
    assert decide(vera, case, "decline", reason="№ 10") == 302


def withdrawn(case: Case, _vera: Client, buyer: Walk) -> None:
    buyer.post(f"/requests/{case.pk}/withdraw")


def test_who_has_no_account_is_answered_in_english(buyer: Walk) -> None:
    """Nobody knows what they read, and whether they have an account shows in nothing (edge 7)."""
    arrive(letter("nobody@else.example", "Hilfe", "Zwei Zahlungen"))
    arrive(letter("ada@rings.example", "Hilfe", "Zwei Zahlungen"))
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=1)):
        support.mail_entry(entry_id=entry_id, now=now())
    assert len(mail.outbox) == 2
    assert all('<html lang="en"' in str(one.alternatives[0][0]) for one in mail.outbox)
