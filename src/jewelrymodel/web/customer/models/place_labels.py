"""What the places on a photo of an own model are called."""

from django.utils.translation import gettext_lazy as _

from jewelrymodel.studio.own_model import Part

_RING = {
    "left": _("One edge of the finger"),
    "right": _("Other edge of the finger"),
    "towards": _("Towards the fingertip"),
}
_BRACELET = {
    "left": _("One edge of the wrist"),
    "right": _("Other edge of the wrist"),
    "towards": _("Towards the hand"),
}
POINT_LABELS = {
    Part.HAND: _RING,
    Part.WRIST: _BRACELET,
    Part.EAR: {
        "lobe": _("Piercing"),
        "tip": _("Lowest point of the lobe"),
        "top": _("Top of the ear"),
    },
    Part.NECK: {
        "left": _("Where a chain goes behind the neck, left"),
        "right": _("Where a chain goes behind the neck, right"),
        "lowest": _("Lowest point of the chain"),
    },
}
HINTS = {
    Part.HAND: _(
        "Put two handles on the edges of the finger where the ring sits, and the third towards the "
        "fingertip."
    ),
    Part.WRIST: _(
        "Put two handles on the edges of the wrist where the bracelet sits, and the third towards "
        "the hand."
    ),
    Part.EAR: _(
        "Put the handles on the piercing, on the lowest point of the lobe, and on the top of the "
        "ear."
    ),
    Part.NECK: _(
        "Put two handles where a chain goes behind the neck, and the third where its lowest point "
        "hangs."
    ),
}
LENGTH_LABELS = {
    Part.HAND: _("Width of the finger (mm)"),
    Part.WRIST: _("Width of the wrist (mm)"),
    Part.EAR: _("Height of the ear (mm)"),
    Part.NECK: _("Distance of the two upper handles (mm)"),
}
