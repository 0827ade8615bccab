"""What is no ground by itself: drafted with its clause for a person, never against a ground."""

import pytest

from jewelrymodel.accounts.models import Account, Membership
from jewelrymodel.generation.models import Photo
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.policy.decision import Draft, Outcome
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.support.categories import Category
from tests.support import generation as world
from tests.support.shop import Sandbox, charge_again, now, register_terms, settle, start

PACKAGE = {"unused": "4.2", "changed_mind": "4.3", "other_package": "4.4"}
MONTH = {"unused": "3.6", "expired": "3.7", "stopped_using": "3.8"}


def buy(sandbox: Sandbox, seller: Membership, sku: str) -> Order:
    checkout = start(seller, sku=sku)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def ask(order: Order, category: str) -> tuple[Outcome, Draft, tuple[str, ...]]:
    request = RequestFacts(
        account_id=order.account_id,
        category=Category(category),
        subject=Subject(SubjectKind.ORDER, order.pk),
        requested_at=now(),
        identity_level=3,
    )
    found = operations.assess(request=request, now=now()).decision
    return found.outcome, found.draft, found.cites


@pytest.mark.django_db
@pytest.mark.clause("2.2", "4.1", "4.2", "4.3", "4.4")
def test_of_a_delivered_package_none_is_a_ground(sandbox: Sandbox, seller: Membership) -> None:
    order = buy(sandbox, seller, "case")
    for category, clause in PACKAGE.items():
        assert ask(order, category) == (Outcome.PERSON, Draft.DENIAL, ("2.2", "4.1", clause))


@pytest.mark.django_db
@pytest.mark.clause("2.2", "3.6", "3.7", "3.8")
def test_of_a_paid_month_none_is_a_ground(sandbox: Sandbox, seller: Membership) -> None:
    order = buy(sandbox, seller, "bench")
    for category, clause in MONTH.items():
        assert ask(order, category) == (Outcome.PERSON, Draft.DENIAL, ("2.2", clause))


@pytest.mark.django_db
@pytest.mark.clause("3.3")
def test_canceling_refunds_nothing_by_itself(sandbox: Sandbox, seller: Membership) -> None:
    order = buy(sandbox, seller, "bench")
    assert ask(order, "changed_mind") == (Outcome.PERSON, Draft.DENIAL, ("2.2",))
    payments.cancel_subscription(
        account_id=seller.account_id,
        subscription_id=Subscription.objects.get().pk,
        actor=Actor.user(seller.user_id),
        now=now(),
    )
    assert ask(order, "changed_mind") == (Outcome.PERSON, Draft.DENIAL, ("2.2", "3.3"))


@pytest.mark.django_db
@pytest.mark.clause("3.6", "4.2", "4.3", "4.4", "6.1")
def test_a_verified_ground_holds_whatever_was_picked(sandbox: Sandbox, seller: Membership) -> None:
    order = buy(sandbox, seller, "case")
    charge_again(sandbox, order)
    for category in PACKAGE:
        assert ask(order, category) == (Outcome.APPROVE, Draft.NONE, ("6.1", "8.5"))


@pytest.mark.clause("3.4", "5.3")
@pytest.mark.parametrize(
    ("capacity", "draft"),
    [("unknown", Draft.NONE), ("consumer", Draft.NONE), ("business", Draft.DENIAL)],
)
def test_a_job_that_no_purchase_paid_is_its_accounts(
    photo: Photo, generator: str, hands: world.Hands, capacity: str, draft: Draft
) -> None:
    """Of credits that were a gift no order says who bought: the account says it."""
    register_terms()
    job = world.work(world.order(photo, images=1, behaviour="fail"), hands)
    Account.objects.update(buyer_capacity=capacity)
    subject = Subject(SubjectKind.TASK, job.pk)
    request = RequestFacts(job.account_id, "failed_task", subject, world.NOW, identity_level=3)
    found = operations.assess(request=request, now=world.NOW).decision
    assert (found.draft, "3.4" in found.cites) == (draft, draft is Draft.NONE)
