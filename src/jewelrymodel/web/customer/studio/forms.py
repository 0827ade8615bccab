"""What is asked of a seller in the studio."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.web.customer.studio.size_form import KINDS, SizeForm


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


class ApproveForm(SizeForm):
    """The seller's word on what the cutout shows."""

    def __init__(self, *args: Any, asks_kind: bool = False, **kwargs: Any) -> None:
        """With *asks_kind* the seller has to choose a kind, from pictures."""
        super().__init__(*args, **kwargs)
        self.asks_kind = asks_kind
        if asks_kind:
            self.fields["kind"].widget = forms.RadioSelect(choices=KINDS)
