"""What a seller can set for packshots."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jewelrymodel.studio.white_balance import AS_PHOTOGRAPHED, Gains

MAX_EDGE_PX = 4000
FILL = 0.85
FILLS = (0.75, 0.8, FILL, 0.9)  # on offer: a soft shadow needs what is left


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


def settings_of(stored: Mapping[str, Any]) -> PackshotSettings:
    """The settings that JSON kept; what it doesn't name is as usual."""
    red, green, blue = stored.get("gains") or AS_PHOTOGRAPHED
    return PackshotSettings(
        fill=float(stored.get("fill", FILL)),
        shadow=bool(stored.get("shadow", True)),
        straighten=bool(stored.get("straighten", True)),
        gains=(float(red), float(green), float(blue)),
    )
