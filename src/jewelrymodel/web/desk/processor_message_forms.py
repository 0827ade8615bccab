"""What an agent fills in about a message of the payment processor that could not be processed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.web.fields import WordsField


class ProcessorMessageForm(forms.Form):
    """Why the message is tried again or dismissed."""

    reason = WordsField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Enter a reason: what was fixed, or why it’s not needed.")},
    )
