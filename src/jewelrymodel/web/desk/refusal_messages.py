"""Why something at the desk was refused, in sentences; the code that refuses knows only which."""

from django.utils.translation import gettext_lazy as _

from jewelrymodel.incidents import operations as incidents
from jewelrymodel.infra import inbox
from jewelrymodel.payments import operations as payments
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.queries import TermsNotAtHand
from jewelrymodel.support import operations as support

CONFLICT = 409
"""The status of a page whose form was refused because the record has changed."""

PROCESSOR_DOWN = _("The payment processor can't be reached. We'll retry automatically.")
FACTS_UNAVAILABLE = _("The payment processor can't be reached, so the facts can't be loaded now.")
TERMS_UNAVAILABLE = _(
    "The refund policy edition that this order was placed under isn't available, so nothing can be "
    "decided. Ask the operator to run: jewelrymodel doctor"
)

_SENTENCES = {
    # A request
    support.CaseOver: _("This request was decided or closed in the meantime. Nothing was changed."),
    support.SenderUnproven: _(
        "The sender hasn't verified that this account is theirs. Nothing was decided."
    ),
    support.EmptyMessage: _("This message is empty. Nothing was sent."),
    support.UnknownRecord: _("This account has no such record. Nothing was changed."),
    support.NotInQuarantine: _(
        "A colleague has already handled this email; see its status. Nothing was changed."
    ),
    # A decision
    remedies.FactsMoved: _(
        "The facts have changed since this page was opened. Nothing was decided; please review "
        "them again."
    ),
    remedies.AlreadyRemedied: _(
        "Another decision has already resolved this. Nothing was done twice."
    ),
    remedies.NothingChosen: _(
        "An approval needs a remedy. A changed remedy, a decline and an other correction need a "
        "reason. Nothing was decided."
    ),
    remedies.SecondPersonNeeded: _("A colleague must approve this. Nothing was paid."),
    remedies.WaitFirst: _(
        "With a single operator, a waiting time must pass before the second approval. Nothing was "
        "paid."
    ),
    remedies.NothingWaits: _("This no longer needs second approval. Nothing was changed."),
    TermsNotAtHand: TERMS_UNAVAILABLE,
    # An order that is held for review
    support.DecisionUnderWay: _(
        "A colleague has already decided on this order, and the decision is being carried out. "
        "Nothing was changed."
    ),
    payments.RefundTooLarge: _(
        "That is more than can be refunded of this charge. Nothing was refunded."
    ),
    payments.NotHeld: _("This order is no longer held for review; see its status."),
    payments.NothingKept: _(
        "No payment is left on this order, so it can't be delivered. Close it instead."
    ),
    payments.MoneyKept: _(
        "This order still has a payment. Deliver or refund it first. Nothing was changed."
    ),
    payments.BeingRefunded: _("A refund of this order is in progress. Nothing was changed."),
    payments.PeriodOver: _("The paid billing period is unknown or over. Refund the order instead."),
    # An incident
    incidents.AlreadyOpen: _(
        "This feature already has an open incident. Close or correct that one first."
    ),
    incidents.NotRunning: _("This incident is already closed. If its end is wrong, correct it."),
    incidents.Withdrawn: _("This incident was withdrawn and can no longer be changed."),
    incidents.StartsLater: _("The start can't be in the future. Nothing was changed."),
    incidents.StartsLongAgo: _(
        "The start is more than 92 days ago; check the year. Nothing was changed."
    ),
    incidents.EndsLater: _("The end can't be in the future. Nothing was changed."),
    incidents.EndsFirst: _("The end must be after the start. Nothing was changed."),
    # A message of the payment processor
    inbox.NotParked: _("A colleague has already handled this message. Nothing was changed."),
}


def refusal_message(refusal: Exception) -> str:
    """Return the sentence for a refusal; one without a sentence of its own says what it carries."""
    return str(_SENTENCES.get(type(refusal), refusal))
