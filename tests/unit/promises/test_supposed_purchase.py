"""A product and a buyer as the policy supposes them."""

from datetime import UTC, datetime

import pytest

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.policy.hypotheses import Buyer, Offer
from jewelrymodel.promises.rules.supposed_purchase import supposed_buyer, supposed_offer


@pytest.mark.parametrize(
    ("said", "supposed"),
    [
        (("DE", "consumer"), ("consumer", "EU")),
        (("US", "business"), ("business", "US")),
        (("", ""), ("unknown", "other")),
    ],
)
def test_who_says_nothing_is_unknown(said: tuple[str, str], supposed: tuple[str, str]) -> None:
    country, capacity = said
    buyer = supposed_buyer(
        country=country,
        capacity=capacity,
        machine_limit_minor=5_000,
        second_approval_limit_minor=20_000,
    )
    assert buyer == Buyer(*supposed, 5_000, 20_000)


def test_a_month_has_the_days_of_the_month_that_it_begins_in() -> None:
    version = ProductVersion(
        kind="subscription",
        price_minor=1_900,
        currency="USD",
        credits=60,
        legal_class="digital_service",
        checkout_terms="none",
    )
    offer = supposed_offer(version, at=datetime(2027, 2, 10, tzinfo=UTC))
    assert offer == Offer("subscription", 1_900, "USD", 60, "digital_service", "none", 28 * 24 * 60)
