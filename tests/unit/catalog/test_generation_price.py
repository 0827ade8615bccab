"""What generating costs, as a page says it: one price, or from the least to the most."""

from jewelrymodel.catalog.products import GenerationPrice
from jewelrymodel.studio.look_kinds import LookKind


def test_one_price_for_every_kind_is_uniform() -> None:
    price = GenerationPrice(images=dict.fromkeys(LookKind, 2), preview_credits=0)
    assert (price.least, price.most, price.is_uniform) == (2, 2, True)


def test_prices_by_kind_go_from_the_least_to_the_most() -> None:
    images = dict(zip(LookKind, (1, 3, 2), strict=True))
    price = GenerationPrice(images=images, preview_credits=0)
    assert (price.least, price.most, price.is_uniform) == (1, 3, False)
