"""Pictures in a form (7.5): several at once, each read under limits; and handing one out."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jewelrymodel.support.adapters.pictures import (
    MAX_BYTES,
    MAX_PICTURES,
    Picture,
    PictureRefused,
    keep_picture,
)


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Up to MAX_PICTURES files; cleaned to a list of uploads, empty where none was chosen."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label=gettext_lazy("Screenshots (if you have some)"),
            help_text=gettext_lazy("Up to 5 pictures of at most 10 MB: PNG, JPEG, WebP or HEIC."),
            widget=SeveralFiles(attrs={"accept": "image/*,.heic,.heif"}),
            max_length=None,
        )

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        """Return the uploads; refuse too many of them, and name those with nothing in them."""
        files = data if isinstance(data, list) else [data] if data else []
        if len(files) > MAX_PICTURES:
            raise forms.ValidationError(_("Choose at most 5 pictures. Nothing was sent."))
        message = _("%(name)s is empty (0 bytes). Nothing was sent.")
        empty = [message % {"name": one.name} for one in files if not one.size]
        if empty:
            raise forms.ValidationError(empty)
        return [super(PicturesField, self).clean(one, initial) for one in files]


class WithPictures(forms.Form):
    """A form whose pictures are kept once everything else in it is as it should be."""

    pictures = PicturesField()
    kept: tuple[Picture, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Read and store the pictures; one that can't be read is an error that names it."""
        data = super().clean() or {}
        if self.errors:
            return data
        stored = []
        for file in data.get("pictures", []):
            try:
                stored.append(keep_picture(name=str(file.name), data=file.read(MAX_BYTES + 1)))
            except PictureRefused:
                message = _(
                    "%(name)s can’t be read as a picture. Please send a PNG, JPEG, WebP or HEIC "
                    "of at most 10 MB. Nothing was sent."
                )
                self.add_error("pictures", message % {"name": file.name})
        self.kept = tuple(stored)
        return data
