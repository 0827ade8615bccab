"""What a seller says of a piece, and how pieces are looked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.models import Piece
from jewelrymodel.generation.queries import PieceFilter
from jewelrymodel.generation.statuses import PhotoView
from jewelrymodel.web.customer.studio.forms import PhotoForm
from jewelrymodel.web.customer.studio.size_form import KINDS, SizeForm, initial_size
from jewelrymodel.web.fields import WordsField

NAME_LENGTH, SKU_LENGTH = 120, 60
IMAGES = [("", _("Any")), ("with", _("With images")), ("without", _("Without images"))]


class FindForm(forms.Form):
    """Which pieces to show; what can't be read excludes nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Any")), *KINDS])
    collection = forms.CharField(label=_("Collection"), required=False, widget=forms.Select)
    images = forms.ChoiceField(label=_("Images"), required=False, choices=IMAGES)
    favorites = forms.BooleanField(label=_("Only with favorites"), required=False)

    def __init__(self, *args: Any, collections: list[tuple[str, str]], **kwargs: Any) -> None:
        """*collections* are those of the account: ids and names."""
        super().__init__(*args, **kwargs)
        choices = [("", _("Any")), *collections]
        self.fields["collection"].widget.choices = choices

    @property
    def wanted(self) -> PieceFilter:
        """What was asked for, as far as it could be read."""
        self.full_clean()
        found = self.cleaned_data
        return PieceFilter(
            words=found.get("q", ""),
            kind=found.get("kind", ""),
            collection_id=found.get("collection", ""),
            images=found.get("images", ""),
            favorites=bool(found.get("favorites")),
        )


class PieceForm(SizeForm):
    """What a piece is called and what it is; only a name is needed."""

    field_order = ("name", "sku", "kind", "size", "unit", "proposed")
    name = WordsField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter a name for this piece.")},
    )
    sku = WordsField(
        label=_("SKU"),
        max_length=SKU_LENGTH,
        required=False,
        help_text=_("Your own number for it. Downloaded files are named by it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = self.fields["size"].required = False
        self.fields["kind"].widget.choices = [("", _("Not named yet")), *KINDS]

    def clean(self) -> dict[str, Any]:
        """Ask for the kind of what has a size: a size alone says nothing."""
        data = super().clean()
        if data.get("size") and not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Choose what kind of piece this is."))
        return data

    @classmethod
    def of(cls, piece: Piece) -> "PieceForm":
        """Return the form with what is known of the piece."""
        size = initial_size(piece.kind, piece.size_mm)
        return cls(initial={"name": piece.name, "sku": piece.sku, **size})


class FurtherPhotoForm(PhotoForm):
    """Another photo of a piece, and the side that it shows."""

    view = forms.ChoiceField(
        label=_("View"), choices=PhotoView, initial=PhotoView.UNKNOWN, required=False
    )


class CollectionForm(forms.Form):
    """The name of a collection."""

    name = WordsField(
        label=_("Name of the collection"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter a name for the collection.")},
    )
