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
from jewelrymodel.support.categories import ABOUT_A_TASK, Category
from jewelrymodel.support.rules.about_money import FOR_ALL
from jewelrymodel.web.customer.requests.money import sees_money
from jewelrymodel.web.customer.requests.record_labels import generation_label, order_label
from jewelrymodel.web.fields import WordsField
from jewelrymodel.web.pictures import WithPictures

_HEADINGS = {
    Category.DUPLICATE: _("A payment"),
    Category.FAILED_TASK: _("A generation or its images"),
    Category.OUTAGE: _("The service"),
    Category.UNUSED: _("Unused or no longer needed"),
    Category.OTHER: _("Anything else"),
}
"""Each is the heading above the category that it begins with."""
_MOST_TASKS = 30
LONGEST = 20_000
"""Characters of a message in the form; what is longer is refused, and can be emailed."""


@dataclass(frozen=True)
class Group:
    """Categories under one heading, in the order of the page."""

    label: str
    is_about_generations: bool
    options: list[BoundWidget]


class AboutForm(forms.Form):
    """What happened, and to what: enough for the self-check."""

    category = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(one.value, one.label) for one in Category if one != Category.WITHDRAWAL],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened, or “Something else.”")},
    )
    order = forms.ChoiceField(
        label=_("Which order?"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the orders in this list.")},
    )
    task = forms.ChoiceField(
        label=_("Which generation?"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the generations in this list.")},
    )

    def __init__(self, *args: Any, account_id: str, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = payments.orders(account_id=account_id) if sees_money(role) else []
        if not sees_money(role):
            self.fields["category"].choices = [  # type: ignore[attr-defined]  # a choice field
                (one.value, one.label) for one in FOR_ALL
            ]
        self.fields["order"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("None of these")),
            *((one.pk, order_label(one)) for one in orders),
        ]
        named = self.data.get("task") or self.initial.get("task", "")
        tasks = _tasks(account_id, str(named))
        self.fields["task"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("None of these")),
            *((one.pk, generation_label(one)) for one in tasks),
        ]
        if any(one.pk == named and _lacks_images(one) for one in tasks):
            self.initial.setdefault("category", Category.FAILED_TASK)

    def clean(self) -> dict[str, Any]:
        """Images are those of a generation, so it has to be named."""
        data = super().clean() or {}
        if data.get("category") == Category.VISIBLY_BROKEN and not data.get("task"):
            self.add_error("task", gettext("Choose the generation with the damaged image."))
        return data

    def groups(self) -> list[Group]:
        """Return the categories under their headings."""
        groups: list[Group] = []
        for option in self["category"].subwidgets:
            category = Category(option.data["value"])
            if category in _HEADINGS:
                groups.append(Group(str(_HEADINGS[category]), category in ABOUT_A_TASK, []))
            groups[-1].options.append(option)
        return groups

    def subject(self) -> Subject:
        """Return what it is about, as picked: a generation where one went wrong, else an order."""
        data = self.cleaned_data
        if data["category"] in ABOUT_A_TASK and data["task"]:
            return Subject(SubjectKind.TASK, data["task"])
        if data["order"]:
            return Subject(SubjectKind.ORDER, data["order"])
        return Subject(SubjectKind.ACCOUNT, "")


class RequestForm(WithPictures, AboutForm):
    """The same, with the customer's own account of it: a claim, kept as such."""

    explanation = WordsField(
        label=_("Briefly, what happened?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": _("Briefly tell us what happened.")},
    )
    times = WordsField(label=_("When did it happen? (optional)"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.data.get("category") or self.initial.get("category")
        if category == Category.VISIBLY_BROKEN:  # the images and what is picked of each say it
            self.fields["explanation"].required = False
            self.fields["explanation"].label = _("Anything else we should know? (optional)")

    def message(self) -> str:
        """Return the explanation with the times that were named."""
        times = self.cleaned_data["times"].strip()
        explanation: str = self.cleaned_data["explanation"].strip()
        if not times:
            return explanation
        when = gettext("When: %(times)s") % {"times": times}
        return f"{explanation}\n\n{when}"


class ReplyForm(WithPictures):
    """A further message in a case."""

    text = WordsField(
        label=_("Add a message"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": _("Write a message first.")},
    )


def _tasks(account_id: str, named: str) -> list[Task]:
    """The newest generations, and the one that was named, of any age: its own page leads here."""
    every = generation.tasks(account_id=account_id).prefetch_related("items")
    newest = list(every[:_MOST_TASKS])
    if "\0" in named or any(one.pk == named for one in newest):
        return newest
    return [*newest, *every.filter(pk=named)]


def _lacks_images(task: Task) -> bool:
    lost = any(one.state == ItemState.FAILED for one in task.items.all())
    return lost or task.status == TaskStatus.FAILED
