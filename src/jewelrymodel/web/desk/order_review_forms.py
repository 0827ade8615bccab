"""What an agent fills in to resolve an order that is held for review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.web.fields import WordsField


class OrderReviewForm(forms.Form):
    """Why a held order is delivered, refunded or closed, and that its charge was looked at."""

    signature = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = WordsField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Enter a reason.")},
    )
    sure = forms.BooleanField(
        label=_("I have checked the charge at the payment processor"),
        error_messages={"required": _("Confirm that you have checked the charge.")},
    )
