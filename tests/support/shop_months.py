"""Months of a shop: its customers, their banks, the processor's dashboard, and what goes wrong."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TypeVar

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.ledger import operations as spending
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.statuses import SubscriptionState
from tests.support.money_states.world import AGENT, DAY, CantBeError, Machine
from tests.support.refunds import intend
from tests.support.shop import DECLINED, GOOD, register, start

ALWAYS_ASKS, REFUND_PENDS, REFUND_FAILS = (
    "4000002760003184",
    "4000000000007726",
    "4000000000005126",
)
T = TypeVar("T")
METHODS = (
    *[{"number": GOOD}] * 8,
    {"number": DECLINED},
    {"number": ALWAYS_ASKS},
    {"number": REFUND_PENDS},
    {"number": REFUND_FAILS},
    {"method": "link"},
    {"method": "us_bank_account"},
    {"method": "us_bank_account_fails"},
)
"""Ways to pay, as often as they are chosen."""
SKUS = ("tray", "case", "case", "bench", "bench", "atelier")
LOST = 0.2  # of the processor's messages
BUSY = 0.12  # of the customers do something on a day
STRANGE = 0.05  # of what happens is done at the processor's dashboard
DISPUTED = 0.02  # of what happens is a dispute
DECLINED_STEPS = 0.3  # of the steps have a renewal that is declined
AWAY = 0.03  # of the steps find the processor away


@dataclass
class Months:
    """A shop of so many customers, over time; the same *seed* lets the same happen."""

    machine: Machine
    count: int
    seed: int
    step: timedelta = DAY
    members: list[Membership] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.members = [register(f"buyer{n}@shop.example") for n in range(self.count)]
        self.machine.faults(drop_webhooks=-1)  # they are listed all the same

    def live(self, days: int) -> None:
        """Let so many days pass."""
        until = self.machine.at + days * DAY
        while self.machine.at < until:
            with self.machine.present():
                self._one_step()

    def settle(self) -> None:
        """Let what was begun end: nobody does anything more, and no message is lost."""
        for _ in range(4):
            self.machine.go(6 * DAY)
            with self.machine.present():
                self.machine.settle()

    def _one_step(self) -> None:
        times = sum(
            self.random.random() < BUSY for _ in self.members for _ in range(self.step.days)
        )
        for _ in range(times):
            self._something()
        self.machine.faults(decline_renewals=int(self.random.random() < DECLINED_STEPS))
        is_away = self.random.random() < AWAY
        if is_away:
            self.machine.faults(down=True)
        self._lose_news()
        self.machine.settle()
        if is_away:
            self.machine.faults(down=False)
        self.machine.go(self.step)

    def _lose_news(self) -> None:
        """A part of the messages never arrives; what they were about is found by looking."""
        for event in self.machine.news():
            if self.random.random() < LOST:
                self.machine.heard.add(event["id"])

    def _something(self) -> None:
        """Somebody does something; what can't be isn't done."""
        chance = self.random.random()
        if chance < DISPUTED:
            act = self._pick((self.disputes, self.disputes, self.is_asked))
        elif chance < DISPUTED + STRANGE:
            act = self._pick((self.refunds_there, self.refunds_a_part_there, *self._dashboard()))
        else:
            act = self._pick((self.buys, self.buys, self.buys, self.uses, *self._others()))
        member = self._pick(self.members)
        with suppress(CantBeError, CodedError, ProcessorDown, LookupError):
            act(member)
            self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    def _dashboard(self) -> tuple[Callable[[Membership], None], ...]:
        return (self.cancels_there, self.pauses_there, self.deletes_there, self.takes_twice)

    def _others(self) -> tuple[Callable[[Membership], None], ...]:
        return (self.cancels, self.resumes, self.pays_renewal, self.is_refunded)

    def _pick(self, among: Sequence[T]) -> T:
        if not among:
            raise LookupError
        return self.random.choice(among)

    def buys(self, member: Membership) -> None:
        sku = self._pick(SKUS)
        key = f"{member.account_id}-{Order.objects.count()}"
        checkout = start(member, sku=sku, key=key, at=self.machine.at)
        if checkout.url:
            self.machine.pay(checkout.url, **self._pick(METHODS))

    def uses(self, member: Membership) -> None:
        free = ledger.balance(member.account_id, self.machine.at).available
        if free < 2:
            raise LookupError
        quantity, key = self.random.randint(1, min(free, 40)), f"use:{self.random.getrandbits(48)}"
        held = spending.hold(
            account_id=member.account_id,
            subject=key,
            quantity=quantity,
            idempotency_key=key,
            now=self.machine.at,
        )
        spending.capture(
            hold_id=held.id, quantity=quantity - 1, idempotency_key=key, now=self.machine.at
        )

    def cancels(self, member: Membership) -> None:
        operations.cancel_subscription(**self._asked(member))

    def resumes(self, member: Membership) -> None:
        operations.resume_subscription(**self._asked(member))

    def _asked(self, member: Membership) -> dict[str, object]:
        return {
            "account_id": member.account_id,
            "subscription_id": self._plan(member).pk,
            "actor": AGENT,
            "now": self.machine.at,
        }

    def _plan(self, member: Membership) -> Subscription:
        live = Subscription.objects.filter(account_id=member.account_id)
        return self._pick(list(live.exclude(state=SubscriptionState.CANCELED).order_by("pk")))

    def pays_renewal(self, member: Membership) -> None:
        plan = self._plan(member)
        url = operations.renewal_page(
            account_id=member.account_id, subscription_id=plan.pk, now=self.machine.at
        )
        if not url:
            raise LookupError
        self.machine.pay_or_confirm(url)

    def is_refunded(self, member: Membership) -> None:
        """A person at the desk decided it."""
        charge = self._charge(member)
        amount = self.random.choice((charge.kept_minor, max(charge.kept_minor // 3, 1)))
        intend(charge, amount, why=f"dec_{self.random.getrandbits(40)}", lot=amount > 2_000)

    def _charge(self, member: Membership) -> Charge:
        kept = Charge.objects.filter(account_id=member.account_id, kept_minor__gt=0)
        return self._pick(list(kept.order_by("charged_at", "pk")))

    def disputes(self, member: Membership) -> None:
        self._dispute(member, inquiry=False)

    def is_asked(self, member: Membership) -> None:
        self._dispute(member, inquiry=True)

    def _dispute(self, member: Membership, *, inquiry: bool) -> None:
        charge = self._charge(member).processor_charge_id
        reason = self._pick(("fraudulent", "product_not_received", "subscription_canceled"))
        made = self.machine.panel(f"charges/{charge}/dispute", reason=reason, inquiry=inquiry)
        if not inquiry and self.random.random() < 0.5:
            self.machine.panel(f"disputes/{made['id']}/decide", outcome="won")

    def refunds_there(self, member: Membership) -> None:
        self.machine.panel(f"charges/{self._charge(member).processor_charge_id}/refund")

    def refunds_a_part_there(self, member: Membership) -> None:
        path = f"charges/{self._charge(member).processor_charge_id}/refund"
        self.machine.panel(path, amount=self.random.randint(50, 900))

    def takes_twice(self, member: Membership) -> None:
        charge = self._charge(member)
        if charge.order.subscription_id:
            raise LookupError
        self.machine.panel(f"charges/{charge.processor_charge_id}/repeat")

    def cancels_there(self, member: Membership) -> None:
        how = self._pick(("now", "at_period_end", "cancel_at"))
        self._on_plan(member, "cancel", how=how)

    def pauses_there(self, member: Membership) -> None:
        """And lets it be collected again: who pauses a plan knows."""
        self._on_plan(member, "pause", behavior="void")
        self._on_plan(member, "unpause")

    def _on_plan(self, member: Membership, act: str, **sent: str) -> None:
        plan = self._plan(member).processor_subscription_id
        self.machine.panel(f"subscriptions/{plan}/{act}", **sent)

    def deletes_there(self, member: Membership) -> None:
        self.machine.panel(f"customers/{self._plan(member).processor_customer_id}/delete")
