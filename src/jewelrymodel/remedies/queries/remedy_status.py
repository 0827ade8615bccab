"""How a decision and its remedies read, by their true state."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.infra import formats
from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.refund_status import intended_words, refund_words
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.statuses import RemedyState


def remedy_status(row: RemedyRow) -> str:
    """Return how far a remedy is, as a sentence that is true now: "refunded" only when it is."""
    if row.state == RemedyState.PENDING_APPROVAL:
        return _("%(what)s: pending second approval.") % {"what": _what(row)}
    if row.state == RemedyState.REJECTED:
        sentence = _("%(what)s: not approved. Your request is open again.")
        return sentence % {"what": _what(row)}
    if row.kind in (RemedyKind.FULL_REFUND, RemedyKind.PARTIAL_REFUND):
        return _refund_status(row)
    match row.kind:
        case RemedyKind.RESTORED_CREDITS | RemedyKind.REPLACEMENT_CREDITS:
            return _credit_status(row)
        case RemedyKind.ACCESS_CORRECTION:
            return _access_status(row)
        case _other if row.state == RemedyState.DONE:
            return _("We’ve corrected this.")
        case _other:
            return _("We’re correcting this.")


def decision_heading(decision: DecisionRecord) -> str:
    """Return what its reader has to know first."""
    if decision.denied:
        return _("Declined")
    if awaits_second_approval(decision):
        return _("Pending second approval")
    if any(one.state == RemedyState.REJECTED for one in decision.remedies.all()):
        return _("Under review again")
    return _("Approved")


def awaits_second_approval(decision: DecisionRecord) -> bool:
    """Return whether a second person has to approve something of it."""
    return any(one.state == RemedyState.PENDING_APPROVAL for one in decision.remedies.all())


def _what(row: RemedyRow) -> str:
    if row.amount_minor:
        return formats.money(row.amount_minor, row.currency)
    if row.credits:
        return ngettext("%(n)s credit", "%(n)s credits", row.credits) % {"n": row.credits}
    return row.get_kind_display()


def _access_status(row: RemedyRow) -> str:
    match row.state:
        case RemedyState.DONE:
            return _("We’ve added what you paid for to your account.")
        case RemedyState.FAILED:
            return _("We couldn’t add what you paid for; our team is looking into it.")
        case _going:
            return _("We’re adding what you paid for to your account.")


def _credit_status(row: RemedyRow) -> str:
    n = row.credits
    match row.state:
        case RemedyState.DONE:
            sentence = ngettext("%(n)s credit was added.", "%(n)s credits were added.", n)
        case RemedyState.FAILED:
            sentence = ngettext(
                "We couldn’t add %(n)s credit; our team is looking into it.",
                "We couldn’t add %(n)s credits; our team is looking into it.",
                n,
            )
        case _going:
            sentence = ngettext("%(n)s credit will be added.", "%(n)s credits will be added.", n)
    return sentence % {"n": n}


def _refund_status(row: RemedyRow) -> str:
    amount = formats.money(row.amount_minor, row.currency)
    made = Refund.objects.select_related("charge").filter(pk=row.refund_id)
    refund = made.first() if row.refund_id else None
    if row.state == RemedyState.FAILED and refund is None:
        return _("We couldn’t refund %(amount)s; our team is looking into it.") % {"amount": amount}
    if refund is not None:
        return f"{refund_words(refund)}."
    words = intended_words(amount, Charge.objects.filter(pk=row.decision.charge_id).first())
    return f"{words}."
