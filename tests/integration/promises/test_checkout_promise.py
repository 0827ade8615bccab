"""What is promised before paying: shown, signed with the order, and never changed afterwards."""

import json
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.signing import Signed, sign
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.hypotheses import Situation
from jewelrymodel.policy.promise_document import PromiseKind, shown_sha256
from jewelrymodel.promises import queries
from jewelrymodel.promises.models import OrderPromise
from jewelrymodel.remedies.operations import assess
from tests.support.decisions import about
from tests.support.shop import Sandbox, charge_again, now, register, settle, start

pytestmark = pytest.mark.django_db
SHOP = {"country": "US", "capacity": "business"}
MOST_QUERIES = 21


@pytest.fixture
def other_seller() -> Membership:
    """Somebody else's account."""
    return register("bea@rings.example")


@pytest.fixture
def browser(client: Client, seller: Membership) -> Client:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(key|offer|promised)" value="([0-9a-f]+)"', html))


def test_the_page_shows_what_may_come_of_this_purchase(browser: Client) -> None:
    html = browser.get("/checkout/case").content.decode()
    assert html.count('<th scope="row">') == 4
    for words in (
        "charged twice",
        "$39.00 back",
        "We add what you paid for, or pay all of it back",
        "$0.00 back",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("behavior", "words", "charged"),
    [
        ("exclusive", "$39.00 back, plus the tax paid on it", 4_641),
        ("inclusive", "$39.00 back", 3_900),
    ],
)
def test_a_taxed_purchase_promises_what_is_charged(
    sandbox: Sandbox,
    seller: Membership,
    browser: Client,
    settings: Settings,
    behavior: str,
    words: str,
    charged: int,
) -> None:
    settings.AUTOMATIC_TAX = behavior
    assert f"<td>{words}</td>" in browser.get("/checkout/case").content.decode()
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    (line,) = assess(request=about(order, "duplicate"), now=now()).promised
    assert (line.situation, line.amount_minor) == (Situation.CHARGED_TWICE, charged)
    kept = browser.get(f"/billing/orders/{order.pk}").content.decode()
    assert f"<td>{words}</td>" in kept


def test_a_consumer_is_shown_that_the_law_is_looked_at_first(browser: Client) -> None:
    private = browser.get("/checkout/case", {"country": "DE", "capacity": "consumer"})
    assert "the law of your country" in private.content.decode()
    assert (
        hidden(private.content.decode())["promised"]
        != hidden(browser.get("/checkout/case", SHOP).content.decode())["promised"]
    )


def test_a_promise_asks_nothing_of_the_database(browser: Client) -> None:
    """The page knows the edition that it shows anyhow; 21 as before, seven of them the demo's."""
    browser.get("/checkout/atelier")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get("/checkout/atelier")
    assert len(asked) <= MOST_QUERIES


def test_an_order_keeps_what_its_page_showed_signed(sandbox: Sandbox, browser: Client) -> None:
    form = hidden(browser.get("/checkout/case").content.decode())
    assert browser.post("/checkout/case", {**form, **SHOP}).status_code == 302
    kept = OrderPromise.objects.get()
    said = kept.promise
    assert kept.signed.is_authentic
    assert (said.kind, said.subject) == (PromiseKind.CHECKOUT, kept.order.pk)
    assert said.account_id == kept.order.account_id
    assert shown_sha256(said.lines) == form["promised"]
    assert {one.edition.sha256 for one in said.lines} == {kept.order.terms_sha256}


def test_the_same_press_again_keeps_the_first_promise(sandbox: Sandbox, browser: Client) -> None:
    form = {**hidden(browser.get("/checkout/case").content.decode()), **SHOP}
    first, second = (browser.post("/checkout/case", form)["Location"] for _ in range(2))
    assert first == second
    assert OrderPromise.objects.count() == 1


@pytest.mark.parametrize("promised", ["", "0" * 64])
def test_nothing_is_sold_on_another_promise_than_was_shown(
    sandbox: Sandbox, browser: Client, promised: str
) -> None:
    form = hidden(browser.get("/checkout/case").content.decode())
    answer = browser.post("/checkout/case", {**form, **SHOP, "promised": promised})
    assert answer.status_code == 409
    assert "offer has changed" in answer.content.decode()
    assert hidden(answer.content.decode())["promised"] == form["promised"]
    assert not Order.objects.exists()


def test_a_lower_limit_since_the_page_was_opened_is_shown_first(
    sandbox: Sandbox, browser: Client, settings: object
) -> None:
    form = hidden(browser.get("/checkout/case").content.decode())
    settings.MACHINE_LIMIT_MINOR = 100  # type: ignore[attr-defined]  # pytest-django's
    answer = browser.post("/checkout/case", {**form, **SHOP})
    assert answer.status_code == 409
    assert "once a team member approves it" in answer.content.decode()


def test_the_order_shows_it_and_hands_it_out(
    sandbox: Sandbox, browser: Client, seller: Membership
) -> None:
    order = start(seller).order
    html = browser.get(f"/billing/orders/{order.pk}").content.decode()
    assert "What we promised before you paid" in html
    assert "$39.00 back" in html
    file = browser.get(f"/billing/orders/{order.pk}/promise.json")
    signed = Signed(**json.loads(file.content))
    assert signed.is_authentic
    assert signed == OrderPromise.objects.get().signed


def test_an_order_without_one_says_nothing_of_it(
    sandbox: Sandbox, browser: Client, seller: Membership
) -> None:
    order = start(seller, key="the first page").order
    other = Order.objects.get(pk=order.pk)
    other.pk, other.number, other.idempotency_key = "ord_without", order.number + 1, "without"
    other.session_id = None
    other.save(force_insert=True)
    assert "promised" not in browser.get("/billing/orders/ord_without").content.decode()
    assert browser.get("/billing/orders/ord_without/promise.json").status_code == 404


def test_nobody_elses_promise_is_handed_out(
    sandbox: Sandbox, seller: Membership, client: Client, other_seller: Membership
) -> None:
    order = start(seller).order
    client.force_login(other_seller.user)
    assert client.get(f"/billing/orders/{order.pk}/promise.json").status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE promises_order_promise SET made_at = now()",
        "DELETE FROM promises_order_promise",
    ],
)
def test_the_database_changes_no_promise(
    sandbox: Sandbox, seller: Membership, statement: str
) -> None:
    start(seller)
    with (
        pytest.raises(IntegrityError, match="never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_empties_no_promises() -> None:
    with (
        pytest.raises(IntegrityError, match="never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE promises_order_promise")


def kept(order: Order, document: str = "{}", **changes: str) -> OrderPromise:
    signed = sign(document, secret="of the tests")
    columns = {**signed.to_json(), "sha256": signed.sha256, "account_id": order.account_id}
    return OrderPromise(order=order, made_at=now(), **{**columns, **changes})


def test_the_database_takes_no_promise_for_what_is_paid(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start_without(seller)
    sandbox.pay(checkout.url)
    paid = settle(checkout.order)
    with pytest.raises(IntegrityError, match="is paid"), transaction.atomic():
        kept(paid).save(force_insert=True)


def test_the_database_takes_no_promise_of_another_account_or_hash(
    sandbox: Sandbox, seller: Membership, other_seller: Membership
) -> None:
    order = start_without(seller).order
    with pytest.raises(IntegrityError, match="another account"), transaction.atomic():
        kept(order, account_id=other_seller.account_id).save(force_insert=True)
    with pytest.raises(IntegrityError, match="has_its_hash"), transaction.atomic():
        kept(order, sha256="0" * 64).save(force_insert=True)
    kept(order).save(force_insert=True)


def start_without(seller: Membership) -> payments.Checkout:
    """An order from before there were promises."""
    order = start(seller, key="with").order
    other = Order.objects.get(pk=order.pk)
    other.pk, other.number, other.idempotency_key = "ord_without", order.number + 1, "without"
    other.session_id, other.session_url = None, ""
    other.save(force_insert=True)
    return payments.continue_to_pay(account_id=seller.account_id, order_id=other.pk)


def test_a_promise_of_a_plan_says_what_canceling_gives(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = start(seller, sku="atelier").order
    said = queries.order_promise(account_id=seller.account_id, order_id=order.pk).promise
    assert {one.situation for one in said.lines} >= {Situation.CANCELED, Situation.OUTAGE_DAY}
    assert promise_document.write(said) == OrderPromise.objects.get().document
