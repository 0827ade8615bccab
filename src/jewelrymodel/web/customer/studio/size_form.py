"""What kind of piece, and how large: asked of a cutout, and where a piece is edited."""

from typing import Any

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.operations import MAX_SIZE_MM, MIN_SIZE_MM
from jewelrymodel.generation.rules.size_units import LENGTHS, SizeUnit, millimeters, written
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.usual_sizes import USUAL_SIZES_MM
from jewelrymodel.web.piece_kinds import KIND_LABELS

SIZE_HINTS = {
    Kind.PENDANT: _("Height of the pendant without its chain; most are 15 to 35 mm."),
    Kind.NECKLACE: _("Width of the necklace as the photo shows it; often 120 to 180 mm."),
    Kind.RING: _("Inner diameter, most are 15 to 20 mm; or the ring size, with its country."),
    Kind.EARRING: _("Height of one earring; studs 5 to 12 mm, hoops 15 to 50 mm."),
    Kind.BRACELET: _("Inner width; most are 50 to 68 mm."),
}
SIZE_OF_ANY_KIND = _(
    "Pendant or earring: height without a chain. Necklace: width in the photo. Ring or bracelet: "
    "inner width."
)
UNIT_LABELS = {
    SizeUnit.MM: _("mm"),
    SizeUnit.INCH: _("inches"),
    SizeUnit.US: _("US ring size"),
    SizeUnit.UK: _("UK ring size"),
    SizeUnit.EU: _("EU ring size"),
    SizeUnit.JP: _("Japanese ring size"),
}
KINDS = [(kind.value, label) for kind, label in KIND_LABELS.items()]
SIZE_NEEDED = _("Enter the piece’s actual size in millimeters, between 2 and 600.")


class SizeForm(forms.Form):
    """A kind and a size; when it is valid, ``cleaned_data["size_mm"]`` is in millimeters.

    *proposed* says which kind and size the page came with. A size that stays while the kind changes
    was the former kind's, and is asked for anew.
    """

    kind = forms.ChoiceField(
        label=_("Kind of piece"),
        choices=KINDS,
        error_messages={"required": _("Choose what kind of piece this is.")},
    )
    size = forms.CharField(
        label=_("Actual size"),
        error_messages={"required": SIZE_NEEDED},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=[(unit.value, label) for unit, label in UNIT_LABELS.items()],
        required=False,
    )
    proposed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self["kind"].value()
        hint = SIZE_HINTS[Kind(kind)] if kind in set(Kind) else SIZE_OF_ANY_KIND
        self.fields["size"].help_text = hint
        self.fields["size"].widget.attrs["aria-describedby"] = "id_size_helptext"

    @property
    def hints(self) -> list[tuple[str, str]]:
        """What is asked of each kind, for the page to show when the kind is changed."""
        return [(kind.value, str(hint)) for kind, hint in SIZE_HINTS.items()]

    def clean_unit(self) -> SizeUnit:
        """Return the unit; millimeters where none was chosen."""
        return SizeUnit(self.cleaned_data["unit"] or SizeUnit.MM)

    def clean(self) -> dict[str, Any]:
        """Add the size in millimeters."""
        data = super().clean() or self.cleaned_data
        size, unit, kind = data.get("size"), data.get("unit"), data.get("kind")
        if size and unit and kind:
            former, _sign, proposed = data["proposed"].partition(":")
            if former not in ("", kind) and size == proposed:
                self._ask_again(_("You changed the kind: enter the size again."))
            elif kind != Kind.RING and unit not in LENGTHS:
                self.add_error("unit", _("Only rings have a ring size: choose mm or inches."))
            else:
                self._take(size, unit)
        return data

    def _take(self, size: str, unit: SizeUnit) -> None:
        size_mm = millimeters(size, unit)
        if size_mm is None and unit not in LENGTHS:
            self.add_error("size", _("This isn’t a size on the scale that you chose."))
        elif size_mm is None or not MIN_SIZE_MM <= size_mm <= MAX_SIZE_MM:
            self.add_error("size", SIZE_NEEDED)
        else:
            self.cleaned_data["size_mm"] = size_mm

    def _ask_again(self, problem: Any) -> None:
        self.add_error("size", problem)
        self.data = {**self.data, "size": "", "proposed": ""}


def usual_mm(row: Photo, kind: Kind) -> float:
    """Return the size to begin with for a photo of that kind: by its form, where that is known."""
    by_form = row.usual_mm if row.kind == kind else None
    return by_form or USUAL_SIZES_MM[kind]


def proposal(kind: str, size: str) -> str:
    """Return what a page came with, for its form to say again."""
    return f"{kind}:{size}"


def initial_size(kind: str, size_mm: float | None, unit: SizeUnit = SizeUnit.MM) -> dict[str, str]:
    """Return what the form begins with: a kind, and its size where there is one."""
    size = "" if size_mm is None else written(size_mm, unit)
    size = size.replace(".", get_format("DECIMAL_SEPARATOR"))
    return {"kind": kind, "size": size, "unit": unit.value, "proposed": proposal(kind, size)}
