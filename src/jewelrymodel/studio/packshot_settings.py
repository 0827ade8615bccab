"""What a seller can set for packshots."""

from dataclasses import dataclass

MAX_EDGE_PX = 4000
FILL = 0.85


@dataclass(frozen=True)
class PackshotSettings:
    """How a packshot is made. `fill` is the share of the picture that the piece's frame fills along
    the side that it fills most; `shadow` lays a soft one; `straighten` turns the piece upright.
    """

    fill: float = FILL
    shadow: bool = True
    straighten: bool = True


AS_USUAL = PackshotSettings()
