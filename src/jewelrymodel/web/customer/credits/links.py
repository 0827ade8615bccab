"""Where the cause of a movement can be looked at."""

from django.urls import NoReverseMatch, reverse

from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import Role
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind

_PAGES = {CauseKind.ORDER: ("order", Act.BILLING), CauseKind.TASK: ("task", Act.STUDIO)}


def address_of(cause: Cause, role: Role) -> str:
    """Return the page about *cause*; empty where it has none, or none for somebody in *role*."""
    page, act = _PAGES.get(cause.kind, ("", Act.CREDITS))
    if not page or not may(role, act):
        return ""
    try:
        return reverse(page, args=[cause.id])
    except NoReverseMatch:
        return ""
