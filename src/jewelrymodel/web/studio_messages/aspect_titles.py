"""The names of the formats in which images are composed."""

from django.utils.translation import gettext_lazy as _

ASPECT_TITLES = {
    "1:1": _("Square 1:1"),
    "4:5": _("Portrait 4:5"),
    "3:4": _("Portrait 3:4"),
    "9:16": _("Story 9:16"),
    "16:9": _("Landscape 16:9"),
}


def aspect_title(aspect: str) -> str:
    """Return the name of a format."""
    return str(ASPECT_TITLES[aspect])
