"""The self-check's page: what we see, what the policy says, and what was said about it before."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.generation.models import Photo
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.policy.decision import Draft
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from tests.support import generation as world
from tests.support.shop import Sandbox, charge_again, now, register, settle, start

UNWRITTEN = ("NO", "IS", "LI", "KR", "BR", "CH", "AU", "US")
BOTH = (ConsentKind.EXPRESS_CONSENT_TO_START, ConsentKind.ACKNOWLEDGEMENT_OF_LOSS)


def buy(sandbox: Sandbox, seller: Membership, **buyer: object) -> Order:
    checkout = start(seller, **buyer)  # type: ignore[arg-type]  # by name
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def check(client: Client, **asked: str) -> str:
    answer = client.get("/requests/new", asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def buyer(client: Client, seller: Membership) -> Client:
    client.force_login(seller.user)
    return client


@pytest.mark.django_db
@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("country", "capacity", "days", "draft"),
    [
        ("DE", "consumer", 13, Draft.NONE),
        ("GB", "unknown", 13, Draft.NONE),
        ("DE", "consumer", 30, Draft.NONE),
        ("DE", "business", 13, Draft.DENIAL),
        *(
            (country, "consumer", 13, Draft.NONE)
            for country in ["NO", "IS", "LI", "KR", "BR", "CH", "AU", "US"]
        ),
    ],
)
def test_nothing_is_drafted_against_a_consumer_whom_the_law_may_give_more(
    sandbox: Sandbox,
    seller: Membership,
    buyer: Client,
    country: str,
    capacity: str,
    days: int,
    draft: Draft,
) -> None:
    order = buy(sandbox, seller, country=country, capacity=capacity, consents=BOTH)
    request = RequestFacts(
        account_id=seller.account_id,
        category="changed_mind",
        subject=Subject(SubjectKind.ORDER, order.pk),
        requested_at=now() + timedelta(days=days),
        identity_level=3,
    )
    decision = deciding.assess(request=request, now=now()).decision
    assert decision.draft is draft
    assert ("3.4" in decision.cites) is (draft is Draft.NONE)
    page = check(buyer, category="changed_mind", order=order.pk)
    lawful = capacity != "business"
    assert ("The law where you live may give you more" in page) is lawful
    assert ("this is usually not refunded" in page) is not lawful


@pytest.mark.django_db
def test_what_is_settled_at_once_is_not_acknowledged_and_stands_there_the_next_time(
    sandbox: Sandbox, seller: Membership, buyer: Client
) -> None:
    order = buy(sandbox, seller)
    charge_again(sandbox, order)
    asked = {"category": "duplicate", "order": order.pk}
    assert "Refund $39.00" in check(buyer, **asked)
    assert buyer.post("/requests/new", {**asked, "do": "settle"}).status_code == 302
    (refund,) = Refund.objects.all()
    payments.follow_refund(refund_id=refund.pk, now=now())
    deciding.settle_refund_remedy(refund_id=refund.pk, now=now())
    case = Case.objects.get()
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=1)):
        operations.mail_entry(entry_id=entry_id, now=now())
    assert not [one for one in mail.outbox if "not a promise of approval" in str(one.body)]
    assert "Automatic check" in buyer.get(f"/requests/{case.pk}").content.decode()
    page = check(buyer, **asked)
    assert "Earlier decisions about this" in page
    assert "$39.00 refunded to your card" in page
    assert "approved" in buyer.get("/requests").content.decode()


@pytest.mark.django_db
def test_a_check_of_nothing_says_what_to_choose(buyer: Client) -> None:
    assert "Choose what happened" not in check(buyer)
    assert "Choose what happened" in check(buyer, asked="1", order="", task="")


@pytest.mark.django_db
def test_who_asks_twice_is_led_to_the_request_that_is_open(
    sandbox: Sandbox, seller: Membership, buyer: Client
) -> None:
    order = buy(sandbox, seller)
    asked = {"category": "unused", "order": order.pk}
    assert "You already have an open request" not in check(buyer, **asked)
    buyer.post("/requests/new", {**asked, "explanation": "Half of it is left."})
    case = Case.objects.get()
    assert f"You already have an open request about this: {case.label}." in check(buyer, **asked)
    Case.objects.update(due_at=case.opened_at)
    page = buyer.get(f"/requests/{case.pk}").content.decode()
    assert "our answer is late: it was due by" in page


@pytest.mark.clause("5.3", "5.4")
def test_a_job_that_failed_says_that_it_cost_nothing(
    photo: Photo, generator: str, hands: world.Hands
) -> None:
    register("other@else.example")
    job = world.work(world.order(photo, images=2, behaviour="fail"), hands)
    client = Client()
    client.force_login(photo.account.memberships.get().user)
    page = check(client, category="failed_task", task=job.pk)
    assert "This generation cost nothing" in page
    assert "You weren’t charged" in page
    assert "Status of the generation" in page
    assert "automatic check, which" not in page, "there is no image"
    assert "usually not refunded" not in page
    assert [one for one in ("2.2", "4.1", "5.3") if f"#clause-{one}" in page] == ["5.3"]
    delivered = world.work(world.order(photo, images=1, key="k2"), hands)
    assert "This generation cost nothing" not in check(client, category="style", task=delivered.pk)
