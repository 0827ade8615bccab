"""How often the automatic check of images misses damage: in tests, and in use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import formats
from jewelrymodel.studio.image_check_record import (
    CHECK_VERSION,
    ErrorRate,
    check_records,
    miss_rate,
)

IN_USE_DAYS = 90
LEAST_IMAGES = 100
"""Of fewer images no figure is shown: one more or less would change it too much."""


@dataclass(frozen=True)
class Figure:
    """One figure of the status page: what it is of, how it is measured, and how large it is."""

    title: str
    how: str
    figure: str


def image_check_figures(now: datetime) -> list[Figure]:
    """Return how often the check in use misses damage: of what we planted, and of what people
    confirmed in the images of the last IN_USE_DAYS before *now*.
    """
    return [*_planted(), _in_use(now)]


def _planted() -> Iterator[Figure]:
    own = miss_rate()
    if own is not None:
        yield Figure(
            _("Missed in tests: our own looks"), _how(own), _share(own.wrong, own.pictures)
        )
    hosted = miss_rate(own_look=False)
    if hosted is not None and GeneratorName.HOSTED in generation.generators():
        title = _("Missed in tests: images of a hosted generator")
        yield Figure(title, _how(hosted), _share(hosted.wrong, hosted.pictures))


def _how(rate: ErrorRate) -> str:
    words = _(
        "Damage that we planted into finished images of %(pieces)s pieces and that the check "
        "passed. Version %(version)s, measured on %(day)s; at most %(bound)s%% with 95%% "
        "confidence."
    )
    return words % {
        "pieces": formats.number(rate.pieces),
        "version": CHECK_VERSION,
        "day": formats.day(check_records()[CHECK_VERSION].measured_on),
        "bound": formats.number(100 * rate.at_most, 1),
    }


def _in_use(now: datetime) -> Figure:
    seen = generation.damage_in_use(since=now - timedelta(days=IN_USE_DAYS))
    days = ngettext(
        "Images delivered in the last %(n)s day in which our team confirmed visible damage.",
        "Images delivered in the last %(n)s days in which our team confirmed visible damage.",
        IN_USE_DAYS,
    ) % {"n": IN_USE_DAYS}
    if seen.delivered < LEAST_IMAGES:
        words = _("No figures below %(n)s images") % {"n": LEAST_IMAGES}
        return Figure(_("Missed in use"), days, words)
    return Figure(_("Missed in use"), days, _share(seen.damaged, seen.delivered))


def _share(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s (%(percent)s%%)") % {
        "part": formats.number(part),
        "whole": formats.number(whole),
        "percent": formats.number(100 * part / whole, 2),
    }
