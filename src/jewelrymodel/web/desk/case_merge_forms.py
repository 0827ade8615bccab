"""What an agent sees of requests that are, or can be, merged."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from jewelrymodel.web.desk.category_labels import category_label

_OFFERED = 20


@dataclass(frozen=True)
class CaseMerging:
    """The form by which a request is merged (None: with none), and those merged into it."""

    form: forms.Form | None
    merged: list[Case]
    can_split_messages: bool


class MergeForm(forms.Form):
    """Another request of the same customer."""

    into = forms.ChoiceField(
        label=_("Merge into"),
        help_text=_(
            "Messages and replies of both then stand there. You can split them again. Only "
            "requests from the same email address are listed, because replies go there."
        ),
        error_messages={
            "required": _("Choose a request."),
            "invalid_choice": _("Choose a request."),
        },
    )

    def __init__(self, case: Case, posted: QueryDict | None = None):
        super().__init__(posted, auto_id="merge_%s")
        others = queries.others_of_customer(case, limit=_OFFERED)
        self.fields["into"].choices = [  # type: ignore[attr-defined]  # it is a choice field's
            ("", _("Choose a request")),
            *((one.pk, f"{one.label} · {category_label(one.category)}") for one in others),
        ]
        self.has_choices = bool(others)


def case_merging(case: Case) -> CaseMerging:
    """Return what can be merged and split about *case*."""
    can_merge = case.state != CaseState.MERGED and not case.decision_id
    can_merge = can_merge and queries.pending_decision(case_id=case.pk) is None
    form = MergeForm(case) if can_merge else None
    messages = queries.messages_in(case_id=case.pk)
    return CaseMerging(
        form if form and form.has_choices else None,
        queries.merged_into(case),
        case.state != CaseState.MERGED
        and case.identity_level >= 2
        and len(messages) > 1
        and (settings.SINGLE_OPERATOR or not queries.who_declined(case)),
    )
