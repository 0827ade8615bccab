"""A buyer, the running sandbox as they meet it, and the signed webhooks that it sent."""

import json
import re
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import stripe
from django.conf import settings
from django.test import Client

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import BuyerCapacity, StaffRole
from jewelrymodel.catalog import edition_files, terms
from jewelrymodel.catalog import operations as publishing
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations, rules
from jewelrymodel.payments.checkout_agreement import Buyer, ConsentKind
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.policy.edition_reader import Edition
from jewelrymodel.policy.promise_document import shown_sha256
from jewelrymodel.promises import operations as promises
from jewelrymodel.promises import queries as promised
from tests.support.shipped_edition import dated

SECRET = "whsec_of_the_shop"
GOOD, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000002500003155"
CARD = {"expiry": "12 / 34", "cvc": "123", "name": "Ada Example", "country": "DE"}

ORIGIN = "http://shop.example"


def now() -> datetime:
    """The machine's own instant: the sandbox's pages live in it."""
    return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)


@dataclass(frozen=True)
class Letter:
    """A webhook as it went over the wire."""

    body: bytes
    signature: str

    @property
    def kind(self) -> str:
        found = re.search(rb'"type": "((?:checkout|payment_intent|charge)\.[a-z_.]+)"', self.body)
        return found[1].decode() if found else ""


@dataclass
class Sandbox:
    """The running sandbox."""

    url: str
    http: httpx.Client
    letters: list[Letter] = field(default_factory=list)

    def panel(self, path: str, **sent: Any) -> dict[str, Any]:
        """Tell the fault panel something."""
        return dict(self.http.post(f"/_sandbox/{path}", json=sent).raise_for_status().json())

    def pay(self, url: str, number: str = GOOD) -> httpx.Response:
        """Send the card page's form."""
        return self.http.post(url, data={**CARD, "number": number})

    def wait_for(self, kind: str, times: int = 1) -> list[Letter]:
        """Return the letters of this kind once so many have arrived."""
        self.panel("webhooks/flush", wait_s=5)
        found = [letter for letter in self.letters if letter.kind == kind]
        assert len(found) >= times, [letter.kind for letter in self.letters]
        return found


def signed(payload: object, secret: str = SECRET) -> Letter:
    """A webhook with this *payload*, signed now as the processor signs."""
    body = json.dumps(payload)
    at = int(now().timestamp())
    proof = stripe.WebhookSignature._compute_signature(f"{at}.{body}", secret)
    return Letter(body.encode(), f"t={at},v1={proof}")


def deliver(client: Client, letter: Letter) -> int:
    """Bring a letter to our webhook address; return the status of the answer."""
    answer = client.post(
        "/hooks/stripe",
        letter.body,
        content_type="application/json",
        headers={"Stripe-Signature": letter.signature},
    )
    return answer.status_code


def register_terms() -> None:
    """Publish the shipped refund policy, where that isn't done yet."""
    for path in edition_files.shipped():
        publishing.publish_edition(
            edition=edition_files.read(path), actor=Actor.system("test"), now=now()
        )


def publish(day: str, *changes: tuple[str, str]) -> Edition:
    """The shipped policy under another date, with words replaced, published on the eve."""
    edition = dated(day, *changes)
    eve = edition.starts_at - timedelta(days=1)
    publishing.publish_edition(edition=edition, actor=Actor.system("test"), now=eve)
    return edition


def register(email: str = "ada@rings.example") -> Membership:
    """A seller with an account."""
    return accounts.register(
        email=email,
        password=None,
        account_name="Ada's rings",
        now=now(),
        country="US",
        buyer_capacity=BuyerCapacity.BUSINESS,
    )


def at_the_desk(name: str = "Vera Example", role: StaffRole = StaffRole.AGENT) -> Client:
    """A colleague at the desk, signed in."""
    hired = accounts.hire(
        email=f"{name.split()[0].lower()}@desk.example",
        password="not-a-common-one",
        name=name,
        role=role,
        actor=Actor.system("test"),
        now=now() - timedelta(days=1),
    )
    client = Client()
    client.force_login(hired.user)
    return client


def charge_again(sandbox: Sandbox, order: Order) -> None:
    """The processor takes the same order's money a second time, and tells us."""
    first = Charge.objects.filter(order=order).earliest("charged_at")
    made = sandbox.panel(f"charges/{first.processor_charge_id}/repeat")["id"]
    hint = {"object": "charge", "object_id": made, "order_id": order.pk}
    operations.handle_event(hint, now=now())


def start(
    member: Membership,
    *,
    sku: str = "case",
    key: str = "key-of-this-page",
    country: str = "US",
    capacity: str = "business",
    consents: Collection[ConsentKind] = (),
    at: datetime | None = None,
) -> operations.Checkout:
    """Begin to buy, as the checkout page would."""
    at = at or now()
    version = catalog.product_on_sale(sku, at)
    edition = catalog.edition_in_force("refund", at)
    lines = promised.checkout_lines(
        version=version, text=terms.pinned(edition), country=country, capacity=capacity, now=at
    )
    return promises.start_checkout(
        account_id=member.account_id,
        version_id=version.id,
        buyer=Buyer(
            member.user_id, member.user.email, country, capacity, "127.0.0.1", "T", "d", ORIGIN
        ),
        consents=consents,
        offer=rules.offer_digest(
            version.id, edition.sha256, operations.disclosures(version), settings.AUTOMATIC_TAX
        ),
        promised=shown_sha256(lines),
        idempotency_key=key,
        now=at,
    )


def settle(order: Order) -> Order:
    """Look at the order's payment now."""
    return operations.settle_order(order_id=order.id, now=now())
