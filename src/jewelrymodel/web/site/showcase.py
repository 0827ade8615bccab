"""The results on the home page: each is shown where its picture is there."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Exhibit:
    """One result (``<name>.webp``) and the photo it was made from, both under static/showcase."""

    name: str
    photo: str
    alt: Promise
    caption: Promise


SHOWCASE = (
    Exhibit(
        "pendant-neck.webp",
        "pendant-photo.webp",
        _("The pendant worn around a neck"),
        _("A pendant on a virtual model"),
    ),
    Exhibit(
        "ring-hand.webp",
        "ring-photo.webp",
        _("The ring worn on a finger"),
        _("A ring on a virtual model"),
    ),
    Exhibit(
        "earring-ear.webp",
        "earring-photo.webp",
        _("The earring worn on an ear"),
        _("An earring on a virtual model"),
    ),
    Exhibit(
        "pendant-marble.webp",
        "pendant-photo.webp",
        _("The pendant lying on marble"),
        _("The pendant on marble"),
    ),
    Exhibit(
        "ring-velvet.webp",
        "ring-photo.webp",
        _("The ring lying on velvet"),
        _("The ring on velvet"),
    ),
)
