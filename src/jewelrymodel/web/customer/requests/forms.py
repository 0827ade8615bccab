"""The five inputs of 7.1 to 7.5, prefilled from the account's own records."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.generation.statuses import ItemState, TaskStatus
from jewelrymodel.payments import queries as payments
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.categories import ABOUT_A_JOB, Category
from jewelrymodel.web.customer.requests.words import job_words, order_words
from jewelrymodel.web.fields import WordsField
from jewelrymodel.web.pictures import WithPictures

_HEADINGS = {
    Category.DUPLICATE: _("A payment"),
    Category.FAILED_TASK: _("A job or its images"),
    Category.OUTAGE: _("The service"),
    Category.UNUSED: _("No longer wanted"),
    Category.OTHER: _("Anything else"),
}
"""Each stands over the category that it begins with."""
_MOST_JOBS = 30
LONGEST = 20_000
"""Characters of a message in the form; what is longer is refused, and can be mailed."""


@dataclass(frozen=True)
class Group:
    """Categories under one heading, as they stand on the page."""

    label: str
    is_about_jobs: bool
    options: list[BoundWidget]


class AboutForm(forms.Form):
    """What happened, and to what: enough for the self-check."""

    category = forms.ChoiceField(
        label=_("What happened?"),
        choices=Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened; “Something else” is fine.")},
    )
    order = forms.ChoiceField(
        label=_("Which order?"),
        required=False,
        error_messages={"invalid_choice": _("That order is not in this account; choose one.")},
    )
    task = forms.ChoiceField(
        label=_("Which job?"),
        required=False,
        error_messages={"invalid_choice": _("That job is not in this account; choose one.")},
    )

    def __init__(self, *args: Any, account_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = payments.orders(account_id=account_id)
        self.fields["order"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("None of these")),
            *((one.pk, order_words(one)) for one in orders),
        ]
        named = self.data.get("task") or self.initial.get("task", "")
        jobs = _jobs(account_id, str(named))
        self.fields["task"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("None of these")),
            *((one.pk, job_words(one)) for one in jobs),
        ]
        if any(one.pk == named and _lacks_images(one) for one in jobs):
            self.initial.setdefault("category", Category.FAILED_TASK)

    def groups(self) -> list[Group]:
        """Return the categories under their headings."""
        found: list[Group] = []
        for option in self["category"].subwidgets:
            category = Category(option.data["value"])
            if category in _HEADINGS:
                found.append(Group(str(_HEADINGS[category]), category in ABOUT_A_JOB, []))
            found[-1].options.append(option)
        return found

    def subject(self) -> Subject:
        """Return what it is about, as picked: a job for what jobs do, else an order."""
        data = self.cleaned_data
        if data["category"] in ABOUT_A_JOB and data["task"]:
            return Subject(SubjectKind.TASK, data["task"])
        if data["order"]:
            return Subject(SubjectKind.ORDER, data["order"])
        return Subject(SubjectKind.ACCOUNT, "")


class RequestForm(WithPictures, AboutForm):
    """The same, with words of the customer's own: a claim, kept as such."""

    explanation = WordsField(
        label=_("What happened, in a few words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": _("Say in a few words what happened.")},
    )
    times = WordsField(label=_("When did it happen? (if you know)"), required=False, max_length=500)

    def words(self) -> str:
        """Return the explanation with the times that were named."""
        times = self.cleaned_data["times"].strip()
        said = self.cleaned_data["explanation"].strip()
        return f"{said}\n\n{gettext('When: %s') % times}" if times else said


class ReplyForm(WithPictures):
    """A further message in a case."""

    text = WordsField(
        label=_("Add something"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": _("There is nothing in this message yet.")},
    )


def _jobs(account_id: str, named: str) -> list[Task]:
    """The newest jobs, and the one that was named, whatever its age: its own page leads here."""
    every = generation.tasks(account_id=account_id).prefetch_related("items")
    newest = list(every[:_MOST_JOBS])
    if "\0" in named or any(one.pk == named for one in newest):
        return newest
    return [*newest, *every.filter(pk=named)]


def _lacks_images(task: Task) -> bool:
    lost = any(one.state == ItemState.FAILED for one in task.items.all())
    return lost or task.status == TaskStatus.FAILED
