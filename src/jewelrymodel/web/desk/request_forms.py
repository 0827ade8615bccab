"""What an agent fills in to talk in a request, and to correct what it is about."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.rules.reply_placeholders import placeholders_in
from jewelrymodel.web.desk.category_labels import CATEGORY_LABELS
from jewelrymodel.web.fields import WordsField


class MessageForm(forms.Form):
    """A message: to the customer, or to colleagues."""

    text = WordsField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Enter a message.")},
    )


class OutgoingForm(MessageForm):
    """A message that its customer reads: no placeholder of a saved reply is left in it."""

    def clean_text(self) -> str:
        """Return the message; refuse one in which a placeholder still stands."""
        text = str(self.cleaned_data["text"])
        if missing := placeholders_in(text):
            refusal = gettext("Fill in {%(name)s}, or remove it, before you send this.")
            raise forms.ValidationError(refusal % {"name": missing[0]})
        return text


class ReasonForm(forms.Form):
    """A reason for closing a request."""

    text = WordsField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter a reason.")},
    )


class ExtendForm(ReasonForm):
    """A later day for the next update, with a reason that the customer reads."""

    until = forms.DateField(
        label=_("Next update by"),
        help_text=_("By the close of business on this day."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose the day of the next update.")},
    )
    field_order = ("until", "text")


def close_of_business(day: date) -> datetime:
    """Return when support closes on *day*."""
    return datetime.combine(day, business_days.CLOSES, business_days.ZONE)


class AssignForm(forms.Form):
    """Which colleague works on a request."""

    to = forms.ChoiceField(label=_("Assign to"))

    def __init__(self, case: Case, posted: QueryDict | None = None, *, now: datetime):
        super().__init__(posted, initial={"to": case.assigned_to_id or ""}, auto_id="assign_%s")
        colleagues = [
            (str(one.user_id), one.user.get_full_name() or one.user.email)
            for one in accounts.current_staff(now).select_related("user").order_by("user__email")
        ]
        nobody = ("", gettext("Nobody"))
        self.fields["to"].choices = [nobody, *colleagues]  # type: ignore[attr-defined]
        self.fields["to"].required = False

    @property
    def user_id(self) -> int | None:
        """Whom it is assigned to; None for nobody."""
        return int(self.cleaned_data["to"]) if self.cleaned_data["to"] else None


class SubjectForm(forms.Form):
    """What a request is about, corrected; records prove an error (6.4)."""

    category = forms.ChoiceField(
        label=_("Category"), choices=[(one.value, CATEGORY_LABELS[one]) for one in Category]
    )
    about = WordsField(
        label=_("Order or generation"),
        help_text=_("An order number, order ID or task ID. Leave empty for the account itself."),
        required=False,
        max_length=60,
    )
    records = forms.CharField(
        label=_("Records that show an error, one per line"),
        help_text=_(
            "IDs of this account’s orders, charges, refunds, tasks, disputes or decisions. For a "
            "duplicate, the earlier order that it repeats."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, account_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account_id = account_id

    def clean_about(self) -> Subject:
        """Return what it is about; refuse what isn't the account's."""
        text = self.cleaned_data["about"].strip()
        if not text:
            return Subject(SubjectKind.ACCOUNT, "")
        kind, _, subject_id = self._record(text).partition(":")
        if kind not in (SubjectKind.ORDER, SubjectKind.TASK):
            raise forms.ValidationError(gettext("Enter an order or a generation of this account."))
        return Subject(SubjectKind(kind), subject_id)

    def clean_records(self) -> tuple[str, ...]:
        """Return the records, each as facts name it; refuse a line that is none."""
        lines = [line.strip() for line in self.cleaned_data["records"].splitlines()]
        return tuple(self._record(line) for line in lines if line)

    def _record(self, text: str) -> str:
        if not self.account_id:
            raise forms.ValidationError(
                gettext("This request has no account yet, so no records can be linked.")
            )
        record = queries.record_named(account_id=self.account_id, text=text)
        if not record:
            refusal = gettext("This account has no record named %(text)s.") % {"text": text}
            raise forms.ValidationError(refusal)
        return record
