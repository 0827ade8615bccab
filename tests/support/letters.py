"""Letters of ours for a test that has them come back: their occasions, and what returns."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.test import Client, TestCase
from django.test.signals import template_rendered

import jewelrymodel
from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.disputes import operations as disputes
from jewelrymodel.generation import operations as generation
from jewelrymodel.infra.models import MailMessage, PendingEmail
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Charge, PlanChange, Refund
from jewelrymodel.privacy import operations as privacy
from jewelrymodel.privacy.models import DataExport
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import RequestFacts
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries, reconcilers
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.statuses import MailOutcome
from tests.support import generation as studio
from tests.support import own_models
from tests.support.account_emails import PASSWORD, code_for, send_waiting
from tests.support.bank import Bank
from tests.support.bounces import responses, shapes
from tests.support.desk import open_case
from tests.support.held_orders import held
from tests.support.inbound_email import PostOffice, letter, newest
from tests.support.plan_changes import ChangingPlan
from tests.support.plans import ExpiringPlan, Plan
from tests.support.shop import Sandbox, charge_again, now, settle, start

LATER = timedelta(days=30)


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

    def plan_changed(self) -> None:
        plan = ChangingPlan(self.sandbox, self.seller)
        plan.schedule()
        assert payments.tell_plan_change(change_id=PlanChange.objects.get().pk)

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

    def unrenewed(self) -> None:
        plan = Plan(self.sandbox, self.seller)
        paused = f"subscriptions/{plan.row.processor_subscription_id}/pause"
        self.sandbox.panel(paused, behavior="void")
        plan.go(plan.row.period_ends_at + timedelta(hours=3))
        plan.look()
        assert payments.tell_unrenewed(subscription_id=plan.row.pk, now=plan.at)

    def card_expires(self) -> None:
        plan = ExpiringPlan(self.sandbox, self.seller, 0)
        plan.go(plan.row.period_ends_at - timedelta(days=5))
        assert payments.check_card(subscription_id=plan.row.pk, now=plan.at)

    def signed_up(self) -> None:
        client = Client()
        sent = {"email": "new@rings.example", "password1": PASSWORD}
        for _ in range(2):
            client.post("/account/signup/", sent)
        Client().post(_newest_link())
        cache.clear()  # how many sign-ups an address may ask for
        Client().post("/account/signup/", sent)
        for email in (sent["email"], "unknown@rings.example"):
            client.post("/account/password/reset/", {"email": email})

    def refunded_there(self) -> None:
        order = Bank(self.sandbox, self.seller).buy()
        charge = Charge.objects.get(order=order)
        self.sandbox.panel(f"charges/{charge.processor_charge_id}/refund", amount=500)
        hint = {"object": "charge", "object_id": charge.processor_charge_id}
        payments.handle_event(hint, now=now())
        assert payments.tell_refunded(refund_id=Refund.objects.get().pk)

    def debit_returned(self) -> None:
        checkout = start(self.seller)
        self.sandbox.http.post(checkout.url, data={"method": "us_bank_account_fails"})
        settle(checkout.order)
        later = now() + timedelta(days=6)
        self.sandbox.panel("clock", offset_s=round((later - now()).total_seconds()))
        payments.settle_order(order_id=checkout.order.pk, now=later)
        assert payments.end_failed_order(order_id=checkout.order.pk, now=later)

    def held(self) -> None:
        held(self.sandbox, self.seller, sku="tray")
        reconcilers.run(now=now() + timedelta(minutes=6))

    def withdrawn(self) -> None:
        checkout = start(
            self.seller, country="DE", capacity="consumer", consents=tuple(ConsentKind)
        )
        self.sandbox.pay(checkout.url)
        order = settle(checkout.order)
        email = self.seller.user.email
        row = operations.state_withdrawal(
            account_id=order.account_id, order_id=order.pk, name="Ada", email=email, now=now()
        )
        operations.carry_out_withdrawal(case_id=row.case_id, now=now())
        operations.claim_withdrawal(contract="JM-1", name="Ada", email=email, now=now())
        words = "I hereby withdraw from the contract."
        other = "other@rings.example"
        self.office.post(letter(other, "My order", words), sender=other)
        self.office.taken()

    def own_models(self) -> None:
        for answer in (own_models.agreed, own_models.in_use):
            own_models.revoke(answer(self.seller.account, "neck", at=now()), at=now())

    def generated(self) -> None:
        account = self.seller.account
        studio.grant(account, 10)
        task = studio.order(studio.approve(studio.approved_photo(account)))
        generation.give_up(task_id=task.pk, now=studio.NOW, machine_now=studio.NOW)
        User.objects.update(wants_ready_email=True)
        generation.tell_ending(task_id=task.pk, machine_now=now())

    def owner(self) -> Client:
        """Somebody who was asked for the password a moment ago."""
        user, client = self.seller.user, Client()
        user.set_password(PASSWORD)
        user.save()
        client.force_login(user)
        client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/settings"})
        return client

    def account(self) -> None:
        client = self.owner()
        client.post("/settings/people/invite", {"email": "noor@else.example", "role": "biller"})
        client.post("/settings/data/ask")
        export = DataExport.objects.get()
        privacy.prepare_export(export_id=export.pk, now=now(), machine_now=now())
        client.post("/settings/close/confirm", {"name": self.seller.account.name})

    def signing_in_changed(self) -> None:
        """A new password, forgotten, then a new address, a second factor, and it goes again."""
        user, client, other = self.seller.user, self.owner(), "other@rings.example"
        user.emailaddress_set.update(verified=True, primary=True)
        form = {"oldpassword": PASSWORD, "password1": _NEW, "password2": _NEW}
        client.post("/account/password/change/", form)
        Client().post("/account/password/reset/", {"email": user.email})
        visitor = Client()
        reset = visitor.get(_newest_link())["Location"]
        visitor.post(reset, {"password1": PASSWORD, "password2": PASSWORD})
        client = self.owner()
        client.post("/account/email/", {"email": other, "action_add": ""})
        client.post(_newest_link())
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/").content.decode()
        secret = re.search(r'data-copy="([A-Z2-7]+)"', page)
        assert secret
        cache.clear()  # how often a code may be tried
        with TestCase.captureOnCommitCallbacks(execute=True):
            activated = client.post("/account/2fa/totp/activate/", {"code": code_for(secret[1])})
            assert "recovery-codes" in activated["Location"]
            client.post("/account/2fa/recovery-codes/generate/")
        client.post("/account/2fa/totp/deactivate/")
        third = {"email": "third@rings.example"}
        client.post("/account/email/", {**third, "action_add": ""})
        client.post("/account/email/", {**third, "action_remove": ""})
        user.refresh_from_db()
        user.set_unusable_password()
        user.save()
        client.force_login(user)
        client.post("/account/password/set/", {"password1": _NEW, "password2": _NEW})


_NEW = "bezel-set-sapphire"


def _newest_link() -> str:
    found = re.search(r"http://[^/\s]+(/\S+)", PendingEmail.objects.latest("id").text)
    assert found
    return found[1]


NO_LETTERS = (
    "/withdrawal_statement.txt",
    "_subject.txt",
    "/base_notification.txt",
    "/readme.txt",
    "/own_model_agreement.txt",
)


def letter_templates() -> set[str]:
    """Every template of a letter that stands in our tree: what is new has to come back, too."""
    root = Path(jewelrymodel.__file__).parent
    names = {
        path.as_posix().partition("/templates/")[2] for path in root.rglob("templates/**/*.txt")
    }
    return {
        one
        for one in names
        if not one.endswith(NO_LETTERS)
        and not one.startswith(("account/messages/", "mfa/messages/"))
    } - {"support/withdrawal_statement.txt"}


@contextmanager
def rendering() -> Iterator[set[str]]:
    """Give the names of the templates that are rendered meanwhile."""
    names: set[str] = set()

    def note(template: Any, **_rest: object) -> None:
        names.add(str(template.name))

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


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


def answer(world: World, sent: list[MailMessage]) -> list[MailOutcome]:
    """Have programs of readers who are away answer each letter, to its From header."""
    for one in sent:
        for raw, sender in responses(bytes(one.raw), one.envelope_to[0]).values():
            world.office.post(raw, sender=sender)
    return [MailOutcome(one.outcome) for one in world.office.taken()]
