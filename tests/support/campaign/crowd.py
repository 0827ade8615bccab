"""The crowd: customers at the service's pages and people who write, as patient as browsers are.

Whoever gets no answer sends the same form again, with the same key: that is what keys are for.
"""

import re
import smtplib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any

import httpx

from tests.support.campaign.bank import Bank
from tests.support.campaign.plan import After, Fate, Images, Letter, Purchase
from tests.support.campaign.records import PATIENCE_S, PAUSE_S, NoAnswer, Records
from tests.support.outside import PASSWORD, SUPPORT
from tests.support.service import Service

GOOD_CARD, DECLINED_CARD = "4242424242424242", "4000000000000002"
SKU = "tray"
_FIELD = re.compile(r'<input type="hidden" name="(offer|promised|text_shown)" value="([^"]*)"')
_SESSION = re.compile(r"/c/pay/(\w+)")
_ORDER = re.compile(r"/billing/orders/(\w+)/")
_REQUEST = re.compile(r"/requests/(\w+)$")
_LOOKS = {True: ("plain-ivory", "plain-slate"), False: ("marble", "linen")}


class Customer:
    """Somebody who is signed in and has an approved photo."""

    def __init__(self, service: Service, email: str, photo_id: str, records: Records) -> None:
        self.service, self.email, self.photo_id, self.records = service, email, photo_id, records
        self.bank = Bank(service.port + 1, records)
        self.orders: list[str] = []  # that were paid
        self._http = httpx.Client(timeout=20, follow_redirects=False, trust_env=False)

    def sign_in(self) -> None:
        """Sign in at the page for it."""
        self._http.cookies.clear()
        form = {"login": self.email, "password": PASSWORD}
        deadline_s = time.monotonic() + PATIENCE_S
        while (answer := self.send("/account/login/", form)).status_code == 429:
            assert time.monotonic() < deadline_s, f"{self.email} may not sign in"
            time.sleep(PAUSE_S)  # a network's people come one after the other
        assert answer.status_code == 302, f"{self.email} can't sign in: {answer.status_code}"

    def leave(self) -> None:
        """Close what they have open."""
        self._http.close()

    def order_images(self, act: Images) -> None:
        """Send the form of the looks' page; twice at once where the act says so."""
        form = {
            "key": act.key,
            "generator": "hosted" if act.is_hosted else "embedded",
            "look": list(_LOOKS[act.is_hosted][: act.images]),
            "aspect": ["1:1"],
        }
        path = f"/studio/photos/{self.photo_id}/generate"
        if act.is_repeated:
            with ThreadPoolExecutor(2) as both:
                answers = list(both.map(lambda _: self.send(path, form), range(2)))
        else:
            answers = [self.send(path, form)]
        for answer in answers:
            if "/studio/tasks/" in answer.headers.get("Location", ""):
                self.records.tasks.add(act.key)
            else:
                self.records.count(self.records.refusals, f"images: {answer.status_code}")

    def buy(self, act: Purchase, sku: str = SKU) -> None:
        """Go through the checkout; what happens at the payment page is the act's fate."""
        page = f"/checkout/{sku}?country=US&capacity=business"
        shown = dict(_FIELD.findall(self.page(page).text))
        form = {**shown, "key": act.key, "country": "US", "capacity": "business"}
        answer = self.send(f"/checkout/{sku}", form)
        found = _SESSION.search(answer.headers.get("Location", ""))
        if found is None:
            self.records.count(self.records.refusals, f"checkout: {answer.status_code}")
            return
        url, session = answer.headers["Location"], found[1]
        self.records.sessions[session] = Fate.LEFT
        if act.fate is Fate.LEFT:
            return
        card = DECLINED_CARD if act.fate is Fate.DECLINED else GOOD_CARD
        paid = self.pay(url, card)
        if act.fate is Fate.DECLINED or paid.status_code != 303:
            return
        self.records.sessions[session] = act.fate
        if order := _ORDER.search(paid.headers["Location"]):
            self.orders.append(order[1])
        if act.fate is Fate.PAID:
            self.page(paid.headers["Location"])
        self._afterwards(session, act)

    def _afterwards(self, session: str, act: Purchase) -> None:
        """What is done with the charge at the processor, behind our back."""
        if act.after is After.NOTHING:
            return
        charge = self.bank.charge_of(session)
        if act.after is After.DISPUTED:
            self.bank.dispute(charge, act.dispute)
        else:
            self.bank.act(charge, "repeat" if act.after is After.REPEATED else "refund")
        if act.asks:
            self.ask("duplicate")

    def ask(self, category: str) -> None:
        """Ask for the newest order's money: as the automatic check settles it, else our team."""
        order = self.orders[-1] if self.orders else ""
        form = {"category": category, "order": order}
        answer = self.send("/requests/new", {**form, "do": "settle"})
        if answer.status_code != 302:
            answer = self.send("/requests/new", {**form, "explanation": "Please look at it."})
        if taken := _REQUEST.search(answer.headers.get("Location", "")):
            self.records.requests.add(taken[1])
        else:
            self.records.count(self.records.refusals, f"request: {answer.status_code}")

    def pay(self, url: str, card: str = GOOD_CARD) -> httpx.Response:
        """Send the form of one of the processor's pages."""
        form = {"number": card, "expiry": "12 / 40", "cvc": "123", "name": "Campaign Person"}
        form |= {"email": self.email, "country": "US"}
        return self._patiently("pay", lambda: self._http.post(url, data=form))

    def page(self, path: str) -> httpx.Response:
        """Open a page."""
        url = path if path.startswith("http") else f"{self.service.url}{path}"
        return self._patiently("page", lambda: self._http.get(url))

    def send(self, path: str, form: dict[str, Any]) -> httpx.Response:
        """Send a form until it is answered; a session that ended is begun again."""
        if "csrftoken" not in self._http.cookies:
            self.page("/account/login/")
        headers = {"X-CSRFToken": self._http.cookies["csrftoken"], "Referer": self.service.url}
        url = f"{self.service.url}{path}"
        return self._patiently("form", lambda: self._http.post(url, data=form, headers=headers))

    def _patiently(self, what: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
        return self.records.patiently(self.email, what, ask)


class Writers:
    """People who write to support."""

    def __init__(self, service: Service, records: Records) -> None:
        self.service, self.records = service, records

    def write(self, act: Letter) -> None:
        """Hand a mail over as often as the act says; a server that is away is tried again."""
        mail = letter(act.sender, act.message_id)
        for _ in range(act.copies):
            self._hand_over(mail)
        self.records.letters.add(act.message_id)

    def _hand_over(self, mail: EmailMessage) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", self.service.port + 3, timeout=20) as server:
                    server.send_message(mail)
            except (OSError, smtplib.SMTPException) as problem:
                self.records.count(self.records.failures, f"mail: {type(problem).__name__}")
                if time.monotonic() > deadline_s:
                    raise NoAnswer(f"the mail listener: {problem}") from problem
                time.sleep(PAUSE_S)
            else:
                return


def letter(sender: str, message_id: str, *, subject: str = "A question") -> EmailMessage:
    """A mail to support."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SUPPORT, subject
    mail["Message-ID"] = message_id
    mail.set_content(f"How long are images kept? ({message_id})")
    return mail


_OPEN = """
import json
from datetime import timedelta
from jewelrymodel.accounts import operations as accounts
from jewelrymodel.infra import clock
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
from tests.support import generation as world
now = clock.now()
world.NOW = before = now - timedelta(days=30)  # a new account would be welcomed with free images
people = []
for n in range({customers}):
    person = accounts.register(
        email=f"customer-{{n}}@campaign.example", password={password!r}, account_name=f"Shop {{n}}",
        now=before,
    )
    photo = world.approve(world.approved_photo(person.account))
    ledger.grant(
        account_id=person.account_id, source=LotSource.PROMOTION, source_ref="campaign",
        paid_minor=0, quantity={credits}, currency="", expires_at=None,
        idempotency_key="campaign", now=now,
    )
    people.append((person.user.email, photo.id))
print("PEOPLE", json.dumps(people))
"""


def opening_code(customers: int, given: int) -> str:
    """The code that opens the customers' accounts, each with so many credits; it prints them."""
    return _OPEN.format(customers=customers, password=PASSWORD, credits=given)
