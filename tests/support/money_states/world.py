"""One seller, the processor's sandbox, and a worker that does all that waits: a small world."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import httpx
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.support import reconcilers
from tests.support.shop import GOOD, Sandbox, now, signed, start

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AGENT = Actor.user(1)
_KEY = {"Authorization": "Bearer sk_test_sandbox_tests"}
_ROUNDS = 6  # what one job wakes another does, and so on; more would be a circle


class CantBeError(Exception):
    """This can't happen to a thing in that state, and why."""


@dataclass
class Machine:
    """The sandbox, and all that runs here by itself; *at* is everybody's present."""

    sandbox: Sandbox
    at: datetime = field(default_factory=now)
    heard: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        app.perform_import_paths()

    def get(self, path: str) -> dict[str, Any]:
        """What the processor's API answers."""
        answer = self.sandbox.http.get(f"/v1/{path}", headers=_KEY)
        return dict(answer.raise_for_status().json())

    def api(self, path: str, **sent: Any) -> dict[str, Any]:
        """An act of the processor's API that isn't the shop's."""
        answer = self.sandbox.http.post(f"/v1/{path}", headers=_KEY, data=sent)
        return dict(answer.raise_for_status().json())

    def panel(self, path: str, **sent: Any) -> dict[str, Any]:
        """An act at the processor's dashboard, by its bank, or by the customer there; its refusal
        is why it can't be."""
        try:
            return self.sandbox.panel(path, **sent)
        except httpx.HTTPStatusError as refusal:
            words = str(refusal.response.json()["error"]["message"])
            raise CantBeError(f"the processor refuses it: {_without_ids(words)}") from refusal

    def faults(self, **sent: Any) -> None:
        self.sandbox.panel("faults", **sent)

    def pay(self, url: str, number: str = GOOD, method: str = "") -> None:
        """Send the form of a page at the processor, and confirm where its bank asks."""
        if method:
            answer = self.sandbox.http.post(url, data={"method": method})
        else:
            answer = self.sandbox.pay(url, number)
        step = answer.headers.get("location", "")
        if "/c/authenticate/" in step:
            self.sandbox.http.post(step, data={"act": "confirm"})

    def pay_or_confirm(self, url: str) -> None:
        """Pay an open invoice on its page, or confirm its payment where its bank asks."""
        step = self.sandbox.http.get(url).headers.get("location", "")
        if "/c/authenticate/" in step:
            self.sandbox.http.post(step, data={"act": "confirm"})
        else:
            self.pay(url)

    def go(self, time: timedelta) -> None:
        """Let time pass, here and at the processor, which does what falls due."""
        self.at += time
        self.sandbox.panel("clock", offset_s=round((self.at - now()).total_seconds()))

    def deafen(self) -> None:
        """Let the news of what happened so far be lost."""
        self.heard |= {one["id"] for one in self.news()}

    def hear(self) -> bool:
        """Be told of what happened, in the order in which it did; whether there was any news."""
        news = self.news()[::-1]
        for event in news:
            self.heard.add(event["id"])
            letter = signed(event)
            hint = processor().read_event(letter.body, letter.signature)
            if not hint.not_ours:
                with _unless_down():
                    operations.handle_event(hint.payload, now=self.at)
        return bool(news)

    def work(self) -> bool:
        """Do what waits in the queue; whether there was anything."""
        jobs = list(ProcrastinateJob.objects.filter(status="todo").order_by("id"))
        ProcrastinateJob.objects.filter(pk__in=[one.pk for one in jobs]).delete()
        for job in jobs:
            if job.task_name.startswith("generation."):  # nobody waits for images here
                continue
            with _unless_down(), transaction.atomic():
                app.tasks[job.task_name].func(**job.args)
        return bool(jobs)

    def settle(self) -> None:
        """Let all that follows from what happened follow: news, work, looks, checks."""
        for _ in range(_ROUNDS):
            news, work = self.hear(), self.work()
            if not news and not work:
                break
        self.look()

    def look(self) -> None:
        """An hour passes, and with it the sweepers and the checks, and what they wake.

        And a minute: a payment page is open for two hours to the second, so two looks of an hour
        met either side of its end, as the second happened to fall.
        """
        self.go(HOUR + timedelta(minutes=1))
        for sweep in (
            tasks.sweep_orders,
            tasks.sweep_refunds,
            tasks.sweep_notices,
            tasks.list_disputes,
        ):
            sweep(0)
        self._drain()
        reconcilers.run(now=self.at)
        self._drain()

    @contextmanager
    def present(self) -> Iterator[None]:
        """Let whoever reads the clock read this world's."""
        with patch.object(clock, "now", lambda: self.at):
            yield

    def _drain(self) -> None:
        for _ in range(_ROUNDS):
            if not self.work():
                return

    def news(self) -> list[dict[str, Any]]:
        """What nobody has been told of or missed yet, newest first."""
        found, has_more = list[dict[str, Any]](), True
        while has_more:
            after = f"&starting_after={found[-1]['id']}" if found else ""
            answer = self.sandbox.http.get(f"/v1/events?limit=100{after}", headers=_KEY)
            if answer.status_code in (401, 503):  # it is away, or refuses whoever asks
                return []
            page = answer.json()
            found += page["data"]
            has_more = page["has_more"] and page["data"][-1]["id"] not in self.heard
        return [one for one in found if one["id"] not in self.heard]


@dataclass
class World(Machine):
    """Everything that an event can happen to: a seller, and what became of what they bought."""

    seller: Membership = field(kw_only=True)
    colleague: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.colleague = accounts.hire(
            email="otto@desk.example",
            password=None,
            name="Otto Example",
            role=StaffRole.AGENT,
            actor=Actor.system("test"),
            now=self.at - DAY,
        ).user_id

    @property
    def account_id(self) -> str:
        return self.seller.account_id

    @property
    def order(self) -> Order:
        """The newest order: what is looked at."""
        return Order.objects.filter(account_id=self.account_id).latest("number")

    @property
    def charge(self) -> Charge:
        """The first charge of the newest order."""
        return Charge.objects.filter(order=self.order).earliest("charged_at")

    @property
    def plan(self) -> Subscription:
        """The first one, also where another was taken."""
        return Subscription.objects.filter(account_id=self.account_id).earliest("started_at")

    def buy(self, sku: str = "case", number: str = GOOD, method: str = "") -> Order:
        """Place an order and pay it at the processor's page; nobody here looks at it yet."""
        checkout = start(self.seller, sku=sku, at=self.at, key=f"key-{Order.objects.count()}")
        self.pay(checkout.url, number, method)
        return checkout.order


@contextmanager
def _unless_down() -> Iterator[None]:
    """The processor can't be asked now: whoever was called comes again."""
    with suppress(ProcessorDown):
        yield


def _without_ids(words: str) -> str:
    """The refusal without what is another one each time."""
    kept = [one for one in words.split() if not any(mark in one for mark in ("ch_", "du_", "sub_"))]
    return json.dumps(" ".join(kept))[1:-1]
