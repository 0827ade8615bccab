"""Passwords of our own words are guessed first (ASVS 5, 6.1.2 and 6.2.11).

The list: the brand, the trade and its pieces, and the roles that we speak of.
"""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_TRADE = (
    *("jewelry", "jewellery", "jewel", "jewels", "jeweler", "gold", "silver", "platinum"),
    *("diamond", "ring", "rings", "pendant", "necklace", "earring", "earrings", "bracelet"),
    *("atelier", "model", "studio", "desk", "seller", "agent", "operator", "owner", "admin"),
    *("support", "shop", "my", "the", "our", "ai", "password", "love", "welcome"),
)
_LONGEST_FIRST = re.compile("|".join(sorted(_TRADE, key=len, reverse=True)))
_UNLIKE = [str.maketrans("03457@$1", f"oeastas{one}") for one in "il"]


class OwnWords:
    """Refuses a password that is nothing but words of the list, digits and punctuation."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for one that is made of our words alone."""
        plain, brand = password.lower(), _letters(settings.BRAND.lower())
        if not _letters(plain):
            return
        for spelled in (plain, *map(plain.translate, _UNLIKE)):
            rest = _letters(spelled)
            if not _LONGEST_FIRST.sub("", rest.replace(brand, "") if brand else rest):
                raise ValidationError(
                    _(
                        "This password is easy to guess here. "
                        "Please use more than words like “ring”."
                    ),
                    code="password_own_words",
                )

    def get_help_text(self) -> str:
        """Return the sentence beside the field."""
        return _("Not only words like the name of this service or “ring”.")


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))
