"""What marketplaces ask of images: one dated list, in marketplaces.toml."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jewelrymodel.studio.composition import ASPECTS

FILE = Path(__file__).parent / "marketplaces.toml"


@dataclass(frozen=True)
class MarketplaceRule:
    """What one use of images asks for; None where the marketplace doesn't say.

    `marketplace` is empty for a shop of one's own. `aspect` is that of ASPECTS which suits it.
    `least_px`, `wanted_px` and `most_px` are of the shorter edge, or of the longer where `edge`
    says so; `fill` is the share of the frame that the piece takes. Without a `source` of the
    marketplace's own it is for the seller to check.
    """

    code: str
    marketplace: str
    aspect: str
    background: str
    least_px: int | None = None
    wanted_px: int | None = None
    most_px: int | None = None
    most_megapixels: int | None = None
    edge: str = "shorter"
    fill: float | None = None
    source: str = ""
    read_on: date | None = None

    def __post_init__(self) -> None:
        if self.aspect not in ASPECTS or self.edge not in ("shorter", "longer"):
            raise ValueError(f"{self.code}: no format or edge of ours")
        if bool(self.source) != (self.read_on is not None):
            raise ValueError(f"{self.code}: a source has the day when it was read")


@functools.cache
def rules() -> tuple[MarketplaceRule, ...]:
    """Every rule, as the file has them. Raises ValueError where one can't be right."""
    rows = tomllib.loads(FILE.read_text("utf-8"))["rule"]
    return tuple(MarketplaceRule(**row) for row in rows)


def marketplaces_for(aspect: str) -> tuple[str, ...]:
    """The marketplaces that this format suits, each once."""
    return tuple(dict.fromkeys(one.marketplace for one in rules() if one.aspect == aspect))
