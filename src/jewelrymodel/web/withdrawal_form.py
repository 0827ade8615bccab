"""What somebody fills in who withdraws from a contract."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.web.fields import NameField


class WithdrawalForm(forms.Form):
    """Who withdraws."""

    name = NameField(label=_("Your name"), max_length=200)


class ContractForm(WithdrawalForm):
    """Who withdraws from which contract, and where we confirm it, without signing in."""

    contract = NameField(
        label=_("Order or receipt number"),
        max_length=80,
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
