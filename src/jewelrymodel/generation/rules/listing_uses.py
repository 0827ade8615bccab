"""Which image of a piece may be used where, by a marketplace's rule and what is known of it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from jewelrymodel.studio.look_kinds import LookKind
from jewelrymodel.studio.marketplaces import MarketplaceRule

_ROUNDING = 0.005  # of the frame: a piece is placed by whole pixels


class Fit(StrEnum):
    """Whether an image may be used."""

    YES = "yes"
    CHECK = "check"
    NO = "no"


class Reason(StrEnum):
    """Why an image can't be used, or has to be checked, or could be better."""

    DAMAGED = "damaged"
    NOT_AGREED = "not_agreed"
    NOT_TAKEN = "not_taken"
    OTHER_FORMAT = "other_format"
    TOO_SMALL = "too_small"
    FILLS_LITTLE = "fills_little"
    FILLS_MUCH = "fills_much"
    UNSETTLED = "unsettled"
    NO_SOURCE = "no_source"
    BELOW_WANTED = "below_wanted"


_AGAINST = (
    *(Reason.DAMAGED, Reason.NOT_AGREED, Reason.NOT_TAKEN),
    *(Reason.OTHER_FORMAT, Reason.TOO_SMALL),
)
_ADVICE = (Reason.BELOW_WANTED,)
_OF_SIZE = (Reason.FILLS_LITTLE, Reason.FILLS_MUCH, Reason.BELOW_WANTED)


@dataclass(frozen=True)
class ListedImage:
    """What decides where an image may be used. `fill` is the share of the frame that the piece
    takes along the side that it fills most; None where other things share the frame. *places* are
    those that the person who is shown agreed to; None where no real person is.
    """

    kind: LookKind
    aspect: str
    width_px: int
    height_px: int
    fill: float | None = None
    damaged: bool = False
    places: frozenset[str] | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether an image fits a use, and why not or why to check."""

    fit: Fit
    reasons: tuple[Reason, ...] = ()


def verdict(
    image: ListedImage, rule: MarketplaceRule, sizes: Iterable[MarketplaceRule] = ()
) -> Verdict:
    """Return whether *image* keeps *rule*: what the rule's page says of the image's kind, its
    format, its pixels, and the share of the frame that the piece takes. *sizes* are rules of size
    beside it: what breaks one of them is for the seller to check. A shop of one's own needs no page
    that says so.
    """
    reasons = _reasons(image, rule)
    beside = (reason for size in sizes for reason in _reasons(image, size) if reason in _OF_SIZE)
    reasons += [reason for reason in beside if reason not in reasons]
    if against := tuple(reason for reason in reasons if reason in _AGAINST):
        return Verdict(Fit.NO, against)
    if any(reason not in _ADVICE for reason in reasons):
        return Verdict(Fit.CHECK, tuple(reasons))
    return Verdict(Fit.YES, tuple(reasons))


def exported_size(width_px: int, height_px: int, rule: MarketplaceRule) -> tuple[int, int]:
    """Return width and height of an image's file for *rule*: reduced to what is of use there and
    to what it takes at most, never more than the image has.
    """
    scale = min(1.0, (rule.made_px or math.inf) / min(width_px, height_px))
    scale = min(scale, (rule.most_px or math.inf) / max(width_px, height_px))
    most = (rule.most_megapixels or math.inf) * 1_000_000
    scale = min(scale, math.sqrt(most / (width_px * height_px)))
    if scale == 1:
        return width_px, height_px
    return math.floor(width_px * scale), math.floor(height_px * scale)


def _reasons(image: ListedImage, rule: MarketplaceRule) -> list[Reason]:
    edges = image.width_px, image.height_px
    edge = max(edges) if rule.edge == "longer" else min(edges)
    low, high = rule.fill or 0, rule.most_fill or 1
    fill = low if image.fill is None else image.fill
    held = {
        Reason.DAMAGED: image.damaged,
        Reason.NOT_AGREED: image.places is not None and rule.place not in image.places,
        Reason.NOT_TAKEN: image.kind not in (*rule.suits, *rule.unsettled),
        Reason.OTHER_FORMAT: image.aspect not in rule.aspects,
        Reason.TOO_SMALL: edge < (rule.least_px or 0),
        Reason.FILLS_LITTLE: fill < low - _ROUNDING,
        Reason.FILLS_MUCH: fill > high + _ROUNDING,
        Reason.UNSETTLED: image.kind in rule.unsettled,
        Reason.NO_SOURCE: bool(rule.marketplace) and not rule.source,
        Reason.BELOW_WANTED: edge < (rule.wanted_px or 0),
    }
    return [reason for reason, holds in held.items() if holds]
