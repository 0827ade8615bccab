"""What is offered beside what the processor can charge."""

from datetime import datetime

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.payments.rules import chargeable


def offers_not_chargeable(*, now: datetime) -> list[ProductVersion]:
    """Return what is on sale, or will be, at a price that the checkout refuses: it is too small or
    too large for the processor, or in steps that it doesn't have. Subscriptions that were bought
    before renew all the same.
    """
    offers = (*catalog.products_on_sale(now), *catalog.products_to_come(now))
    return [one for one in offers if not chargeable(one.price_minor, one.currency)]
