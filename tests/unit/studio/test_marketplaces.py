"""The list of what marketplaces ask is whole, dated, and says where a rule comes from."""

import pytest

from jewelrymodel.studio.composition import ASPECTS
from jewelrymodel.studio.marketplaces import (
    FILE,
    MarketplaceRule,
    framed_for,
    labels,
    laws,
    marketplaces,
    marketplaces_for,
    rule_of,
    rules,
)
from jewelrymodel.studio.packshot_settings import FILL, FILLS
from jewelrymodel.web.studio_messages.marketplace_sentences import RULES, USES


def test_every_rule_has_its_sentences_and_no_sentence_is_left_over() -> None:
    codes = [one.code for one in rules()]
    assert len(codes) == len(set(codes)) >= 10
    assert set(codes) == set(RULES) == set(USES)


def test_a_rule_with_a_source_has_its_day_and_comes_from_the_marketplace_itself() -> None:
    own = ("ebay.com", "google.com", "shopify.dev", "facebook.com", "etsy.com", "amazon.es")
    for one in rules():
        assert bool(one.source) == (one.read_on is not None)
        host = one.source.removeprefix("https://").partition("/")[0]
        assert not one.source or host.endswith(own), one.source
    assert {one.marketplace for one in rules() if not one.source} >= {"Amazon", "Pinterest"}


def test_every_format_of_ours_is_of_use_somewhere() -> None:
    for aspect in ASPECTS:
        assert marketplaces_for(aspect), aspect
    assert "Etsy" in marketplaces_for("1:1")


def test_a_rule_says_which_kinds_of_look_it_takes() -> None:
    for one in rules():
        assert bool(one.suits) == (one.use != "size"), one.code
        assert not set(one.suits) & set(one.unsettled), one.code
        assert not one.unsettled or one.source, one.code
    assert {one.marketplace for one in rules() if one.use == "size"} <= {
        one.marketplace for one in rules() if one.use == "main"
    }


def test_labels_and_laws_are_of_marketplaces_that_are_listed() -> None:
    assert {one.marketplace for one in labels()} <= set(marketplaces())
    assert {one.code for one in laws()} == {"eu_ai_act", "new_york"}
    assert str(rules()[0].read_on) in FILE.read_text("utf-8")


def test_the_usual_frame_keeps_every_rule_of_frames() -> None:
    with_rule = {one.marketplace for one in rules() if one.fill is not None}
    assert set(framed_for(FILL)) == with_rule == {"Amazon", "Google Merchant Center"}
    assert framed_for(0.75) == ("Google Merchant Center",)
    assert framed_for(0.95) == ("Amazon",)
    assert FILL in FILLS
    assert all(framed_for(fill) for fill in FILLS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aspect": "2:3"},
        {"aspects": ["4:5"]},
        {"edge": "left"},
        {"use": "second"},
        {"source": "https://ebay.com"},
    ],
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    right = {"code": "x", "marketplace": "X", "use": "main", "aspect": "1:1", "background": "any"}
    assert rule_of(right) == MarketplaceRule(**right)
    with pytest.raises(ValueError, match="x:"):
        rule_of(right | wrong)
