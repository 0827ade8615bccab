"""What keeps the payment processor from refunding, and what a colleague does about it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.payments.processor_problems import Trouble, troubles
from jewelrymodel.payments.statuses import BlockReason


@dataclass(frozen=True)
class Row:
    """One problem in words: what, since when, what waits, the fix, and the processor's message."""

    what: str
    since_at: datetime
    waits: str
    fix: str
    code: str
    processor_message: str


def rows() -> list[Row]:
    """Return the current problems, oldest first."""
    return [
        Row(_what(one), one.since_at, _waits(one.refunds), _fix(one), one.code, one.words)
        for one in troubles()
    ]


def _what(one: Trouble) -> str:
    match one.reason:
        case BlockReason.KEY:
            return _("The payment processor rejects our API key.")
        case BlockReason.RIGHT:
            words = _("Our API key lacks the payment processor’s permission %(right)s.")
            return words % {"right": one.right}
        case BlockReason.CHANGED:
            return _("The payment processor received a repeated request with different details.")
        case _refund:
            return _("The payment processor isn’t making a refund.")


def _waits(count: int) -> str:
    if not count:
        return _("Nothing is lost; pending work resumes automatically once this is fixed.")
    words = ngettext(
        "%(n)s refund is pending; it resumes automatically once this is fixed.",
        "%(n)s refunds are pending; they resume automatically once this is fixed.",
        count,
    )
    return words % {"n": count}


def _fix(one: Trouble) -> str:
    if one.reason == BlockReason.KEY:
        return _(
            "Set a valid key in STRIPE_SECRET_KEY and restart the service. Keys are in the "
            "processor’s dashboard under Developers."
        )
    if one.reason == BlockReason.RIGHT:
        return _("Grant our key this permission in the processor’s dashboard, under API keys.")
    if one.reason == BlockReason.CHANGED:
        return _("It resolves itself within about a day. Tell the operator.")
    if one.code == "balance_insufficient":
        return _("Add funds to our balance at the processor.")
    return _("Look up the refund in the processor’s dashboard; its request log has details.")
