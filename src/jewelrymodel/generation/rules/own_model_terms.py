"""What binds an agreement with a seller's own model: editions, terms, and when images stop."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from jewelrymodel.generation.statuses import OwnModelStatus
from jewelrymodel.studio.composition import ASPECTS

EDITION = "2026-11-29"
"""The edition of the agreement's text; another text is another edition."""

OWN = "model"
"""What the id of an own model begins with, and of the look that it is."""

MAX_OWN_MODELS = 20  # of one account, asked or agreed
ANSWER_WITHIN = timedelta(days=14)  # then a photo that nobody agreed to is erased
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=5 * 366)
USUAL = timedelta(days=730)
SHOWN = 0.5  # of a photo's area, at least, in a format that it carries
STOPPED = (OwnModelStatus.REVOKED, OwnModelStatus.EXPIRED)
"""As what no image that was made with a model may be used any more."""


def is_own(look_id: str) -> bool:
    """Return whether a look is a seller's own model: its id is the model's."""
    return look_id.startswith(f"{OWN}_")


def is_possible_term(until_on: date, *, today: date) -> bool:
    """Return whether a person may be asked to agree until *until_on*: a day to five years."""
    return SHORTEST <= until_on - today <= LONGEST


def may_be_made(status: str, until_on: date, *, today: date) -> bool:
    """Return whether new images may be made with a model *today*."""
    return status == OwnModelStatus.AGREED and today <= until_on


def is_whole_answer(ticked: Collection[str], asked: Collection[str], *, is_adult: bool) -> bool:
    """Return whether an agreement says enough: of age, and at least one of the places asked for."""
    return is_adult and bool(ticked) and set(ticked) <= set(asked)


def carried_aspects(width_px: int, height_px: int) -> tuple[str, ...]:
    """Return the formats in which at least SHOWN of a photo of this size can be seen."""
    shape = width_px / height_px
    shown = {name: shape / (wide / high) for name, (wide, high) in ASPECTS.items()}
    return tuple(name for name, one in shown.items() if min(one, 1 / one) >= SHOWN)


def forgotten_before(now: datetime, *, years: int) -> datetime:
    """Return the instant before which whatever ended is forgotten: *years* ago, each as a
    leap year, so that nothing goes before its time.
    """
    return now - timedelta(days=366 * years)


def masked(address: str) -> str:
    """Return an email address as somebody else may see it: ``a...@shop.example``."""
    name, _, host = address.partition("@")
    return f"{name[:1]}...@{host}"
