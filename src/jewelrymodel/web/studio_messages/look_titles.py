"""The names of the looks."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.studio.look_kinds import LookKind

LOOK_TITLES = {
    "packshot": _("Packshot on white"),
    "packshot-clear": _("Packshot, transparent"),
    "neck-light": _("On the neck, light skin"),
    "neck-tan": _("On the neck, tan skin"),
    "neck-deep": _("On the neck, deep skin"),
    "bust-light": _("Neck and shoulders"),
    "choker-light": _("Choker chain (38 cm, 15 in), light skin"),
    "choker-tan": _("Choker chain (38 cm, 15 in), tan skin"),
    "choker-deep": _("Choker chain (38 cm, 15 in), deep skin"),
    "princess-light": _("Princess chain (45 cm, 18 in), light skin"),
    "princess-tan": _("Princess chain (45 cm, 18 in), tan skin"),
    "princess-deep": _("Princess chain (45 cm, 18 in), deep skin"),
    "hand-light": _("On the hand, light skin"),
    "hand-tan": _("On the hand, tan skin"),
    "hand-deep": _("On the hand, deep skin"),
    "wrist-light": _("On the wrist, light skin"),
    "wrist-tan": _("On the wrist, tan skin"),
    "wrist-deep": _("On the wrist, deep skin"),
    "ear-light": _("On the ear, light skin"),
    "ear-tan": _("On the ear, tan skin"),
    "ear-deep": _("On the ear, deep skin"),
    "ear-light-left": _("On the other ear, light skin"),
    "ear-tan-left": _("On the other ear, tan skin"),
    "ear-deep-left": _("On the other ear, deep skin"),
    "marble": _("White marble"),
    "velvet": _("Dark velvet"),
    "linen": _("Natural linen"),
    "sweep": _("Blush paper backdrop"),
    "plain-ivory": _("Plain ivory"),
    "plain-slate": _("Plain slate"),
    "plain-sage": _("Plain sage"),
    "generated-stone": _("Sunlit stone"),
    "generated-silk": _("Folded silk"),
    "generated-oak": _("Old oak table"),
    "generated-slate": _("Dark slate"),
    "generated-described": _("A scene in your words"),
}

LOOK_KIND_TITLES = {
    LookKind.PACKSHOT: _("Packshot"),
    LookKind.MODEL: _("Image with a virtual model"),
    LookKind.SCENE: _("Image in a scene"),
}


def look_title(look_id: str) -> str:
    """Return a look's title; one that is no longer known keeps its id. Own models have one in
    common: what the seller calls them stands where they are chosen.
    """
    if is_own(look_id):
        return _own_title()
    return str(LOOK_TITLES.get(look_id, look_id))


def _own_title() -> str:
    return gettext("Your own model")
