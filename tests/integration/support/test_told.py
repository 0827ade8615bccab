"""What the self-check says in words of what was picked, and how jobs are told apart."""

import re

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order, Refund, Subscription
from jewelrymodel.policy.decision import Draft, Outcome
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from tests.support import generation as world
from tests.support.shop import Sandbox, charge_again, now, register, settle, start


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def page(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def check(client: Client, category: str, about: Order) -> str:
    return page(client, "/requests/new", category=category, order=about.pk)


@pytest.mark.django_db
@pytest.mark.clause("3.1", "6.1")
def test_of_a_package_the_records_say_what_is_so(
    sandbox: Sandbox, seller: Membership, order: Order
) -> None:
    client = signed_in(seller)
    assert "charged once. None of it was refunded" in check(client, "duplicate", order)
    assert "it does not renew" in check(client, "charged_after_cancel", order)
    assert "never expire. 100 credits of this order are left" in check(client, "expired", order)
    assert "100 credits of this order were added" in check(client, "undelivered", order)
    charge_again(sandbox, order)
    assert "This order was charged 2 times." in check(client, "duplicate", order)
    client.post("/requests/new", {"category": "duplicate", "order": order.pk, "do": "settle"})
    (refund,) = Refund.objects.all()
    payments.follow_refund(refund_id=refund.pk, now=now())
    deciding.settle_refund_remedy(refund_id=refund.pk, now=now())
    assert "2 times. $39.00 of it was refunded" in check(client, "duplicate", order)


@pytest.mark.django_db
@pytest.mark.clause("3.1", "3.2")
def test_of_a_plan_the_records_say_whether_it_is_canceled(
    sandbox: Sandbox, seller: Membership
) -> None:
    client, checkout = signed_in(seller), start(seller, sku="bench")
    sandbox.pay(checkout.url)
    month = settle(checkout.order)
    assert "This subscription is not canceled" in check(client, "charged_after_cancel", month)
    assert "never expire" not in check(client, "expired", month)
    payments.cancel_subscription(
        account_id=seller.account_id,
        subscription_id=Subscription.objects.get().pk,
        actor=Actor.user(seller.user_id),
        now=now(),
    )
    assert "charged before you canceled" in check(client, "charged_after_cancel", month)


@pytest.mark.django_db
def test_the_list_says_who_has_to_answer_and_what_is_late(seller: Membership, case: Case) -> None:
    client = signed_in(seller)
    assert "by " in page(client, "/requests")
    Case.objects.update(due_at=case.opened_at)
    assert "late, was due" in page(client, "/requests")
    Case.objects.update(state=CaseState.WAITING, paused_at=now())
    told = page(client, "/requests")
    assert "waiting for your reply" in told
    assert "was due" not in told


@pytest.mark.clause("5.3", "7.3")
def test_a_job_that_lacks_an_image_says_so_and_its_page_leads_to_its_request(
    photo: Photo, generator: str, hands: world.Hands
) -> None:
    register("other@else.example")
    part = world.work(world.order(photo, images=3, behaviour="part"), hands)
    whole = world.work(world.order(photo, images=1, key="k2"), hands)
    client = signed_in(photo.account.memberships.get())
    told = page(client, "/requests/new", category="failed_task", task=part.pk)
    assert "of 3 images" in told
    assert "not delivered. " in told
    assert "Images requested</dt> <dd>3</dd>" in told
    assert "#clause-5.3" in told
    told = page(client, "/requests/new", category="failed_task", task=whole.pk)
    assert "The image of this generation was delivered" in told
    assert "#clause-2.2" not in told
    assert "The image of this generation" not in page(
        client, "/requests/new", category="style", task=whole.pk
    )
    about = page(client, "/requests/new", task=part.pk)
    assert "Pendant · 3 images (" in about
    assert "Pendant · 1 image (" in about
    assert about.count(" checked") == 1
    assert " checked" not in page(client, "/requests/new", task=whole.pk)


@pytest.mark.clause("5.2a", "5.2b", "5.2c", "5.2d", "5.3")
@pytest.mark.parametrize("category", ["failed_task", "style", "pose", "interpretation", "campaign"])
def test_what_our_check_says_of_an_image_refuses_nothing_and_still_helps(
    photo: Photo, generator: str, hands: world.Hands, category: str
) -> None:
    """Its figures miss faults: a person looks at the picture, and nothing is drafted."""
    register("other@else.example")
    job = world.work(world.order(photo, images=1), hands)
    client = signed_in(photo.account.memberships.get())
    told = page(client, "/requests/new", category=category, task=job.pk)
    assert "usually not refunded" not in told
    assert not re.search(r"passed|checks|automatic check", told)
    request = RequestFacts(
        job.account_id, category, Subject(SubjectKind.TASK, job.pk), world.NOW, identity_level=3
    )
    found = deciding.assess(request=request, now=world.NOW).decision
    assert (found.outcome, found.draft) == (Outcome.PERSON, Draft.NONE)
    Asset.objects.update(fidelity={"passed": False})
    found = deciding.assess(request=request, now=world.NOW).decision
    assert (found.outcome, found.credits) == (Outcome.RESTORE, 1)
    assert "automatic check, which" in page(client, "/requests/new", category=category, task=job.pk)
