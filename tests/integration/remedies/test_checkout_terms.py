"""What a checkout page adds to the refund policy counts for whoever accepted it there (3.4)."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.catalog.products import CheckoutTerms, LegalClass, ProductKind, ProductSpec
from jewelrymodel.payments.models import Order
from jewelrymodel.policy.decision import Decision, Draft, Outcome
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from tests.support import publishing
from tests.support.shop import Sandbox, charge_again, now, settle, start

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]
SAYS = {
    CheckoutTerms.GRANTS: "Within 30 days we refund what you have not used.",
    CheckoutTerms.REFUSES: "This trial package is not refunded, also where it was charged twice.",
}
Sell = Callable[..., Order]


@pytest.fixture
def sell(sandbox: Sandbox, seller: Membership) -> Sell:
    """Sell a package whose page adds terms, by the operations that the page calls."""

    def sold(terms: CheckoutTerms, *, capacity: str = "business") -> Order:
        spec = ProductSpec(
            sku="trial",
            kind=ProductKind.PACKAGE,
            name="Trial",
            summary="A few credits.",
            credits=20,
            price_minor=900,
            currency="USD",
            legal_class=LegalClass.DIGITAL_SERVICE,
            features=("studio",),
            checkout_terms=terms,
            checkout_terms_text=SAYS.get(terms, ""),
        )
        at = now()
        publishing.publish_version(spec=spec, effective_from_at=at, now=at)
        checkout = start(seller, sku="trial", capacity=capacity)
        sandbox.pay(checkout.url)
        return settle(checkout.order)

    return sold


def asked(order: Order, category: str) -> Decision:
    subject = Subject(SubjectKind.ORDER, order.pk)
    request = RequestFacts(order.account_id, category, subject, now(), identity_level=3)
    return operations.assess(request=request, now=now()).decision


def test_a_page_that_grants_more_is_read_by_a_person_with_the_approval_drafted(sell: Sell) -> None:
    order = sell(CheckoutTerms.GRANTS)
    assert order.disclosures[0]["terms"] == "grants"
    decision = asked(order, "unused")
    assert (decision.outcome, decision.draft) == (Outcome.PERSON, Draft.APPROVAL)
    assert decision.cites == ("3.4", "8.6", "8.7")


def test_a_page_that_refuses_counts_against_a_ground_and_not_against_the_law(
    sandbox: Sandbox, sell: Sell
) -> None:
    order = sell(CheckoutTerms.REFUSES)
    charge_again(sandbox, order)
    decision = asked(order, "duplicate")
    assert decision.draft is Draft.DENIAL
    assert "accepted checkout terms" in {one.reason for one in decision.defeated}


def test_a_consumer_who_accepted_such_a_page_is_refused_nothing_before_the_law(sell: Sell) -> None:
    order = sell(CheckoutTerms.REFUSES, capacity="consumer")
    assert asked(order, "unused").draft is Draft.NONE


def test_a_page_that_adds_nothing_says_so_and_that_is_what_is_read(sell: Sell) -> None:
    order = sell(CheckoutTerms.NONE)
    assert order.disclosures[0]["text"].endswith("No other refund terms apply.")
    assert asked(order, "unused").facts["purchase.checkout_terms"].value == "none"


def test_where_an_order_doesnt_say_it_nobody_is_refused_or_paid_by_a_machine(
    sandbox: Sandbox, sell: Sell
) -> None:
    """A row of before, when no word was recorded: what it accepted is for a person to read."""
    order = sell(CheckoutTerms.NONE)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_order DISABLE TRIGGER keep_accepted")
        cursor.execute("UPDATE payments_order SET disclosures = disclosures #- '{0,terms}'")
        cursor.execute("ALTER TABLE payments_order ENABLE TRIGGER keep_accepted")
    unused = asked(order, "unused")
    assert (unused.outcome, unused.draft) == (Outcome.PERSON, Draft.NONE)
    charge_again(sandbox, order)
    twice = asked(order, "duplicate")
    assert (twice.outcome, twice.draft) == (Outcome.PERSON, Draft.APPROVAL)
    assert twice.cites == ("3.4", "6.1", "8.5", "8.7")


def test_the_page_shows_what_it_adds(sell: Sell, seller: Membership, client: Client) -> None:
    sell(CheckoutTerms.REFUSES)
    client.force_login(seller.user)
    assert SAYS[CheckoutTerms.REFUSES] in client.get("/checkout/trial").content.decode()


@pytest.mark.parametrize(("terms", "text"), [("refuses", ""), ("none", "Words."), ("maybe", "W.")])
def test_the_database_refuses_terms_without_words_and_words_without_terms(
    terms: str, text: str
) -> None:
    version = ProductVersion.objects.get(sku="case")
    version.pk, version.sku = "prv_other", "other"
    version.checkout_terms, version.checkout_terms_text = terms, text
    with pytest.raises(IntegrityError, match="terms_are_said"), transaction.atomic():
        version.save(force_insert=True)
