"""What an agent fills in about an email in quarantine."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.web.fields import WordsField


class DismissForm(forms.Form):
    """Why an email in quarantine is dismissed."""

    reason = WordsField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Enter a reason.")}
    )
