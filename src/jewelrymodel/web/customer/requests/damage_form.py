"""Which images of a generation are visibly damaged: picked, with what is wrong and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Asset
from jewelrymodel.support.categories import DamageKind
from jewelrymodel.support.operations import DamageClaim
from jewelrymodel.web.damage_marks import image_title

MARKS = 1000
"""A mark is a place in thousandths of the image's width and height."""


@dataclass(frozen=True)
class ImageFields:
    """One image with the fields that are about it; *is_confirmed*: there is nothing to report."""

    image: Asset
    title: str
    picked: BoundField
    kind: BoundField
    x: BoundField
    y: BoundField

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed its damage before."""
        return self.image.damage_confirmed_at is not None


class DamageForm(forms.Form):
    """The delivered images of one generation, and whether we may learn from what is confirmed."""

    consents = forms.BooleanField(
        label=_("You may use my photo’s cutout, the image and my mark to test the automatic check"),
        help_text=_(
            "Only if our team confirms the damage. Nothing is published, and you can withdraw this "
            "at any time on the request’s page."
        ),
        required=False,
    )

    def __init__(self, *args: Any, account_id: str, task_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        images = generation.assets(account_id=account_id).filter(item__task=task_id)
        self.images = list(images.order_by("item__position"))
        consents = self.fields.pop("consents")
        for image in self.images:
            if image.damage_confirmed_at is None:
                self.fields |= _fields_of(image)
        self.fields["consents"] = consents

    def rows(self) -> Iterator[ImageFields | Asset]:
        """Yield each image with its fields, and by itself one that is confirmed as damaged."""
        for one in self.images:
            if one.damage_confirmed_at is not None:
                yield one
                continue
            names = (f"{part}_{one.pk}" for part in ("image", "kind", "x", "y"))
            yield ImageFields(one, image_title(one), *(self[name] for name in names))

    def clean(self) -> dict[str, Any]:
        """At least one image is picked, each with what is wrong with it."""
        data = super().clean() or {}
        picked = [one for one in self.images if data.get(f"image_{one.pk}")]
        if not picked:
            raise forms.ValidationError(gettext("Select each image that shows your piece damaged."))
        for one in picked:
            if not data.get(f"kind_{one.pk}"):
                self.add_error(f"kind_{one.pk}", gettext("Choose what is damaged in this image."))
        return data

    def claims(self) -> tuple[DamageClaim, ...]:
        """Return what was picked, in order."""
        data = self.cleaned_data
        return tuple(
            DamageClaim(one.pk, DamageKind(data[f"kind_{one.pk}"]), _mark(data, one.pk))
            for one in self.images
            if data.get(f"image_{one.pk}")
        )

    def summary(self) -> str:
        """Return what was picked, in words: a line for each image."""
        titles = {one.pk: image_title(one) for one in self.images}
        return "\n".join(f"{titles[one.image_id]}: {one.kind.label}" for one in self.claims())


def _fields_of(image: Asset) -> dict[str, forms.Field]:
    return {
        f"image_{image.pk}": forms.BooleanField(
            label=_("This image shows my piece damaged"), required=False
        ),
        f"kind_{image.pk}": forms.ChoiceField(
            label=_("What is damaged?"),
            choices=[("", _("Choose one")), *DamageKind.choices],
            required=False,
        ),
        f"x_{image.pk}": _thousandths(),
        f"y_{image.pk}": _thousandths(),
    }


def _thousandths() -> forms.IntegerField:
    return forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=MARKS, required=False
    )


def _mark(data: Mapping[str, Any], image_id: str) -> tuple[int, int] | None:
    x, y = data.get(f"x_{image_id}"), data.get(f"y_{image_id}")
    return None if x is None or y is None else (x, y)
