"""One photo of a batch as its page shows it: the cutout, and what its seller says of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.operations import KindAndSize
from jewelrymodel.generation.rules.size_units import SizeUnit, written
from jewelrymodel.generation.statuses import PHOTO_OPEN, PhotoStatus
from jewelrymodel.studio.piece_kinds import KindReason
from jewelrymodel.web.customer.studio.size_form import KINDS, UNIT_LABELS, SizeForm

_SCALES = {SizeUnit.US: "US", SizeUnit.UK: "UK", SizeUnit.EU: "EU", SizeUnit.JP: "JP"}


@dataclass(frozen=True)
class Card:
    """A photo with the kind and size that its fields hold; *problem* is what is wrong with them."""

    photo: Photo
    kind: str
    size: str
    unit: str
    is_ticked: bool = False
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its cutout is still to be made."""
        return self.photo.status in PHOTO_OPEN

    @property
    def is_shown(self) -> bool:
        """Whether its cutout waits for approval."""
        return self.photo.status == PhotoStatus.SHOWN

    @property
    def has_cutout(self) -> bool:
        """Whether there is a cutout to look at."""
        return bool(self.photo.cutout_view_key) and not self.is_open

    @property
    def picture(self) -> str:
        """Which of its small pictures is shown."""
        return "small-cutout" if self.has_cutout else "small"

    @property
    def asks_kind(self) -> bool:
        """Whether its kind was hardly more than guessed."""
        return self.is_shown and not self.kind

    @property
    def is_doubtful(self) -> bool:
        """Whether parts of its cutout are uncertain."""
        return self.is_shown and self.photo.verdict != "good"

    @property
    def looks_right(self) -> bool:
        """Whether nothing speaks against approving it."""
        return self.is_shown and not self.asks_kind and not self.is_doubtful

    @property
    def can_be_corrected(self) -> bool:
        """Whether its cutout may be corrected by hand."""
        return queries.can_be_corrected(self.photo)

    @property
    def kind_options(self) -> SafeString:
        """The kinds to choose from; with an empty one where it has to be chosen."""
        asked = [] if self.kind else [("", _("Which kind?"))]
        return _options([*asked, *KINDS], self.kind)

    @property
    def unit_options(self) -> SafeString:
        """The units to choose from, shortly: there is little room."""
        return unit_options(self.unit)


def unit_options(chosen: str) -> SafeString:
    """Return the options of a choice of units with one chosen."""
    units = [(unit.value, _SCALES.get(unit) or UNIT_LABELS[unit]) for unit in SizeUnit]
    return _options(units, chosen)


def card_of(photo: Photo) -> Card:
    """Return a photo's card as it is stored."""
    is_guess = photo.kind_reason == KindReason.NOT_SURE and photo.size_mm is None
    size = "" if photo.size_mm is None else written(photo.size_mm, SizeUnit.MM)
    return Card(
        photo,
        kind="" if is_guess else photo.kind,
        size=size.replace(".", get_format("DECIMAL_SEPARATOR")),
        unit=SizeUnit.MM,
    )


def typed_card(photo: Photo, sent: QueryDict, problem: str = "") -> Card:
    """Return a photo's card as a form says it, where it does."""
    card = card_of(photo)
    if f"{photo.pk}-kind" not in sent:
        return card
    return Card(
        photo,
        kind=str(sent[f"{photo.pk}-kind"]),
        size=sent.get(f"{photo.pk}-size", ""),
        unit=sent.get(f"{photo.pk}-unit", SizeUnit.MM),
        is_ticked=photo.pk in sent.getlist("photo"),
        problem=problem,
    )


def said_in(
    sent: QueryDict, photos: Collection[Photo], *, needs_size: bool
) -> tuple[dict[str, KindAndSize], dict[str, str]]:
    """Return what a form says of these photos, and what is wrong with it, both by photo."""
    said, problems = {}, {}
    for photo in photos:
        form = SizeForm(sent, prefix=photo.pk)
        form.fields["size"].required = needs_size
        if form.is_valid():
            data: Mapping[str, object] = form.cleaned_data
            size_mm = data.get("size_mm")
            said[photo.pk] = KindAndSize(
                str(data["kind"]), float(size_mm) if isinstance(size_mm, float | int) else None
            )
        else:
            problems[photo.pk] = str(next(iter(form.errors.values()))[0])
    return said, problems


def _options(choices: Collection[tuple[str, object]], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == chosen else "", label) for value, label in choices),
    )


_SELECTED = SafeString(" selected")
