"""Which image may be used where: by the kind, format and size that a marketplace's rule names."""

import dataclasses

import pytest

from jewelrymodel.generation.rules.listing_uses import (
    Fit,
    ListedImage,
    Reason,
    Verdict,
    exported_size,
    verdict,
)
from jewelrymodel.generation.statuses import OwnModelPlace
from jewelrymodel.studio.look_kinds import LookKind
from jewelrymodel.studio.marketplaces import MarketplaceRule, rules

PACKSHOT = ListedImage(LookKind.PACKSHOT, "1:1", 2000, 2000, fill=0.85)
WORN = ListedImage(LookKind.MODEL, "4:5", 1229, 1536)
SCENE = ListedImage(LookKind.SCENE, "1:1", 1536, 1536)
BY_CODE = {one.code: one for one in rules()}


def said(image: ListedImage, code: str) -> Verdict:
    rule = BY_CODE[code]
    sizes = [one for one in rules() if one.use == "size" and one.marketplace == rule.marketplace]
    return verdict(image, rule, sizes)


@pytest.mark.parametrize(
    ("image", "code", "fit", "reasons"),
    [
        (PACKSHOT, "amazon_main", Fit.YES, ()),
        (WORN, "amazon_main", Fit.NO, (Reason.NOT_TAKEN,)),
        (WORN, "amazon_further", Fit.CHECK, (Reason.NO_SOURCE,)),
        (PACKSHOT, "google_main", Fit.YES, ()),
        (SCENE, "google_main", Fit.NO, (Reason.NOT_TAKEN,)),
        (SCENE, "google_further", Fit.YES, ()),
        (WORN, "google_further", Fit.YES, (Reason.BELOW_WANTED,)),
        (PACKSHOT, "etsy_listing", Fit.YES, ()),
        (WORN, "etsy_listing", Fit.CHECK, (Reason.UNSETTLED, Reason.BELOW_WANTED)),
        (SCENE, "ebay_listing", Fit.CHECK, (Reason.UNSETTLED,)),
        (WORN, "instagram_feed", Fit.YES, (Reason.BELOW_WANTED,)),
        (WORN, "instagram_story", Fit.NO, (Reason.OTHER_FORMAT,)),
        (WORN, "shop_product", Fit.YES, ()),
        (WORN, "pinterest_pin", Fit.CHECK, (Reason.NO_SOURCE,)),
        (SCENE, "shopify_product", Fit.YES, (Reason.BELOW_WANTED,)),
    ],
)
def test_what_the_rules_say(
    image: ListedImage, code: str, fit: Fit, reasons: tuple[Reason, ...]
) -> None:
    assert said(image, code) == Verdict(fit, reasons)


def test_the_share_of_the_frame_is_measured_against_the_rule() -> None:
    small = dataclasses.replace(PACKSHOT, fill=0.6)
    assert said(small, "amazon_main") == Verdict(Fit.CHECK, (Reason.FILLS_LITTLE,))
    assert said(small, "google_main") == Verdict(Fit.CHECK, (Reason.FILLS_LITTLE,))
    large = dataclasses.replace(PACKSHOT, fill=0.95)
    assert said(large, "google_main") == Verdict(Fit.CHECK, (Reason.FILLS_MUCH,))
    assert said(large, "amazon_main").fit is Fit.YES
    by_whole_pixels = dataclasses.replace(PACKSHOT, fill=0.8473)
    assert said(by_whole_pixels, "amazon_main").fit is Fit.YES


def test_few_pixels_are_refused_where_the_page_says_so_and_checked_where_it_is_hearsay() -> None:
    tiny = dataclasses.replace(PACKSHOT, width_px=480, height_px=480)
    assert said(tiny, "google_main").fit is Fit.NO
    assert Reason.TOO_SMALL in said(tiny, "ebay_listing").reasons
    assert said(tiny, "amazon_main") == Verdict(Fit.YES, (Reason.BELOW_WANTED,))
    upright = ListedImage(LookKind.PACKSHOT, "9:16", 300, 533, fill=0.85)
    assert said(upright, "ebay_listing").fit is Fit.YES  # its longer edge counts


def test_a_person_is_shown_only_where_she_agreed_to_be() -> None:
    assert {one.place for one in rules()} == set(OwnModelPlace.values)
    agreed = dataclasses.replace(WORN, places=frozenset({OwnModelPlace.SHOP, OwnModelPlace.SOCIAL}))
    assert said(agreed, "shopify_product").fit is Fit.YES
    assert said(agreed, "instagram_feed").fit is Fit.YES
    assert said(agreed, "google_further") == Verdict(Fit.NO, (Reason.NOT_AGREED,))
    assert Reason.NOT_AGREED in said(agreed, "etsy_listing").reasons


def test_a_damaged_image_is_of_no_use_anywhere() -> None:
    broken = dataclasses.replace(PACKSHOT, damaged=True)
    for rule in rules():
        assert verdict(broken, rule).fit is Fit.NO


@pytest.mark.parametrize(
    ("size", "code", "made"),
    [
        ((4000, 4000), "shopify_product", (2048, 2048)),
        ((1536, 1536), "shopify_product", (1536, 1536)),
        ((3200, 4000), "instagram_feed", (1440, 1800)),
        ((4000, 4000), "amazon_main", (4000, 4000)),
        ((9000, 9000), "google_main", (8000, 8000)),
        ((864, 1536), "instagram_story", (864, 1536)),
    ],
)
def test_a_file_is_reduced_and_never_enlarged(
    size: tuple[int, int], code: str, made: tuple[int, int]
) -> None:
    assert exported_size(*size, BY_CODE[code]) == made


def test_a_longest_edge_is_kept() -> None:
    rule = MarketplaceRule("x", "X", "main", "1:1", "any", most_px=1000)
    assert exported_size(1600, 2000, rule) == (800, 1000)
    assert exported_size(500, 600, rule) == (500, 600)
