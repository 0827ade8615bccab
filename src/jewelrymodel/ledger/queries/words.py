"""What happened to credits, in the reader's language."""

from django.utils.translation import gettext as _

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
    operation: Operation, cause: CauseKind, source: LotSource | None, returned: int
) -> str:
    """Return what a movement did; *source* is that of its lot, *returned* what came back."""
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
        case Operation.THAW:
            return _("Usable again: dispute over") if disputed else _("Usable again: no refund")
        case Operation.REVOKE:
            return _("Taken back: dispute lost") if disputed else _("Taken back: refunded")
        case _other:
            return _("Spent credits recorded as owed")
