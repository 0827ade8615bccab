"""How the state of an order reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.payments.values import OrderState

# state: (badge, words)
_STATES: dict[str, tuple[str, Promise]] = {
    OrderState.DRAFT: ("warn", _("Not paid yet")),
    OrderState.AWAITING_PAYMENT: ("warn", _("Not paid yet")),
    OrderState.DELIVERED: ("ok", _("Paid, credits added")),
    OrderState.CANCELED: ("", _("Canceled, nothing charged")),
    OrderState.EXPIRED: ("", _("Expired, nothing charged")),
    OrderState.IN_ERROR: ("warn", _("Charged in error, money owed back")),
    OrderState.HELD: ("info", _("A person is looking at it")),
}


def badge(state: str) -> tuple[str, Promise]:
    """Return the kind of badge and the words for the state of an order."""
    return _STATES[state]
