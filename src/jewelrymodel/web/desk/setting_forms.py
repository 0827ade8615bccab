"""What every change of how the service is set up asks for: why, and that it is meant."""

from django import forms
from django.utils.translation import gettext_lazy

from jewelrymodel.web.fields import WordsField


class ReasonForm(forms.Form):
    """A reason for the record, and a tick."""

    reason = WordsField(
        label=gettext_lazy("Reason (kept on record with your name)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter a reason: it is kept with your name.")},
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have checked this"),
        error_messages={"required": gettext_lazy("Confirm that you have checked this.")},
    )
