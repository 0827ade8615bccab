"""The difference to a larger plan, as the policy supposes it before it is paid."""

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.policy.hypotheses import Buyer, Situation, of_change, of_plan
from jewelrymodel.promises.rules.supposed_purchase import supposed_difference

BUYER = Buyer("consumer", "EU", 5_000, 20_000)


def test_it_is_what_is_charged_for_the_rest_of_the_month() -> None:
    plan = ProductVersion(
        kind="subscription", price_minor=5900, currency="USD", credits=250, legal_class="service"
    )
    offer = supposed_difference(plan, amount_minor=2000, credits_added=95, minutes=21_600)
    assert (offer.price_minor, offer.credits, offer.period_minutes) == (2000, 95, 21_600)
    situations = [one.situation for one in of_change(offer, BUYER)]
    whole = [one.situation for one in of_plan(offer, BUYER)]
    assert Situation.CHARGED_AFTER_CANCEL in whole
    assert situations == [one for one in whole if one is not Situation.CHARGED_AFTER_CANCEL]
