"""What marketplaces ask of images, and the law of ads: one dated list, in marketplaces.toml."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jewelrymodel.studio.composition import ASPECTS
from jewelrymodel.studio.look_kinds import LookKind

FILE = Path(__file__).parent / "marketplaces.toml"
USES = ("main", "further", "post", "size")


@dataclass(frozen=True)
class MarketplaceRule:
    """What one use of images asks for; None where the marketplace doesn't say.

    `marketplace` is empty for a shop of one's own. `use` is "main" for the image that is shown
    first, "further" for those beside it, "post" for what stands alone, and "size" for a rule of
    size that goes with the main image. `aspect` is that of ASPECTS which suits it, `aspects` are
    all that it takes. `suits` are the kinds of look that it takes, `unsettled` those on which its
    page is silent. `least_px`, `wanted_px` and `most_px` are of the shorter edge, or of the longer
    where `edge` says so; `fill` and `most_fill` are the shares of the frame that the piece takes.
    `place` is what a person who is shown has to have agreed to. Without a `source` of the
    marketplace's own it is for the seller to check.
    """

    code: str
    marketplace: str
    use: str
    aspect: str
    background: str
    place: str = ""
    aspects: tuple[str, ...] = tuple(ASPECTS)
    suits: tuple[LookKind, ...] = ()
    unsettled: tuple[LookKind, ...] = ()
    least_px: int | None = None
    wanted_px: int | None = None
    made_px: int | None = None
    most_px: int | None = None
    most_megapixels: int | None = None
    most_megabytes: int | None = None
    edge: str = "shorter"
    fill: float | None = None
    most_fill: float | None = None
    png: bool = False
    source: str = ""
    read_on: date | None = None

    def __post_init__(self) -> None:
        if self.aspect not in self.aspects or not set(self.aspects) <= set(ASPECTS):
            raise ValueError(f"{self.code}: no format of ours")
        if self.edge not in ("shorter", "longer") or self.use not in USES:
            raise ValueError(f"{self.code}: no edge or use of ours")
        if bool(self.source) != (self.read_on is not None):
            raise ValueError(f"{self.code}: a source has the day when it was read")


@dataclass(frozen=True)
class Label:
    """How a marketplace wants to be told of composites, and where that was read; without a
    `source` of its own it is for the seller to check.
    """

    code: str
    marketplace: str
    source: str = ""


@dataclass(frozen=True)
class Law:
    """A law of ads that show a computer-generated person: its text, and since when it applies."""

    code: str
    source: str
    since: date


@functools.cache
def rules() -> tuple[MarketplaceRule, ...]:
    """Every rule, as the file has them. Raises ValueError where one can't be right."""
    return tuple(rule_of(row) for row in _catalog()["rule"])


def rule_of(row: Mapping[str, Any]) -> MarketplaceRule:
    """The rule of one row of the file. Raises ValueError where it can't be right."""
    lists: dict[str, Any] = {"suits": (), "unsettled": (), "aspects": ASPECTS}
    read = {name: tuple(row.get(name, usual)) for name, usual in lists.items()}
    read["suits"] = tuple(LookKind(kind) for kind in read["suits"])
    read["unsettled"] = tuple(LookKind(kind) for kind in read["unsettled"])
    return MarketplaceRule(**{**row, **read})


@functools.cache
def labels() -> tuple[Label, ...]:
    """What is known of how marketplaces label composites."""
    return tuple(Label(**row) for row in _catalog()["label"])


@functools.cache
def laws() -> tuple[Law, ...]:
    """The laws that ask for a disclosure in ads."""
    return tuple(Law(**row) for row in _catalog()["law"])


def marketplaces() -> tuple[str, ...]:
    """Every marketplace, each once, in the order of the file."""
    return tuple(dict.fromkeys(one.marketplace for one in rules()))


def marketplaces_for(aspect: str) -> tuple[str, ...]:
    """The marketplaces that this format suits, each once."""
    return tuple(dict.fromkeys(one.marketplace for one in rules() if one.aspect == aspect))


def framed_for(fill: float) -> tuple[str, ...]:
    """The marketplaces whose rule of the frame a piece keeps that takes this share of it."""
    kept = [
        one.marketplace
        for one in rules()
        if one.fill is not None and one.fill <= fill <= (one.most_fill or 1)
    ]
    return tuple(dict.fromkeys(kept))


@functools.cache
def _catalog() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text("utf-8"))
