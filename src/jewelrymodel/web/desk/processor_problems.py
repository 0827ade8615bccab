"""What keeps the processor from doing what was decided, and what a colleague does about it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.payments.processor_problems import Trouble, troubles
from jewelrymodel.payments.values import BlockReason


@dataclass(frozen=True)
class Row:
    """One trouble in words: what, since when, what waits, what to do, what the processor said."""

    what: str
    since_at: datetime
    waits: str
    mend: str
    code: str
    said: str


def rows() -> list[Row]:
    """Return what stands now, oldest first."""
    return [
        Row(_what(one), one.since_at, _waits(one.refunds), _mend(one), one.code, one.words)
        for one in troubles()
    ]


def _what(one: Trouble) -> str:
    match one.reason:
        case BlockReason.KEY:
            return _("The payment processor doesn't accept our key.")
        case BlockReason.RIGHT:
            words = _("Our key for the payment processor lacks the permission %(right)s.")
            return words % {"right": one.right}
        case BlockReason.CHANGED:
            return _("The payment processor got a request again with a change.")
        case _refund:
            return _("The payment processor doesn't make a refund now.")


def _waits(count: int) -> str:
    if not count:
        return _("Nothing is lost; what waits goes on by itself once this is mended.")
    words = ngettext(
        "%(n)s refund waits; it goes on by itself once this is mended.",
        "%(n)s refunds wait; they go on by themselves once this is mended.",
        count,
    )
    return words % {"n": count}


def _mend(one: Trouble) -> str:
    if one.reason == BlockReason.KEY:
        return _(
            "Set a valid key in STRIPE_SECRET_KEY and restart the service; keys are in the "
            "processor's dashboard under Developers."
        )
    if one.reason == BlockReason.RIGHT:
        return _("Give our key this permission in the processor's dashboard, under API keys.")
    if one.reason == BlockReason.CHANGED:
        return _("It forgets the first request within a day or so. Tell whoever runs the service.")
    if one.code == "balance_insufficient":
        return _("Add funds to our balance at the processor.")
    return _("Look up the refund in the processor's dashboard; its request log says more.")
