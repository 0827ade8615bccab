"""What a movement of credits and its source are called on the statement."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.ledger.movement_kinds import CauseKind, LotSource, Operation


def source_words(source: LotSource) -> str:
    """Return where a lot came from."""
    return {
        LotSource.SUBSCRIPTION_PERIOD: _("Subscription credits"),
        LotSource.PACKAGE_ORDER: _("Credit pack"),
        LotSource.REPLACEMENT: _("Replacement credits"),
        LotSource.RESTORATION: _("Restored credits"),
        LotSource.PROMOTION: _("Free credits"),
        LotSource.WELCOME: _("Free credits of a new account"),
    }[source]


def movement_words(
    operation: Operation,
    cause: CauseKind,
    source: LotSource | None,
    returned: int,
    *,
    is_idle: bool = False,
) -> str:
    """Return what a movement did; *source* is that of its lot, *returned* what came back.

    *is_idle*: no credit moved, none were suspended or reinstated.
    """
    disputed = cause == CauseKind.DISPUTE
    match operation:
        case Operation.GRANT if cause == CauseKind.REFUND:
            return _("Returned: the refund didn’t reach you")
        case Operation.GRANT if source is not None:
            return source_words(source)
        case Operation.HOLD:
            return _("Held for a generation")
        case Operation.CAPTURE if returned:
            return _("Spent on delivered images; the rest was returned")
        case Operation.CAPTURE:
            return _("Spent on delivered images")
        case Operation.RELEASE:
            return _("Returned: the generation cost nothing")
        case Operation.EXPIRE:
            return _("Expired")
        case Operation.SUSPEND:
            return suspension_reason(cause)
        case Operation.REINSTATE if is_idle:  # they were taken back before, or another cause stands
            return _("Suspension ended")
        case Operation.REINSTATE:
            return _("Reinstated after a dispute") if disputed else _("Reinstated: not refunded")
        case Operation.REVOKE if cause == CauseKind.PROMOTION:
            return _("Free credits taken back")
        case Operation.REVOKE:
            return (
                _("Revoked: payment returned by the bank")
                if disputed
                else _("Revoked: purchase refunded")
            )
        case _other:
            return _("Used credits recorded as owed")


def suspension_reason(cause: CauseKind) -> str:
    """Return what suspends credits, and so until when."""
    if cause == CauseKind.DISPUTE:
        return _("Suspended during a dispute")
    if cause == CauseKind.WITHDRAWAL:
        return _("Suspended until your withdrawal is decided")
    return _("Suspended during a refund")


def suspension_words(operation: Operation, suspended: int) -> str:
    """Return how many credits were suspended or reinstated; empty for other movements.

    *suspended* is how many more are suspended than before, below zero how many fewer.
    """
    if operation == Operation.SUSPEND:
        if not suspended:
            return _("No further credits to suspend")
        return ngettext("%(n)s credit suspended", "%(n)s credits suspended", suspended) % {
            "n": suspended
        }
    if operation == Operation.REINSTATE and suspended:
        label = ngettext("%(n)s credit reinstated", "%(n)s credits reinstated", -suspended)
        return label % {"n": -suspended}
    return ""
