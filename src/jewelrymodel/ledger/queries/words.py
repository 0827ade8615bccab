"""What happened to credits, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.ledger.values import CauseKind, LotSource, Operation


def source_words(source: LotSource) -> str:
    """Return where a lot came from."""
    return {
        LotSource.SUBSCRIPTION_PERIOD: _("Credits of a subscription period"),
        LotSource.PACKAGE_ORDER: _("Credits of a package"),
        LotSource.REPLACEMENT: _("Replacement credits"),
        LotSource.RESTORATION: _("Restored credits"),
        LotSource.PROMOTION: _("Free credits"),
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

    *is_idle*: no credit moved, none began or ceased to rest.
    """
    disputed = cause == CauseKind.DISPUTE
    match operation:
        case Operation.GRANT if source is not None:
            return source_words(source)
        case Operation.HOLD:
            return _("Reserved for a task")
        case Operation.CAPTURE if returned:
            return _("Spent on what a task delivered; the rest came back")
        case Operation.CAPTURE:
            return _("Spent on what a task delivered")
        case Operation.RELEASE:
            return _("Came back: the task cost nothing")
        case Operation.EXPIRE:
            return _("Expired")
        case Operation.FREEZE:
            return _("Suspended during a dispute") if disputed else _("Suspended during a refund")
        case Operation.THAW if is_idle:  # they were taken back before, or another cause stands
            return _("Suspension ended")
        case Operation.THAW:
            return _("Usable again: dispute over") if disputed else _("Usable again: no refund")
        case Operation.REVOKE:
            return _("Taken back: dispute lost") if disputed else _("Taken back: refunded")
        case _other:
            return _("Spent credits recorded as owed")


def rest_words(operation: Operation, frozen: int) -> str:
    """Return how many credits began or ceased to rest; empty where the movement is about others.

    *frozen* is how many more rest than before, below zero how many fewer.
    """
    if operation == Operation.FREEZE:
        if not frozen:
            return _("No further credits were suspended: none were left, or they were already")
        return ngettext("%(n)s credit rests", "%(n)s credits rest", frozen) % {"n": frozen}
    if operation == Operation.THAW and frozen:
        told = ngettext(
            "%(n)s credit can be spent again", "%(n)s credits can be spent again", -frozen
        )
        return told % {"n": -frozen}
    return ""
