"""The lists of the desk that requests and email are worked from, each with how much is in it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.support import queries


@dataclass(frozen=True)
class QueueView:
    """One list: its name, its page, how much is in it (None: nobody has to do that), if shown."""

    label: str | Promise
    page: str
    count: int | None
    is_current: bool


def queue_views(current: str) -> list[QueueView]:
    """Return the lists, of which *current* (the name of its address) is the page."""
    rows: tuple[tuple[str, Promise, int | None], ...] = (
        ("desk", _("Requests"), queries.queue().count()),
        ("desk_unproven", _("Unconfirmed senders"), queries.unproven_count()),
        ("desk_silent_closings", _("Closed silently"), None),
        ("desk_mails", _("Email"), None),
        ("desk_replies", _("Saved replies"), None),
    )
    return [QueueView(label, reverse(name), n, name == current) for name, label, n in rows]
