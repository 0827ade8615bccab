"""What a colleague fills in about an outage: opening, closing, correcting, withdrawing."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.web.fields import WordsField


class InstantField(forms.DateTimeField):
    """An instant in UTC, to the second: one opened and over within a minute lasted still."""

    default_error_messages: ClassVar = {
        "required": gettext_lazy("Say when, by the day and the clock (UTC)."),
        "invalid": gettext_lazy("Write it as a day and a time: 2026-05-14 09:30."),
    }
    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
    )


class OpenForm(forms.Form):
    """A feature that is down, since when, and what customers read."""

    feature = forms.ChoiceField(label=gettext_lazy("Feature"))
    title = WordsField(
        label=gettext_lazy("What customers read"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say what is down, as customers read it.")},
    )
    started_at = InstantField(label=gettext_lazy("Since (UTC)"))
    reason = WordsField(
        label=gettext_lazy("How we know"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say how we know.")},
    )

    def __init__(self, sent: QueryDict | None, *, now: datetime) -> None:
        super().__init__(sent, initial={"started_at": now.replace(second=0)})
        features = sorted({name for one in catalog.products_on_sale(now) for name in one.features})
        self.fields["feature"].choices = [(one, one) for one in features]  # type: ignore[attr-defined]  # a choice field


class CloseForm(forms.Form):
    """When it ended, and how we know."""

    ended_at = InstantField(label=gettext_lazy("It ended at (UTC)"))
    reason = WordsField(
        label=gettext_lazy("How we know that it is over"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say how we know that it is over.")},
    )


class CorrectForm(forms.Form):
    """Its words and times as they should be, and why."""

    title = WordsField(
        label=gettext_lazy("What customers read"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say what is down, as customers read it.")},
    )
    note = WordsField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )
    started_at = InstantField(label=gettext_lazy("From (UTC)"))
    ended_at = InstantField(label=gettext_lazy("To (UTC); empty while it runs"), required=False)
    reason = WordsField(
        label=gettext_lazy("Why it is corrected"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why it is corrected.")},
    )

    def instant(self, name: str) -> Any:
        """Return the instant under *name*; one left as it stood keeps its fraction of a second."""
        return (self.cleaned_data if name in self.changed_data else self.initial)[name]


class WithdrawForm(forms.Form):
    """Why it should never have been opened."""

    reason = WordsField(
        label=gettext_lazy("Why it is withdrawn"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why it is withdrawn.")},
    )
