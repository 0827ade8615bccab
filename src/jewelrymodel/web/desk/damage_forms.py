"""What an agent fills in about images that a request calls visibly damaged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.queries import ImageToReview
from jewelrymodel.web.damage_marks import Mark, image_title, mark_of
from jewelrymodel.web.desk.refusal_messages import REMEDY_UNDER_WAY
from jewelrymodel.web.fields import WordsField

_DAMAGED, _WHOLE = "damaged", "whole"


@dataclass(frozen=True)
class ImageRow:
    """One image with its claim, its mark and its answer."""

    one: ImageToReview
    title: str
    mark: Mark | None
    answer: BoundField


class DamageReviewForm(forms.Form):
    """An answer for each image that was reported, and for others of the generation if wanted."""

    read_up_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    reason = WordsField(
        label=_("Message to the customer"),
        help_text=_("Required if you confirm no damage: the customer reads why."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )

    def __init__(
        self, *args: Any, images: list[ImageToReview], hint: str | Promise = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.images, self.hint = images, hint
        reason = self.fields.pop("reason")
        for one in images:
            self.fields[f"seen_{one.image.pk}"] = forms.ChoiceField(
                label=_("What do you see?"),
                choices=[(_DAMAGED, _("Visible damage")), (_WHOLE, _("No visible damage"))],
                widget=forms.RadioSelect,
                required=one.report is not None,
                error_messages={"required": _("Choose what you see in each reported image.")},
            )
        self.fields["reason"] = reason

    def rows(self, *, reported: bool) -> Iterator[ImageRow]:
        """Yield the images that were reported, or the others."""
        for one in self.images:
            if (one.report is not None) is reported:
                answer = self[f"seen_{one.image.pk}"]
                yield ImageRow(one, image_title(one.image), mark_of(one), answer)

    def reported(self) -> list[ImageRow]:
        """Return the images that were reported, in order."""
        return list(self.rows(reported=True))

    def unreported(self) -> list[ImageRow]:
        """Return the other images of the generation, in order."""
        return list(self.rows(reported=False))

    def damaged(self) -> dict[str, bool]:
        """Return what was answered, by the image's id."""
        answers = {one.image.pk: self.cleaned_data[f"seen_{one.image.pk}"] for one in self.images}
        return {pk: answer == _DAMAGED for pk, answer in answers.items() if answer}

    def clean(self) -> dict[str, Any]:
        """Something is answered, and a decline has its reason."""
        data = super().clean() or {}
        answers = [data.get(f"seen_{one.image.pk}") for one in self.images]
        if not self.errors and not any(answers):
            raise forms.ValidationError(_("Choose what you see in at least one image."))
        if _DAMAGED not in answers and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("Enter a reason; the customer reads it."))
        return data


def damage_review_form(
    case: Case, posted: Any = None, *, initial: dict[str, Any] | None = None
) -> DamageReviewForm | None:
    """Return the form of a case about a generation with images; None for other cases."""
    images = queries.images_to_review(case)
    if not images:
        return None
    hint = REMEDY_UNDER_WAY if case.is_open and queries.is_remedy_under_way(case) else ""
    return DamageReviewForm(posted, initial=initial, images=images, hint=hint, auto_id="damage_%s")
