"""What is promised when a plan is canceled: shown, signed with the cancellation, kept."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.signing import Signed
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.policy.promise_document import PromiseKind
from jewelrymodel.promises import operations, queries
from jewelrymodel.promises.models import CancellationPromise
from tests.support.plan_changes import ChangingPlan
from tests.support.shop import Sandbox, now, register, settle, start
from tests.support.unreadable_terms import WAYS, lose_texts

pytestmark = pytest.mark.django_db
REFUSED = pytest.raises(IntegrityError, match=r"never change|not canceled")


@pytest.fixture
def month(sandbox: Sandbox, seller: Membership) -> Order:
    """The first month of a plan, paid and delivered."""
    checkout = start(seller, sku="atelier")
    sandbox.pay(checkout.url)
    return settle(checkout.order)


@pytest.fixture
def plan(month: Order) -> Subscription:
    assert month.subscription is not None
    return month.subscription


@pytest.fixture
def browser(client: Client, seller: Membership) -> Client:
    client.force_login(seller.user)
    return client


@pytest.mark.clause("3.3", "3.5")
def test_the_page_says_what_canceling_gives_and_what_stays(
    browser: Client, plan: Subscription
) -> None:
    html = browser.get(f"/billing/subscriptions/{plan.pk}/cancel").content.decode()
    assert html.count('<th scope="row">') == 2
    assert "$0.00 back (access and credits stay until" in html
    assert "$59.00 back" in html


@pytest.mark.parametrize(
    ("behavior", "tax"), [("exclusive", ", plus the tax paid on it"), ("", "")]
)
def test_a_renewal_after_canceling_is_of_the_plan_that_it_renews_as(
    browser: Client,
    sandbox: Sandbox,
    seller: Membership,
    settings: Settings,
    behavior: str,
    tax: str,
) -> None:
    settings.AUTOMATIC_TAX = behavior
    plan = ChangingPlan(sandbox, seller)
    plan.schedule()
    html = browser.get(f"/billing/subscriptions/{plan.row.pk}/cancel").content.decode()
    assert f"<td>$59.00 back{tax}, once a team member approves it</td>" in html
    assert "$19.00 back" not in html
    browser.post(f"/billing/subscriptions/{plan.row.pk}/cancel")
    said = CancellationPromise.objects.get().promise.lines
    assert [(one.amount_minor, one.is_before_tax) for one in said] == [
        (0, bool(behavior)),
        (5_900, bool(behavior)),
    ]


def test_a_cancellation_keeps_what_its_page_showed_signed(
    browser: Client, plan: Subscription, month: Order
) -> None:
    for _again in range(2):
        browser.post(f"/billing/subscriptions/{plan.pk}/cancel")
    kept = CancellationPromise.objects.get()
    said = kept.promise
    assert kept.signed.is_authentic
    assert (said.kind, said.subject) == (PromiseKind.CANCELLATION, plan.pk)
    assert said.kept_until == plan.period_ends_at
    assert {one.edition.sha256 for one in said.lines} == {month.terms_sha256}
    resuming = browser.get(f"/billing/subscriptions/{plan.pk}/resume").content.decode()
    assert "What we promised when you canceled" in resuming
    file = browser.get(f"/billing/subscriptions/{plan.pk}/promise.json")
    assert Signed(**json.loads(file.content)) == kept.signed
    stranger = Client()
    stranger.force_login(register("stranger@else.example").user)
    assert stranger.get(f"/billing/subscriptions/{plan.pk}/promise.json").status_code == 404
    both = {one.sha256 for one in queries.promises_for(month)}
    assert both == {kept.sha256, month.promise.sha256}


@pytest.mark.clause("3.2")
@pytest.mark.parametrize("problem", WAYS, ids=lambda one: type(one).__name__)
def test_a_text_that_cannot_be_read_keeps_nobody_from_canceling(
    browser: Client,
    plan: Subscription,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    problem: Exception,
) -> None:
    lose_texts(monkeypatch, problem)
    html = browser.get(f"/billing/subscriptions/{plan.pk}/cancel").content.decode()
    assert "<form" in html
    assert '<th scope="row">' not in html
    assert browser.post(f"/billing/subscriptions/{plan.pk}/cancel").status_code == 302
    plan.refresh_from_db()
    assert plan.cancel_requested_at is not None
    assert not CancellationPromise.objects.exists()
    assert f"nothing is promised for canceling {plan.pk}" in caplog.text
    assert browser.get("/billing").status_code == 200


def test_each_cancellation_has_its_own(browser: Client, plan: Subscription) -> None:
    for what in ("cancel", "resume", "cancel"):
        browser.post(f"/billing/subscriptions/{plan.pk}/{what}")
    assert CancellationPromise.objects.count() == 2


def test_a_plan_that_was_not_canceled_hands_nothing_out(
    browser: Client, plan: Subscription
) -> None:
    assert browser.get(f"/billing/subscriptions/{plan.pk}/promise.json").status_code == 404


def test_without_a_delivered_month_nothing_is_promised(plan: Subscription, month: Order) -> None:
    cancel = {"account_id": plan.account_id, "subscription_id": plan.pk}
    assert month.period_ends_at is not None
    Subscription.objects.update(period_starts_at=month.period_ends_at - timedelta(days=1))
    actor = Actor.system("test")
    assert operations.cancel_subscription(**cancel, actor=actor, now=now()).cancel_requested_at
    assert not CancellationPromise.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE promises_cancellation_promise SET made_at = now()",
        "DELETE FROM promises_cancellation_promise",
        "INSERT INTO promises_cancellation_promise (document, sha256, signature, public_key,"
        " made_at, account_id, subscription_id) SELECT document, sha256, signature, public_key,"
        " now(), account_id, subscription_id FROM promises_cancellation_promise",
    ],
)
def test_the_database_changes_none_and_takes_none_without_a_cancellation(
    browser: Client, plan: Subscription, statement: str
) -> None:
    browser.post(f"/billing/subscriptions/{plan.pk}/cancel")
    with REFUSED, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_canceling_elsewhere_goes_on_without_a_page(plan: Subscription) -> None:
    payments.cancel_subscription(
        account_id=plan.account_id,
        subscription_id=plan.pk,
        actor=Actor.system("test"),
        now=now(),
    )
    assert not CancellationPromise.objects.exists()
