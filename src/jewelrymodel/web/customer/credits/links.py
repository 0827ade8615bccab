"""Where the cause of a movement can be looked at."""

from django.urls import NoReverseMatch, reverse

from jewelrymodel.ledger.movement_kinds import Cause, CauseKind

_PAGES = {CauseKind.ORDER: "order", CauseKind.TASK: "task"}


def address_of(cause: Cause) -> str:
    """Return the page about *cause*; empty where it has none."""
    page = _PAGES.get(cause.kind)
    if page is None:
        return ""
    try:
        return reverse(page, args=[cause.id])
    except NoReverseMatch:
        return ""
