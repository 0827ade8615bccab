"""What a seller says for a listing: alt texts, and where the images will be."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.limits import ALT_TEXT_LENGTH


class AltTextsForm(forms.Form):
    """What each image shows, as its seller says it; an empty text leaves it to what is proposed."""

    def __init__(
        self, *args: Any, texts: dict[str, str], titles: dict[str, str], **kwargs: Any
    ) -> None:
        """*texts* are the present ones and *titles* the images' titles, both by their ids."""
        super().__init__(*args, **kwargs)
        for asset_id, text in texts.items():
            self.fields[asset_id] = forms.CharField(
                label=_("Alt text: %(image)s") % {"image": titles[asset_id]},
                required=False,
                initial=text,
                max_length=ALT_TEXT_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3, "maxlength": None}),
            )


class ArchiveForm(forms.Form):
    """Where the images will be, for tables that take addresses only."""

    base = forms.URLField(
        label=_("Address of the folder where your images will be, if you know it"),
        required=False,
        max_length=400,
        assume_scheme="https",
        error_messages={
            "invalid": _("Enter a whole address, such as https://example.com/images/.")
        },
    )
