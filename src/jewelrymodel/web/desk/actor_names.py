"""Who did it, for colleagues to read: people by their names, machines by what they do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries
from jewelrymodel.support.values import LATE, REPORTS

_PERSON = "user:"


def names(actors: Iterable[str]) -> dict[str, str]:
    """Return each actor of the records in words: ``user:4`` is Vera Example."""
    known = set(actors)
    ids = {int(one.removeprefix(_PERSON)) for one in known if one.startswith(_PERSON)}
    people = {f"{_PERSON}{pk}": name for pk, name in queries.names_of(user_ids=ids).items()}
    machines = {
        "customer": _("the customer"),
        "system:acknowledgement": _("sent automatically"),
        "system:confirmation": _("sent automatically"),
        LATE: _("sent because we are late"),
        REPORTS: _("a mail server's report"),
        "system:payments.book_charge": _("automatic, as a charge was booked"),
        "system:payments.settle_order": _("automatic check of the payment"),
        "system:payments.settle_subscription": _("automatic check of the plan"),
        "system:processor": _("at the payment processor"),
        "system:reconcilers": _("our own checks"),
        "system:refunds": _("automatic, as the money went back"),
        "system:remedies": _("sent as the remedy went on"),
        "system:self-check": _("the self-check"),
    }
    return {one: people.get(one) or machines.get(one) or one for one in known}
