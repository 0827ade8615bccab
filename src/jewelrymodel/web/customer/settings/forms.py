"""What can be entered on the settings page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.accounts import countries
from jewelrymodel.accounts.models import Account, User
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.infra.languages import LANGUAGES
from jewelrymodel.web.fields import NameField

CAPACITIES = (
    (BuyerCapacity.UNKNOWN, _("Not specified (treated as a consumer)")),
    (BuyerCapacity.CONSUMER, _("Consumer")),
    (BuyerCapacity.BUSINESS, _("Business")),
)


def country_choices() -> list[tuple[str, object]]:
    """Return every country, after the possibility not to say."""
    return [("", _("Not specified")), *countries.choices()]


class PersonForm(forms.Form):
    """What a person is called."""

    first_name = NameField(label=_("First name"), max_length=150, required=False)
    last_name = NameField(label=_("Last name"), max_length=150, required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As your browser prefers")), *((one.code, one.name) for one in LANGUAGES)],
        help_text=_("Of pages, emails, and receipts. Emails are in English until you choose."),
    )

    wants_ready_email = forms.BooleanField(
        label=_("Email me when images are ready and I’ve left the page"), required=False
    )

    @classmethod
    def of(cls, user: User) -> "PersonForm":
        """Return the form filled with what is known."""
        fields = ("first_name", "last_name", "language", "wants_ready_email")
        return cls(initial={field: getattr(user, field) for field in fields})


class AccountForm(forms.Form):
    """What an account is called, where it is, and as what it buys."""

    name = NameField(label=_("Account name"), max_length=120)
    country = forms.ChoiceField(label=_("Country"), required=False, choices=country_choices)
    buyer_capacity = forms.ChoiceField(
        label=_("You’re buying as"),
        choices=CAPACITIES,
        help_text=_("Consumers have additional rights by law. Past orders don’t change."),
    )

    @classmethod
    def of(cls, account: Account) -> "AccountForm":
        """Return the form filled with what is known."""
        fields = ("name", "country", "buyer_capacity")
        return cls(initial={field: getattr(account, field) for field in fields})
