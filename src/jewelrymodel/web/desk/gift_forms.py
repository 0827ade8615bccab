"""What is asked before credits are given to an account, or taken back."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.web.desk.setting_forms import ReasonForm
from jewelrymodel.web.fields import WordsField

MOST_CREDITS = 100_000


class GiftForm(ReasonForm):
    """Who gets how many credits, and why; *key* makes a repeated press one gift."""

    key = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=64)
    account = forms.CharField(
        label=gettext_lazy("Customer"),
        max_length=254,
        help_text=gettext_lazy("An email address of theirs, or the account’s ID."),
        error_messages={"required": gettext_lazy("Enter an email address or an account’s ID.")},
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("Credits"),
        min_value=1,
        max_value=MOST_CREDITS,
        error_messages={
            "required": gettext_lazy("Enter how many credits."),
            "invalid": gettext_lazy("Enter whole credits."),
        },
    )
    field_order = ("key", "account", "quantity", "reason", "sure")

    def __init__(self, posted: QueryDict | None = None, **options: Any) -> None:
        super().__init__(posted, **options)
        if posted is not None and posted.get("do") == "preview":
            self.fields["sure"].required = self.fields["reason"].required = False

    def clean_account(self) -> Account:
        """Return the account that is named."""
        text = self.cleaned_data["account"].strip()
        found = accounts.accounts_named(text=text)
        if not found:
            raise forms.ValidationError(_("No open account has this address or ID."))
        if len(found) > 1:
            ids = ", ".join(one.pk for one in found)
            raise forms.ValidationError(
                _("This person belongs to several accounts. Enter the ID of one: %(ids)s.")
                % {"ids": ids}
            )
        return found[0]


class GiftEndForm(forms.Form):
    """Why a gift is refused or taken back."""

    reason = WordsField(
        label=gettext_lazy("Reason (kept on record with your name)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter a reason: it is kept with your name.")},
    )
