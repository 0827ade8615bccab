"""What binds an agreement with a seller's own model: editions, terms, and when images stop."""

from collections.abc import Collection
from datetime import date, timedelta

from jewelrymodel.generation.statuses import OwnModelStatus

EDITION = "2026-11-29"
"""The edition of the agreement's text; another text is another edition."""

MAX_OWN_MODELS = 20  # of one account, asked or agreed
ANSWER_WITHIN = timedelta(days=14)  # then a photo that nobody agreed to is erased
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=5 * 366)
USUAL = timedelta(days=730)
STOPPED = (OwnModelStatus.REVOKED, OwnModelStatus.EXPIRED)
"""As what no image that was made with a model may be used any more."""


def is_possible_term(until_on: date, *, today: date) -> bool:
    """Return whether a person may be asked to agree until *until_on*: a day to five years."""
    return SHORTEST <= until_on - today <= LONGEST


def may_be_made(status: str, until_on: date, *, today: date) -> bool:
    """Return whether new images may be made with a model *today*."""
    return status == OwnModelStatus.AGREED and today <= until_on


def is_whole_answer(ticked: Collection[str], asked: Collection[str], *, is_adult: bool) -> bool:
    """Return whether an agreement says enough: of age, and at least one of the places asked for."""
    return is_adult and bool(ticked) and set(ticked) <= set(asked)


def masked(address: str) -> str:
    """Return an email address as somebody else may see it: ``a...@shop.example``."""
    name, _, host = address.partition("@")
    return f"{name[:1]}...@{host}"
