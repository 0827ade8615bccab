"""How a decision and its remedies read, by their true state."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.infra import formats
from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.refund_status import intended_words, refund_words
from jewelrymodel.policy.decisions import RemedyKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.statuses import SENT_BACK, RemedyState


def words(row: RemedyRow) -> str:
    """Return how far a remedy is, in words that are true now: "refunded" only when it is."""
    if row.state == RemedyState.AWAITING_SECOND:
        return _("%(what)s: a second person has to release it") % {"what": _what(row)}
    if was_sent_back(row):
        told = _("%(what)s: a second person did not agree; the request is open again")
        return told % {"what": _what(row)}
    if row.kind in (RemedyKind.FULL_REFUND, RemedyKind.PARTIAL_REFUND):
        return _refund_words(row)
    match row.kind:
        case RemedyKind.RESTORED_CREDITS | RemedyKind.REPLACEMENT_CREDITS:
            return _credit_words(row)
        case RemedyKind.ACCESS_CORRECTION:
            return _access_words(row)
        case _other:
            return _("Corrected.") if row.state == RemedyState.DONE else _("Being corrected.")


def heading(decision: DecisionRecord) -> str:
    """Return what its reader has to know first."""
    if decision.denied:
        return _("Not granted")
    if waits_for_second(decision):
        return _("Not certain yet")
    if any(map(was_sent_back, decision.remedies.all())):
        return _("Looked at anew")
    return _("Decided for you")


def waits_for_second(decision: DecisionRecord) -> bool:
    """Return whether something of it has to be released by a second person."""
    return any(one.state == RemedyState.AWAITING_SECOND for one in decision.remedies.all())


def was_sent_back(row: RemedyRow) -> bool:
    """Return whether a second person did not agree to it."""
    return row.state == RemedyState.FAILED and row.failure.startswith(SENT_BACK)


def _what(row: RemedyRow) -> str:
    if row.amount_minor:
        return formats.money(row.amount_minor, row.currency)
    if row.credits:
        return ngettext("%(n)s credit", "%(n)s credits", row.credits) % {"n": row.credits}
    return row.get_kind_display()


def _access_words(row: RemedyRow) -> str:
    match row.state:
        case RemedyState.DONE:
            return _("What you paid for is in your account.")
        case RemedyState.FAILED:
            return _("What you paid for could not be added; a person looks at it.")
        case _going:
            return _("What you paid for is being added to your account.")


def _credit_words(row: RemedyRow) -> str:
    n = row.credits
    match row.state:
        case RemedyState.DONE:
            told = ngettext("%(n)s credit was added.", "%(n)s credits were added.", n)
        case RemedyState.FAILED:
            told = ngettext(
                "%(n)s credit could not be added; a person looks at it.",
                "%(n)s credits could not be added; a person looks at it.",
                n,
            )
        case _going:
            told = ngettext("%(n)s credit will be added.", "%(n)s credits will be added.", n)
    return told % {"n": n}


def _refund_words(row: RemedyRow) -> str:
    amount = formats.money(row.amount_minor, row.currency)
    made = Refund.objects.select_related("charge").filter(pk=row.refund_id)
    refund = made.first() if row.refund_id else None
    if row.state == RemedyState.FAILED and refund is None:
        return _("%(amount)s could not be sent back; a person looks at it") % {"amount": amount}
    if refund is not None:
        return refund_words(refund)
    return intended_words(amount, Charge.objects.filter(pk=row.decision.charge_id).first())
