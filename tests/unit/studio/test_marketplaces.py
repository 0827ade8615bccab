"""The list of what marketplaces ask is whole, dated, and says where a rule comes from."""

import pytest

from jewelrymodel.studio.composition import ASPECTS
from jewelrymodel.studio.marketplaces import MarketplaceRule, marketplaces_for, rules
from jewelrymodel.web.studio_messages.marketplace_sentences import RULES, USES


def test_every_rule_has_its_sentences_and_no_sentence_is_left_over() -> None:
    codes = [one.code for one in rules()]
    assert len(codes) == len(set(codes)) >= 10
    assert set(codes) == set(RULES) == set(USES)


def test_a_rule_with_a_source_has_its_day_and_comes_from_the_marketplace_itself() -> None:
    own = ("ebay.com", "google.com", "shopify.dev", "facebook.com", "etsy.com")
    for one in rules():
        assert bool(one.source) == (one.read_on is not None)
        host = one.source.removeprefix("https://").partition("/")[0]
        assert not one.source or host.endswith(own), one.source
    assert {one.marketplace for one in rules() if not one.source} >= {"Amazon", "Pinterest"}


def test_every_format_of_ours_is_of_use_somewhere() -> None:
    for aspect in ASPECTS:
        assert marketplaces_for(aspect), aspect
    assert "Etsy" in marketplaces_for("1:1")


@pytest.mark.parametrize(
    "wrong", [{"aspect": "2:3"}, {"edge": "left"}, {"source": "https://ebay.com"}]
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    right = {"code": "x", "marketplace": "X", "aspect": "1:1", "background": "any"}
    with pytest.raises(ValueError, match="x:"):
        MarketplaceRule(**(right | wrong))  # type: ignore[arg-type]  # wrong on purpose
