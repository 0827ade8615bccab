"""What a seller does, by the operations that the pages call, at the instants of a story."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog import terms
from jewelrymodel.demo import stand_ins
from jewelrymodel.demo.personas import PASSWORD
from jewelrymodel.generation import operations as generation
from jewelrymodel.generation.cutout_worker import cut_photo
from jewelrymodel.generation.lease_heartbeat import Clock
from jewelrymodel.generation.models import Asset, Photo, Task
from jewelrymodel.generation.task_worker import run_task
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import queries, rules
from jewelrymodel.payments.checkout_agreement import Buyer
from jewelrymodel.policy.promise_document import shown_sha256
from jewelrymodel.promises import operations as promises
from jewelrymodel.promises import queries as promised

PHOTOS = Path(__file__).parent / "photos"
NAMES = {
    "render_ring.jpg": "Solitaire ring",
    "render_hoop.jpg": "Hoop earrings",
    "render_pendant.jpg": "Ruby pendant",
}
"""What the demo's sellers call the pieces in their photos."""
EDGE_PX = 1024


@dataclass
class Seller:
    """One seller of the demo world; *at* is their present, moved on by the story."""

    email: str
    account_name: str
    country: str
    capacity: BuyerCapacity
    at: datetime
    membership: Membership = field(init=False)
    steps: int = 0

    def sign_up(self) -> None:
        """Open the account."""
        self.membership = accounts.register(
            email=self.email,
            password=PASSWORD,
            account_name=self.account_name,
            country=self.country,
            buyer_capacity=self.capacity,
            now=self.at,
        )

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.membership.account_id

    def wait(self, **span: float) -> None:
        """Let time pass in the story."""
        self.at += timedelta(**span)

    def buy(
        self,
        sku: str,
        *,
        cards: tuple[str, ...] = (stand_ins.GOOD_CARD,),
        looks_after: bool = True,
    ) -> None:
        """Buy a package or take a plan, trying *cards* one by one at the processor's page.

        Without *looks_after* the news of the payment is lost: nobody asks how it ended.
        """
        stand_ins.set_processor_clock(self.at)
        version = catalog.product_on_sale(sku, self.at)
        edition = catalog.edition_in_force("refund", self.at)
        lines = promised.checkout_lines(
            version=version,
            text=terms.pinned(edition),
            country=self.country,
            capacity=self.capacity,
            now=self.at,
        )
        checkout = promises.start_checkout(
            account_id=self.account_id,
            version_id=version.id,
            buyer=self._buyer(),
            consents=rules.consents_needed(self.country, self.capacity),
            offer=rules.offer_digest(
                version.id,
                edition.sha256,
                payments.disclosures(version),
                settings.AUTOMATIC_TAX,
            ),
            promised=shown_sha256(lines),
            idempotency_key=self._key("buy"),
            now=self.at,
        )
        self.wait(seconds=40)
        for card in cards:
            stand_ins.pay(checkout.url, card=card, email=self.email, country=self.country)
        if looks_after:
            payments.settle_order(order_id=checkout.order.id, now=self.at)

    def renew(self) -> None:
        """Let the processor bill what has become due, and see it."""
        stand_ins.set_processor_clock(self.at)
        for plan in queries.subscriptions(account_id=self.account_id):
            payments.settle_subscription(
                processor_subscription_id=plan.processor_subscription_id, now=self.at
            )

    def cut_out(self, file_name: str, *, kind: str, size_mm: float) -> Photo:
        """Upload a photo, see its cutout, approve it."""
        data = (PHOTOS / file_name).read_bytes()
        photo = generation.upload(
            account_id=self.account_id, file_name=file_name, data=data, now=self.at
        )
        cut_photo(photo.id, self._clock())
        self.wait(minutes=1)
        generation.rename_piece(
            account_id=self.account_id, piece_id=photo.piece_id, name=NAMES[file_name]
        )
        return generation.approve(
            account_id=self.account_id,
            photo_id=photo.id,
            kind=kind,
            size_mm=size_mm,
            now=self.at,
        )

    def generate(self, photo: Photo, *looks: str, generator: str = "embedded") -> Task:
        """Order images, with what is promised for them, and let a worker make them."""
        key = self._key("generate")

        def submitted() -> list[Task]:
            task = generation.submit(
                account_id=self.account_id,
                photo_id=photo.id,
                look_ids=looks,
                generator=generator,
                idempotency_key=key,
                edge_px=EDGE_PX,
                now=self.at,
            )
            return [task]

        account = self.membership.account
        (task,) = promises.with_promises(submitted, account=account, now=self.at)
        self.wait(seconds=5)
        run_task(task.id, self._clock())
        self.wait(minutes=2)
        generation.announce_endings(account_id=self.account_id, now=self.at)  # they looked on
        return task

    def like(self, task: Task) -> None:
        """Make the first image of a task a favorite."""
        asset = Asset.objects.filter(item__task=task).order_by("item__position").first()
        if asset is not None:
            generation.set_favorite(
                account_id=self.account_id, asset_id=asset.id, favorite=True, now=self.at
            )

    def _buyer(self) -> Buyer:
        return Buyer(
            user_id=self.membership.user_id,
            email=self.email,
            country=self.country,
            capacity=self.capacity,
            ip="127.0.0.1",
            user_agent="Demo browser",
            device_id=f"demo-{self.account_name.split()[-1].lower()}",
            origin=settings.PUBLIC_URL,
        )

    def _clock(self) -> Clock:
        return Clock(now=lambda: self.at, machine_now=clock.real_now)

    def _key(self, step: str) -> str:
        self.steps += 1
        return hashlib.sha256(f"{self.email} {step} {self.steps}".encode()).hexdigest()[:32]
