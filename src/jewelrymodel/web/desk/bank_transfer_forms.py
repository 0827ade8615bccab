"""What an agent fills in about a refund that is sent by bank transfer."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.kernel.money import to_minor
from jewelrymodel.web.fields import WordsField


class PayoutReasonForm(forms.Form):
    """Why a charge’s refunds go another way, or a transfer is canceled or came back."""

    reason = WordsField(
        label=_("Reason (kept on record with your name)"),
        max_length=300,
        error_messages={"required": _("Enter a reason: it is kept with your name.")},
    )


class PaymentForm(forms.Form):
    """A payment that a customer made to us directly: its reference, and the day."""

    reference = WordsField(
        label=_("Reference"),
        help_text=_("As your bank shows it. It is printed on the receipt; no account numbers."),
        max_length=140,
        error_messages={"required": _("Enter the reference of the payment.")},
    )
    paid_on = forms.DateField(
        label=_("Paid on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter a day.")},
    )
    sure = forms.BooleanField(
        label=_("I have seen this payment at our bank"),
        error_messages={"required": _("Confirm that you have seen the payment.")},
    )


class TransferForm(forms.Form):
    """A bank transfer that was sent: its amount, its reference, and the day."""

    amount = forms.DecimalField(
        label=_("Amount sent"),
        max_digits=12,
        decimal_places=3,
        error_messages={"required": _("Enter the amount."), "invalid": _("Enter a number.")},
    )
    reference = WordsField(
        label=_("Reference"),
        help_text=_("As your bank shows it. The customer reads it; no account numbers."),
        max_length=140,
        error_messages={"required": _("Enter the reference of the transfer.")},
    )
    sent_on = forms.DateField(
        label=_("Sent on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter a day.")},
    )
    sure = forms.BooleanField(
        label=_("I have sent this transfer, or seen it at our bank"),
        error_messages={"required": _("Confirm that the transfer was sent.")},
    )

    def amount_minor(self, currency: str) -> int:
        """Return the amount in minor units of *currency*; −1 where it has a fraction of one."""
        try:
            return to_minor(Decimal(self.cleaned_data["amount"]), currency)
        except ValueError:
            return -1
