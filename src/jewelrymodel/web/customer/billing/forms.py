"""The checkout form: where the buyer is, as what they buy, and what they agree to."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.accounts import countries
from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.payments import rules
from jewelrymodel.payments.checkout_agreement import ConsentKind

_CAPACITIES = [
    (BuyerCapacity.BUSINESS, _("A business")),
    (BuyerCapacity.CONSUMER, _("A consumer, for myself")),
]
_ASKED_FOR = {
    ConsentKind.EXPRESS_CONSENT_TO_START: _("Please agree that we add your credits now."),
    ConsentKind.ACKNOWLEDGEMENT_OF_LOSS: _(
        "Please confirm that you understand when your right to withdraw ends."
    ),
}


def _country_choices() -> list[tuple[str, object]]:
    return [("", _("Choose a country")), *countries.choices()]


class CheckoutForm(forms.Form):
    """What a buyer says before paying. *key* makes a repeated click one order.

    *withdrawal_days* are those of the edition that they accept; *promised* is the digest of what
    may come of the purchase, as it was shown.
    """

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=8)
    offer = forms.CharField(widget=forms.HiddenInput, max_length=64)
    promised = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=_country_choices,
        error_messages={
            "required": _(
                "Please choose the country where you live or where your business is based."
            )
        },
    )
    capacity = forms.ChoiceField(
        label=_("I’m buying as"),
        choices=_CAPACITIES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose whether you’re buying as a business or as a consumer.")
        },
    )

    def __init__(self, *args: Any, withdrawal_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.withdrawal_days = withdrawal_days
        for kind in self.consents_needed():
            self.fields[kind.value] = forms.BooleanField(
                label=rules.consent_text(kind, withdrawal_days=withdrawal_days),
                error_messages={"required": _ASKED_FOR[kind]},
            )

    def consents_needed(self) -> tuple[ConsentKind, ...]:
        """Return the consents that fit what the form says now, or starts with."""
        return rules.consents_needed(*self.buyer_said())

    def buyer_said(self) -> tuple[str, str]:
        """Return country and capacity as the form says them now, or starts with; perhaps empty."""
        values = self.data if self.is_bound else self.initial
        return str(values.get("country", "")), str(values.get("capacity", ""))

    def consent_fields(self) -> list[forms.BoundField]:
        """Return the boxes to tick, bound."""
        return [self[kind.value] for kind in self.consents_needed()]

    def consents(self) -> list[ConsentKind]:
        """Return what was agreed to, of a valid form."""
        return [kind for kind in self.consents_needed() if self.cleaned_data[kind.value]]


def start_with(account: Account, offer: str) -> dict[str, str]:
    """Return the values that the form opens with: the account's, and a fresh key."""
    known = account.buyer_capacity != BuyerCapacity.UNKNOWN
    return {
        "key": uuid.uuid4().hex,
        "offer": offer,
        "country": account.country,
        "capacity": account.buyer_capacity if known else "",
    }
