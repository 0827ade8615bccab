"""Somebody who bought, a bank that disputes, and us: told by hints, never by what they claim."""

from dataclasses import dataclass

from jewelrymodel.accounts.models import Membership
from jewelrymodel.disputes import operations
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.generation.models import Asset, Task
from jewelrymodel.generation.statuses import GeneratorName, ItemState, TaskStatus
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as spending
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import queries as paid
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Charge, ChargeDispute, Order
from tests.support.generation import approved_photo
from tests.support.shop import Sandbox, now, settle, start

API = {"Authorization": "Bearer sk_test_sandbox_tests"}


@dataclass
class Bank:
    """A buyer's bank, at the running sandbox."""

    sandbox: Sandbox
    seller: Membership

    def buy(self, sku: str = "case", key: str = "key-of-this-page") -> Order:
        """Buy something and have it: the case is 100 credits for 39.00."""
        checkout = start(self.seller, sku=sku, key=key)
        self.sandbox.pay(checkout.url)
        return settle(checkout.order)

    def buy_as_consumer(self, sku: str, *, country: str) -> Order:
        """Buy it as a consumer, who agrees to everything that the checkout asks."""
        consents = list(ConsentKind)
        checkout = start(
            self.seller, sku=sku, country=country, capacity="consumer", consents=consents
        )
        self.sandbox.pay(checkout.url)
        return settle(checkout.order)

    def dispute(
        self, order: Order, reason: str = "product_not_received", *, inquiry: bool = False
    ) -> DisputeWork:
        """Dispute the order's last charge, and let us hear of it."""
        charge = Charge.objects.filter(order=order).latest("charged_at", "id")
        path = f"charges/{charge.processor_charge_id}/dispute"
        opened = self.sandbox.panel(path, reason=reason, inquiry=inquiry)
        return self.hear(opened["id"])

    def hear(self, processor_dispute_id: str) -> DisputeWork:
        """A hint arrives: the dispute is fetched, and what its state asks for is done."""
        hint = {"object": "dispute", "object_id": processor_dispute_id}
        payments.handle_event(hint, now=now())
        found = ChargeDispute.objects.get(processor_dispute_id=processor_dispute_id)
        return operations.apply_state(dispute_id=found.pk, now=now())

    def decide(self, work: DisputeWork, outcome: str) -> DisputeWork:
        """The bank decides, or changes its mind."""
        dispute_id = work.dispute.processor_dispute_id
        self.sandbox.panel(f"disputes/{dispute_id}/decide", outcome=outcome)
        return self.hear(dispute_id)

    def appeal(self, work: DisputeWork) -> DisputeWork:
        """What the bank decided against us is appealed; it hasn't decided again."""
        return self.decide(work, "appealed")

    def submit(self, work: DisputeWork) -> DisputeWork:
        """Evidence goes to the bank; the dispute is under review."""
        dispute_id = work.dispute.processor_dispute_id
        evidence = {"evidence[uncategorized_text]": "Delivered.", "submit": "true"}
        self.sandbox.http.post(
            f"/v1/disputes/{dispute_id}", data=evidence, headers=API
        ).raise_for_status()
        return self.hear(dispute_id)

    def spend(self, quantity: int, task: str = "task:1") -> str:
        """A job makes images with so many credits; return its hold."""
        held = self.reserve(quantity, task)
        spending.capture(hold_id=held, quantity=quantity, idempotency_key=task, now=now())
        return held

    def reserve(self, quantity: int, task: str = "task:1") -> str:
        """A job begins and holds credits; return its hold."""
        hold = spending.hold(
            account_id=self.seller.account_id,
            subject=task,
            quantity=quantity,
            idempotency_key=task,
            now=now(),
        )
        return hold.id

    def credits(self) -> tuple[int, int]:
        """What can be spent, and what rests."""
        balance = ledger.balance(self.seller.account_id, now())
        return balance.available, balance.suspended

    def is_suspended(self, order: Order) -> bool:
        """Whether the plan that the order paid for rests."""
        return paid.is_suspended(subscription_id=order.subscription_id or "")


def job(bank: Bank, *, took: int, delivered: int) -> Task:
    """A job that ended: what it took, and what can be fetched of it."""
    task = Task.objects.create(
        id=new_id("task", now=now()),
        account_id=bank.seller.account_id,
        photo=approved_photo(bank.seller.account),
        status=TaskStatus.SUCCEEDED,
        generator=GeneratorName.EMBEDDED,
        kind="ring",
        size_mm=18,
        edge_px=512,
        hold_id=bank.spend(took, f"task:{took}"),
        credits_held=took,
        credits_charged=took,
        idempotency_key=f"job of {took}",
        created_at=now(),
        finished_at=now(),
    )
    for position in range(delivered):
        item = task.items.create(
            id=f"{task.pk[:28]}-{position}",
            position=position,
            look_id="linen",
            credits=1,
            state=ItemState.DELIVERED,
        )
        Asset.objects.create(
            id=item.pk,
            account_id=task.account_id,
            item=item,
            image_key=item.pk,
            view_key=item.pk,
            sha256="0" * 64,
            width_px=512,
            height_px=512,
            fidelity={"passed": True},
            generator=GeneratorName.EMBEDDED,
            created_at=now(),
        )
    return task
