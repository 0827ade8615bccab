"""What is asked of a seller in the studio."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.operations import MAX_SIZE_MM, MIN_SIZE_MM
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.web.piece_kinds import KIND_LABELS

SIZES_MM = {
    Kind.PENDANT: 24,
    Kind.NECKLACE: 140,
    Kind.RING: 17,
    Kind.EARRING: 25,
    Kind.BRACELET: 60,
}
SIZE_HINTS = {
    Kind.PENDANT: _("Height of the pendant without its chain; most are 15 to 35 mm."),
    Kind.NECKLACE: _("Width of the necklace as the photo shows it; often 120 to 180 mm."),
    Kind.RING: _("Inner diameter; most are 15 to 20 mm."),
    Kind.EARRING: _("Height of one earring; studs 5 to 12 mm, hoops 15 to 50 mm."),
    Kind.BRACELET: _("Inner width; most are 50 to 68 mm."),
}
_KINDS = [(kind.value, label) for kind, label in KIND_LABELS.items()]
SIZE_OF_ANY_KIND = _(
    "Pendant or earring: height without a chain. Necklace: width in the photo. Ring or bracelet: "
    "inner width."
)


class PhotoForm(forms.Form):
    """The photo of one piece."""

    photo = forms.FileField(
        label=_("Photo of one piece"),
        help_text=_("JPEG, PNG, WebP or HEIC, up to 25 MB; 1200 pixels or more look best."),
        error_messages={
            "required": _("Choose a photo first."),
            "empty": _("The file is empty (0 bytes). Choose the photo again."),
        },
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif"}),
        max_length=None,
    )


class ApproveForm(forms.Form):
    """The seller's word on what the cutout shows."""

    kind = forms.ChoiceField(
        label=_("Kind of piece"),
        choices=_KINDS,
        error_messages={"required": _("Choose what kind of piece this is.")},
    )
    size_mm = forms.FloatField(
        label=_("Actual size in millimeters"),
        min_value=MIN_SIZE_MM,
        max_value=MAX_SIZE_MM,
        error_messages={
            name: _("Enter the piece’s actual size in millimeters, between 2 and 600.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"}),
    )

    def __init__(self, *args: Any, guessed: str, asks_kind: bool = False, **kwargs: Any) -> None:
        """*guessed* is the kind that we took the piece for; with *asks_kind* the seller has to
        choose one, from pictures.
        """
        super().__init__(*args, **kwargs)
        self.asks_kind = asks_kind
        kind = Kind(guessed) if guessed in set(Kind) else Kind.PENDANT
        self.fields["size_mm"].help_text = SIZE_OF_ANY_KIND if asks_kind else SIZE_HINTS[kind]
        if asks_kind:
            self.fields["kind"].widget = forms.RadioSelect(choices=_KINDS)
