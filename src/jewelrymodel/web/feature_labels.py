"""What a seller calls a paid feature that can be down."""

from django.utils.translation import gettext_lazy as _

_LABELS = {
    "studio": _("Image generation"),
    "library": _("Library"),
    "downloads": _("Downloads"),
}


def feature_label(feature: str) -> str:
    """Return a feature's name; the catalog's own word for one that isn't named here."""
    return str(_LABELS.get(feature, feature))
