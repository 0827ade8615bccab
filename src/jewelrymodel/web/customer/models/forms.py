"""What a seller says of a person whom they ask."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.operations.own_model_request import ModelRequest
from jewelrymodel.generation.rules.own_model_terms import USUAL
from jewelrymodel.generation.statuses import OwnModelKind, OwnModelPlace
from jewelrymodel.infra.languages import LANGUAGES
from jewelrymodel.web.fields import WordsField
from jewelrymodel.web.studio_messages.place_labels import SELLER_PLACE_LABELS


class AskForm(forms.Form):
    """A photo of a person, and what they are asked to agree to."""

    photo = forms.FileField(
        label=_("Photo of your model"),
        help_text=_(
            "A hand, an ear, a neck or a wrist, in focus and without other jewelry where the piece "
            "goes. JPEG, PNG, WebP or HEIC, up to 25 MB; 1500 pixels or more look best. Keep faces "
            "out of it where you can."
        ),
        error_messages={
            "required": _("Choose a photo first."),
            "empty": _("The file is empty (0 bytes). Choose the photo again."),
        },
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif"}),
        max_length=None,
    )
    kind = forms.ChoiceField(label=_("What it shows"), choices=OwnModelKind.choices)
    name = WordsField(
        label=_("Name of this look"),
        help_text=_("How you find it among the looks: “Anna’s hand, window light”."),
        max_length=60,
    )
    person_name = WordsField(label=_("Name of the person in the photo"), max_length=80)
    email = forms.EmailField(
        label=_("Their email address"),
        help_text=_(
            "They get the photo, your account’s name and your email address, and are asked to "
            "agree. It must be their own mailbox."
        ),
        max_length=254,
    )
    language = forms.ChoiceField(
        label=_("Language of the email"), choices=[(one.code, one.name) for one in LANGUAGES]
    )
    places = forms.MultipleChoiceField(
        label=_("Where you want to show the images"),
        choices=list(SELLER_PLACE_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one place.")},
    )
    until_on = forms.DateField(
        label=_("Until"),
        help_text=_("The last day of the agreement, at most five years from now."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def empty(cls, today: date, language: str) -> "AskForm":
        """Return the form with what is usual: two years, all places but ads."""
        places = [one for one in OwnModelPlace.values if one != OwnModelPlace.ADS]
        initial = {"until_on": today + USUAL, "places": places, "language": language}
        return cls(initial=initial)

    def asked(self) -> ModelRequest:
        """Return what the valid form asks."""
        data = self.cleaned_data
        fields = ("name", "kind", "person_name", "email", "language", "places", "until_on")
        return ModelRequest(**{name: data[name] for name in fields})
