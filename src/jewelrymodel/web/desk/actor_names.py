"""Who did it, for colleagues to read: people by their names, machines by what they do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries
from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.support.statuses import LATE, REPORTS


def names(actors: Iterable[str]) -> dict[str, str]:
    """Return each stored actor in words: ``user:4`` is Vera Example."""
    parsed = {text: Actor.parse(text) for text in actors if text}
    ids = {one.user_id for one in parsed.values() if one.user_id is not None}
    people = queries.names_of(user_ids=ids)
    systems = _systems()
    named = {
        text: people.get(one.user_id) if one.user_id is not None else systems.get(one)
        for text, one in parsed.items()
    }
    return {text: named.get(text) or text for text in {"", *parsed}}


def _systems() -> dict[Actor, str]:
    return {
        CUSTOMER: _("the customer"),
        Actor.system("acknowledgement"): _("sent automatically"),
        Actor.system("confirmation"): _("sent automatically"),
        LATE: _("sent because we are late"),
        REPORTS: _("a mail server's report"),
        Actor.system("payments.book_charge"): _("automatic, as a charge was booked"),
        Actor.system("payments.settle_order"): _("automatic check of the payment"),
        Actor.system("payments.settle_subscription"): _("automatic check of the plan"),
        Actor.system("processor"): _("at the payment processor"),
        Actor.system("reconcilers"): _("our own checks"),
        Actor.system("refunds"): _("automatic, as the money went back"),
        Actor.system("remedies"): _("sent as the remedy went on"),
        Actor.system("self-check"): _("the self-check"),
    }
