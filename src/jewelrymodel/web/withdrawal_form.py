"""What somebody fills in who withdraws from a contract."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jewelrymodel.web.fields import NameField

_LINK = re.compile(r"://|www\.|@|\w\.[^\W\d_]{2}", re.IGNORECASE)
"""What a mail program may make a link of, so that nobody sends one to others in our name."""
_IN_NAMES = " '’‘`.,-‐‑–·・()\u200c\u200d"


def refuse_links(text: str) -> None:
    """Raise ValidationError where a mail program may make a link of something in *text*."""
    if _LINK.search(text):
        raise ValidationError(
            _("Please leave out web and email addresses, and put a space after a period."),
            code="link",
        )


def refuse_no_name(text: str) -> None:
    """Raise ValidationError for what no name has: letters of every script and their marks, spaces,
    and the few signs of names are what one has.
    """
    if not all(one in _IN_NAMES or unicodedata.category(one)[0] in "LM" for one in text):
        raise ValidationError(_("Please write a name, without digits or symbols."), code="no_name")


class WithdrawalForm(forms.Form):
    """Who withdraws."""

    name = NameField(label=_("Your name"), max_length=200)


class ContractForm(WithdrawalForm):
    """Who withdraws from which contract, and where we confirm it, without signing in.

    Whoever writes it says whose mailbox its confirmation goes to, so it has nothing to click on.
    """

    name = NameField(
        label=_("Your name"), max_length=100, validators=[refuse_links, refuse_no_name]
    )
    contract = NameField(
        label=_("Order or receipt number"),
        max_length=80,
        validators=[refuse_links],
        help_text=_("It’s in the email with your receipt, like JM-000123 or RCP-000123."),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("The one you ordered with. We’ll confirm your withdrawal there."),
    )

    def hide(self) -> None:
        """Keep what was filled in for the second step."""
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

    def clean_email(self) -> Any:
        """Addresses are compared in lower case."""
        return self.cleaned_data["email"].lower()
