"""What a colleague fills in about an outage: opening, closing, correcting, withdrawing."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.incidents.models import IncidentProposal
from jewelrymodel.web.feature_labels import feature_label
from jewelrymodel.web.fields import WordsField


def numbers_of(proposal: IncidentProposal) -> str:
    """Return what a proposal rests on, in a sentence."""
    words = _(
        "%(provider)s: %(failures)s of %(attempts)s failed within %(minutes)s minutes, usually "
        "%(usual_failures)s of %(usual_attempts)s."
    )
    minutes = int((proposal.ends_at - proposal.starts_at).total_seconds() // 60)
    return words % {
        "provider": proposal.provider,
        "failures": proposal.failures,
        "attempts": proposal.attempts,
        "minutes": minutes,
        "usual_failures": proposal.usual_failures,
        "usual_attempts": proposal.usual_attempts,
    }


class DismissForm(forms.Form):
    """Why a proposed incident is none."""

    reason = WordsField(
        label=gettext_lazy("Reason (internal)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )


class InstantField(forms.DateTimeField):
    """An instant in UTC, to the second: an outage of less than a minute has a length too."""

    default_error_messages: ClassVar = {
        "required": gettext_lazy("Enter a date and a time (UTC)."),
        "invalid": gettext_lazy("Enter a date and a time, such as 2026-05-14 09:30."),
    }
    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
    )


class OpenForm(forms.Form):
    """A feature that is down, since when, and what customers read."""

    feature = forms.ChoiceField(label=gettext_lazy("Feature"))
    title = WordsField(
        label=gettext_lazy("Title on the status page"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter what is down, as customers read it.")},
    )
    started_at = InstantField(label=gettext_lazy("Started (UTC)"))
    reason = WordsField(
        label=gettext_lazy("Evidence (internal)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter how we know.")},
    )
    proposal = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        now: datetime,
        proposal: IncidentProposal | None = None,
    ) -> None:
        initial: dict[str, Any] = {"started_at": now.replace(second=0)}
        if proposal is not None:
            initial = {
                "feature": proposal.feature,
                "started_at": proposal.starts_at,
                "reason": numbers_of(proposal),
                "proposal": proposal.pk,
            }
        super().__init__(posted, initial=initial)
        features = sorted({name for one in catalog.products_on_sale(now) for name in one.features})
        self.fields["feature"].choices = [(one, feature_label(one)) for one in features]  # type: ignore[attr-defined]  # a choice field


class CloseForm(forms.Form):
    """When it ended, and how we know."""

    ended_at = InstantField(label=gettext_lazy("Ended (UTC)"))
    reason = WordsField(
        label=gettext_lazy("Evidence that it is over (internal)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter how we know that it is over.")},
    )


class CorrectForm(forms.Form):
    """An incident's text and times as they should be, and why."""

    title = WordsField(
        label=gettext_lazy("Title on the status page"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter what is down, as customers read it.")},
    )
    note = WordsField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )
    started_at = InstantField(label=gettext_lazy("Started (UTC)"))
    ended_at = InstantField(label=gettext_lazy("Ended (UTC); empty while ongoing"), required=False)
    reason = WordsField(
        label=gettext_lazy("Reason for the correction (internal)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )


class WithdrawForm(forms.Form):
    """Why an incident should never have been opened."""

    reason = WordsField(
        label=gettext_lazy("Reason (internal)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )


class ReviewedForm(forms.Form):
    """What came of looking at the payments of an incident that never was."""

    reason = WordsField(
        label=gettext_lazy("What you found (internal)"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter what you found.")},
    )


def instant(form: forms.Form, name: str) -> Any:
    """Return the instant under *name*; an unchanged one keeps its fraction of a second."""
    return (form.cleaned_data if name in form.changed_data else form.initial)[name]
