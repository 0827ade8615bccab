"""The grounds of a request at the desk: each with its facts, clauses, recommendation and answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies.assessments import Assessment
from jewelrymodel.remedies.operations import GroundAct
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.queries import Ground
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk.case_assessment import assessed_facts, why_not_recommended
from jewelrymodel.web.desk.category_labels import category_label
from jewelrymodel.web.desk.decision_forms import REMEDY_LABELS
from jewelrymodel.web.fields import WordsField

_ACT_LABELS = {
    GroundAct.APPROVE: gettext_lazy("Approve recommendation"),
    GroundAct.BY_HAND: REMEDY_LABELS[RemedyKind.OTHER],
    GroundAct.DECLINE: gettext_lazy("Decline"),
    GroundAct.KEEP: gettext_lazy("Keep the earlier decision"),
}


@dataclass(frozen=True)
class AssessedGround:
    """A ground with what the policy says of it now, or why that can't be said."""

    ground: Ground
    assessment: Assessment | None
    problem: str
    acts: list[tuple[str, str]]
    signature: str
    """What changes when the facts or the recommendation do; of a kept answer, what was shown."""

    @property
    def label(self) -> str:
        """What the ground is, and what it is about."""
        label = category_label(self.ground.category)
        about = queries.about_label(self.ground.subject)
        return f"{label} · {about}" if about else label

    @property
    def shown(self) -> DecisionDisplay | None:
        """What the policy says, for a page."""
        return DecisionDisplay(self.assessment.decision) if self.assessment else None


@dataclass(frozen=True)
class GroundRow:
    """An assessed ground with its answer, and whether it can be removed."""

    one: AssessedGround
    answer: BoundField | None
    can_be_removed: bool


def assessed_grounds(case: Case) -> list[AssessedGround]:
    """Return each ground of the request with what the policy says of it now."""
    rows = []
    for ground in queries.grounds(case):
        assessment, problem = assessed_facts(queries.facts_of_ground(case, ground))
        why_not = why_not_recommended(assessment)
        acts = [GroundAct.DECLINE] if assessment else []
        if assessment and queries.has_failed(ground):
            acts.insert(0, GroundAct.BY_HAND)
        if assessment and assessment.decision.remedies and not why_not:
            acts.insert(0, GroundAct.APPROVE)
        if queries.may_be_kept(case, ground):
            acts.insert(0, GroundAct.KEEP)
        signature = assessment.signature if assessment else ""
        problem = problem or why_not
        rows.append(AssessedGround(ground, assessment, problem, _choices(acts), signature))
    return rows


def _choices(acts: Iterable[GroundAct]) -> list[tuple[str, str]]:
    return [(one.value, str(_ACT_LABELS[one])) for one in acts]


class GroundsForm(forms.Form):
    """What is said of each ground, with one reason for all that is declined."""

    read_up_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    reason = WordsField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Required if you decline a category: the customer reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have reviewed the facts of each category"),
        error_messages={"required": gettext_lazy("Confirm that you have reviewed the facts.")},
    )

    def __init__(self, *args: Any, grounds: list[AssessedGround], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grounds = grounds
        for one in grounds:
            self.fields[f"act_{one.ground.key}"] = forms.ChoiceField(
                label=one.label,
                choices=one.acts,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose what you decide about each category."),
                    "invalid_choice": _("The facts of this category changed. Review it again."),
                },
            )

    def rows(self) -> list[GroundRow]:
        """Return the grounds in order, each with its answer."""
        return [
            GroundRow(
                one,
                self[f"act_{one.ground.key}"] if one.acts else None,
                one.ground.row is not None and not one.ground.decision_id,
            )
            for one in self.grounds
        ]

    def acts(self) -> dict[str, tuple[str, GroundAct]]:
        """Return by the ground's key the signature that was shown and what was answered."""
        return {
            one.ground.key: (
                str(self.data.get(f"signature_{one.ground.key}", "")),
                GroundAct(self.cleaned_data[f"act_{one.ground.key}"]),
            )
            for one in self.grounds
        }

    def clean(self) -> dict[str, Any]:
        """What is declined, or corrected by hand, needs a reason."""
        data = super().clean() or {}
        acts = {one.ground.key: data.get(f"act_{one.ground.key}") for one in self.grounds}
        by_hand = any(
            acts[one.ground.key] == GroundAct.APPROVE and _is_corrected_by_hand(one.assessment)
            for one in self.grounds
        )
        needs_reason = by_hand or {GroundAct.DECLINE, GroundAct.BY_HAND} & set(acts.values())
        if needs_reason and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("Enter a reason; the customer reads it."))
        return data


def grounds_form(
    case: Case, posted: Any = None, *, initial: Mapping[str, Any] | None = None
) -> GroundsForm:
    """Return the form of a request's grounds; unposted, with what was typed before."""
    grounds = assessed_grounds(case)
    return GroundsForm(posted, initial=initial, grounds=grounds, auto_id="grounds_%s")


def kept_grounds_form(case: Case, posted: QueryDict) -> GroundsForm:
    """Return the form with what was answered, unjudged: nothing can be decided now.

    It asks nothing of the processor, and carries what was shown, so that sending it again once the
    facts are there decides what its agent saw.
    """
    grounds = [
        AssessedGround(
            one, None, "", _choices(GroundAct), str(posted.get(f"signature_{one.key}", ""))
        )
        for one in queries.grounds(case)
    ]
    form = GroundsForm(initial=posted.dict(), grounds=grounds, auto_id="grounds_%s")
    for one in grounds:
        form.fields[f"signature_{one.ground.key}"] = forms.CharField(widget=forms.HiddenInput)
        form.fields[f"act_{one.ground.key}"].widget = forms.Select(choices=one.acts)
    form.order_fields([f"act_{one.ground.key}" for one in grounds])
    return form


def _is_corrected_by_hand(assessment: Assessment | None) -> bool:
    remedies = assessment.decision.remedies if assessment else ()
    return any(one.kind is RemedyKind.OTHER for one in remedies)
