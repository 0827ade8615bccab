"""What the damages are called that were planted to measure the automatic check."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.studio.image_check_record import ALL_DAMAGES, REPHOTOGRAPHED, UNDAMAGED

DAMAGE_LABELS: dict[str, Promise] = {
    "lost prong": _("A prong is lost"),
    "bite": _("A piece of 2% is bitten off"),
    "recolored stone": _("A stone, or 3% of the piece, has another color"),
    "whole piece recolored": _("The piece has the color of another metal"),
    "metal hue ΔE 4": _("The hue of the metal is off by ΔE 4"),
    "filled opening": _("An opening is filled"),
    "rag": _("A scrap of paper sticks to the outline"),
    "stretched 3–5 %": _("The piece is stretched by 3 to 5%"),
    "duplicated stone": _("A stone is there twice"),
    "lost engraving": _("An engraving is lost"),
    "wrong scale": _("The piece is 5 to 10% too large or too small"),
    "mirrored": _("Left and right are exchanged"),
    "softened": _("The piece is out of focus"),
    "missing strand": _("A strand of chain is missing"),
    ALL_DAMAGES: _("All damages"),
    UNDAMAGED: _("Undamaged images that failed"),
    REPHOTOGRAPHED: _("Undamaged images in other light, moved and compressed, that failed"),
}
