"""What a seller can set for packshots."""

from dataclasses import dataclass

from jewelrymodel.studio.white_balance import AS_PHOTOGRAPHED, Gains

MAX_EDGE_PX = 4000
FILL = 0.85


@dataclass(frozen=True)
class PackshotSettings:
    """How a packshot is made. `fill` is the share of the picture that the piece's frame fills along
    the side that it fills most; `shadow` lays a soft one; `straighten` turns the piece upright;
    `gains` is the white balance.
    """

    fill: float = FILL
    shadow: bool = True
    straighten: bool = True
    gains: Gains = AS_PHOTOGRAPHED


AS_USUAL = PackshotSettings()
