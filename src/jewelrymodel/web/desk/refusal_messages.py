"""Why something at the desk was refused, in sentences; the code that refuses knows only which."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.incidents import operations as incidents
from jewelrymodel.infra import webhook_inbox
from jewelrymodel.infra.formats import money
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.support import operations as support

CONFLICT = 409
"""The status of a page whose form was refused because the record has changed."""
UNAVAILABLE = 503
"""The status of a page whose form was kept because the payment processor can't be asked."""

NOT_DECIDED = _(
    "The payment processor can’t be reached, so nothing was decided. What you wrote is kept here; "
    "please try again."
)
FACTS_UNAVAILABLE = _("The payment processor can’t be reached, so the facts can’t be loaded now.")
TERMS_UNAVAILABLE = _(
    "The refund policy edition that this order was placed under isn’t available, so nothing can be "
    "decided. Ask the operator to run: jewelrymodel doctor"
)

REMEDY_UNDER_WAY = _(
    "An earlier decision about this generation isn’t carried out yet: it is in progress, or waits "
    "for a second approval. More damage can be confirmed after that."
)

_SENTENCES: dict[str, Promise] = {
    # A request
    support.CaseOver.code: _(
        "This request was decided or closed in the meantime. Nothing was changed."
    ),
    support.SenderUnconfirmed.code: _(
        "The sender hasn’t verified that this account is theirs. Nothing was decided."
    ),
    support.SamePerson.code: _(
        "You declined this request, and its customer objected: a colleague has to decide. Nothing "
        "was changed."
    ),
    support.SeveralGrounds.code: _(
        "This request has several categories, which are decided together. Nothing was decided."
    ),
    support.GroundsChanged.code: _(
        "The categories of this request were changed in the meantime. Nothing was decided; please "
        "review them again."
    ),
    support.GroundRefusal.KNOWN: _("This request already has this category."),
    support.GroundRefusal.DAMAGE: _(
        "Damaged images are reviewed in a request of their own. Nothing was added."
    ),
    support.GroundRefusal.MONEY: _(
        "A category about a payment and one that every member may read can’t share a request. "
        "Nothing was added."
    ),
    support.GroundRefusal.OURS: _(
        "A request that we opened ourselves has only one category. Nothing was added."
    ),
    support.GroundRefusal.TOO_MANY: _("A request has at most %(n)s categories."),
    support.GroundRefusal.BEING_DECIDED: _(
        "A decision of this request can still be undone. Nothing was changed."
    ),
    support.GroundRefusal.DECIDED: _("This category was decided already. Nothing was changed."),
    support.AlreadyConfirmed.code: _(
        "A decision of this request was just confirmed and can still be undone. Nothing was "
        "changed."
    ),
    support.NewMessage.code: _(
        "The customer wrote since this page was opened. Nothing was declined: read the new message "
        "first. What you wrote is kept."
    ),
    support.MayNotDecide.code: _(
        "The colleague who confirmed this no longer works at the desk, so nothing was decided. "
        "Please review it yourself."
    ),
    support.NothingConfirmed.code: _(
        "There is nothing to undo: the decision was carried out, refused, or undone already."
    ),
    support.EmptyMessage.code: _("This message is empty. Nothing was sent."),
    support.UnknownRecord.code: _("This account has no such record. Nothing was changed."),
    support.ReviewIncomplete.code: _(
        "Every image that the customer reported needs an answer. Nothing was saved."
    ),
    support.RemedyUnderWay.code: REMEDY_UNDER_WAY,
    support.ReasonNeeded.code: _("Enter a reason: it is kept with your name."),
    support.NotItsImage.code: _(
        "That image isn’t of the generation that this request is about. Nothing was saved."
    ),
    support.NotInQuarantine.code: _(
        "A colleague has already handled this email; see its status. Nothing was changed."
    ),
    support.NobodyToAnswer.code: _(
        "This email names nobody who could be answered, so no request can be opened. Nothing was "
        "changed."
    ),
    support.OwnClosing.code: _(
        "You closed this request yourself, so a colleague has to review that. Nothing was changed."
    ),
    support.ClosingReviewed.code: _("A colleague has already reviewed this. Nothing was changed."),
    support.ClosingOver.code: _(
        "This request is no longer closed silently: it was opened again or merged. Nothing was "
        "changed."
    ),
    # Two requests
    support.MergeRefusal.OTHER_CUSTOMER: _(
        "These requests are of different customers. Nothing was changed."
    ),
    support.MergeRefusal.OTHER_WRITER: _(
        "These requests came from different email addresses, and replies to a merged one go to one "
        "of them only. Nothing was changed; answer each by itself."
    ),
    support.MergeRefusal.OTHER_SUBJECT: _(
        "These requests are about different orders or generations, and a decision is about one. "
        "Nothing was changed; decide each by itself."
    ),
    support.MergeRefusal.MONEY: _(
        "Only one of these requests is about a payment, and not everyone in the account may read "
        "about payments. Nothing was changed. If both are about it, first edit the other one’s "
        "subject."
    ),
    support.MergeRefusal.DUE_BEFORE: _(
        "This request was due before the other one came. Nothing was changed; merge the other one "
        "into it."
    ),
    support.MergeRefusal.UNCONFIRMED: _(
        "The sender of one of these requests hasn’t confirmed their address, so they can’t be "
        "merged. Nothing was changed."
    ),
    support.MergeRefusal.DECIDED: _(
        "What was decided stays a request of its own. Nothing was changed; merge the other one "
        "into it."
    ),
    support.MergeRefusal.BEING_DECIDED: _(
        "A decision of one of these requests was just confirmed and can still be undone. Nothing "
        "was changed."
    ),
    support.MergeRefusal.MERGED: _(
        "One of these requests is merged already. Nothing was changed; choose the one that the "
        "others were merged into."
    ),
    support.MergeRefusal.OURS: _(
        "We found this one ourselves, so it stays. Nothing was changed; merge the other one into "
        "it."
    ),
    support.MergeRefusal.GROUNDS: _(
        "This request has several categories, so it stays. Nothing was changed; merge the other "
        "one into it."
    ),
    support.MergeRefusal.DAMAGE: _(
        "This request names damaged images, so it stays. Nothing was changed; merge the other one "
        "into it."
    ),
    support.MergeRefusal.NOT_MERGED: _("This request isn’t merged any more."),
    support.SplitRefusal.ONLY_MESSAGE: _(
        "This is the request’s only message. Nothing was changed."
    ),
    support.SplitRefusal.UNCONFIRMED: _(
        "The sender hasn’t confirmed their address, and couldn’t for a request of its own. Nothing "
        "was changed."
    ),
    support.SplitRefusal.NO_MESSAGE: _("Only a customer’s message can become a request."),
    support.SplitRefusal.APPEAL: _(
        "This request was declined, so the customer’s objection stays with it. Nothing was changed."
    ),
    support.SplitRefusal.MERGED: _("This request is merged into another one. Split it there."),
    # A deadline
    support.BadDeadline.OUT_OF_RANGE: _(
        "The next update must be in the future, at most %(days)s days from now. Nothing was "
        "changed."
    ),
    support.BadDeadline.NOT_A_BUSINESS_DAY: _(
        "That isn’t a business day. Nothing was changed; choose a business day."
    ),
    support.BadDeadline.PAUSED: _(
        "The clock is paused until the customer replies, so it can’t be extended. Nothing was "
        "changed."
    ),
    # A decision
    accounts.OwnAccount.code: _(
        "You belong to this account yourself, so a colleague has to decide. Nothing was changed."
    ),
    remedies.FactsMoved.code: _(
        "The facts have changed since this page was opened. Nothing was decided; please review "
        "them again."
    ),
    remedies.AlreadyRemedied.code: _(
        "Another decision has already resolved this. Nothing was done twice."
    ),
    remedies.NothingChosen.code: _(
        "An approval needs a remedy. A changed remedy, a decline and an other correction need a "
        "reason. Nothing was decided."
    ),
    remedies.Short.MONEY: _(
        "The customer was promised %(amount)s for this before paying (clause 3.4). Give at least "
        "that."
    ),
    remedies.Short.CREDITS: _(
        "The customer was promised %(n)s credits for this before paying (clause 3.4). Give at "
        "least that."
    ),
    remedies.Short.KIND: _(
        "The customer was promised before paying that this purchase is delivered or paid back "
        "(clause 3.4). Choose one of them."
    ),
    remedies.LessThanTheLaw.code: _(
        "The law gives this consumer %(amount)s: a withdrawal is carried out and can’t be declined "
        "or lessened. Carry out the recommendation."
    ),
    remedies.SecondApproverNeeded.code: _("A colleague must approve this. Nothing was paid."),
    remedies.ApprovalTooEarly.code: _(
        "With a single operator, a waiting time must pass before the second approval. Nothing was "
        "paid."
    ),
    remedies.NothingToApprove.code: _("This no longer needs second approval. Nothing was changed."),
    remedies.TermsNotAtHand.code: TERMS_UNAVAILABLE,
    # A saved reply
    support.ReplyProblem.KNOWN: _("There’s already a reply with this title in this language."),
    support.ReplyProblem.PLACEHOLDER: _("“{%(name)s}” isn’t a placeholder. Nothing was saved."),
    support.ReplyProblem.LANGUAGE: _("Customers can’t choose this language. Nothing was saved."),
    support.ReplyProblem.CHANGED: _(
        "A colleague changed this reply since you opened the page. Nothing was saved; open the "
        "page again to read theirs."
    ),
    # A remedy
    remedies.Unfit.NO_ORDER: _("No order was named. First edit the subject and name the order."),
    remedies.Unfit.ALREADY_DELIVERED: _("The purchase is already in the account."),
    remedies.Unfit.UNPAID: _("This order isn’t paid, so there is nothing to deliver."),
    remedies.Unfit.EMPTY: _("This remedy gives nothing. Enter an amount or choose another one."),
    remedies.Unfit.NO_CHARGE: _("There is no charge to refund."),
    remedies.Unfit.DISPUTED: _(
        "The bank is disputing this charge, so it can’t be refunded until the bank decides. Give "
        "credits, or decide after that."
    ),
    remedies.Unfit.LOST: _("The bank took this charge back, so nothing is left to refund."),
    remedies.Unfit.REFUNDED: _(
        "This charge was already refunded in full: %(amount)s. Give credits, or decline."
    ),
    remedies.Unfit.NOT_REFUNDABLE_NOW: _(
        "The payment processor can’t refund this charge now. Give credits, or check with the "
        "processor."
    ),
    remedies.Unfit.MORE_THAN_USED: _(
        "Only %(n)s credits were used here. Give more as replacement credits."
    ),
    remedies.Unfit.TOO_MANY_CREDITS: _("At most %(n)s credits can be given at once."),
    remedies.Unfit.OUTAGE_RUNS: _(
        "This outage’s incident is still open. Close it first, so that its minutes are final and "
        "a false alarm isn’t paid for."
    ),
    # An order that is held for review
    support.DecisionUnderWay.code: _(
        "A colleague has already decided on this order, and the decision is being carried out. "
        "Nothing was changed."
    ),
    payments.RefundTooLarge.code: _(
        "That is more than can be refunded of this charge. Nothing was refunded."
    ),
    payments.NotHeld.code: _("This order is no longer held for review; see its status."),
    payments.NothingKept.code: _(
        "No payment is left on this order, so it can’t be delivered. Close it instead."
    ),
    payments.MoneyKept.code: _(
        "This order still has a payment. Deliver or refund it first. Nothing was changed."
    ),
    payments.BeingRefunded.code: _("A refund of this order is in progress. Nothing was changed."),
    payments.PeriodOver.code: _(
        "The paid billing period is unknown or over. Refund the order instead."
    ),
    payments.ChangedElsewhere.code: _(
        "This was charged for a change made at the payment processor within a paid billing period, "
        "so there’s nothing to deliver. Refund the order instead."
    ),
    payments.NotPaidElsewhere.code: _(
        "The payment processor doesn’t show this renewal’s invoice as paid outside of it. Nothing "
        "was recorded."
    ),
    payments.PaymentDay.code: _(
        "The payment can’t be in the future, nor more than a year ago. Nothing was recorded."
    ),
    # A refund by bank transfer
    payments.PaidElsewhere.code: _(
        "This was paid to us directly, so refunds of it always go by bank transfer. Nothing was "
        "changed."
    ),
    payments.NothingFailed.code: _(
        "No refund of this charge has failed. Money goes back the way it was paid; another way is "
        "for what came back. Nothing was changed."
    ),
    payments.RefundUnderWay.code: _(
        "A refund of this charge is in progress, so its way can’t change now. Nothing was changed."
    ),
    payments.NotAwaitingTransfer.code: _(
        "This refund no longer waits for a bank transfer; see its status. Nothing was recorded."
    ),
    payments.NotTransferred.code: _(
        "No bank transfer is recorded for this refund. Nothing was changed."
    ),
    payments.OtherAmount.code: _(
        "The transfer must be of the amount that was decided. Nothing was recorded."
    ),
    payments.LessIsKept.code: _(
        "This charge no longer keeps that much: it was refunded at the payment processor, or lost "
        "in a dispute. Cancel this transfer; if it was sent already, record that. Nothing was "
        "recorded."
    ),
    payments.ChargeDisputed.code: _(
        "The bank is disputing this charge and may take the money itself. Cancel this transfer, or "
        "wait until the bank decides; if it was sent already, record that. Nothing was recorded."
    ),
    payments.TransferDay.code: _(
        "The transfer can’t be sent before the refund was decided, nor in the future. Nothing was "
        "recorded."
    ),
    # Free credits
    ledger.GiftKeyReused.code: _(
        "This page gave other credits already. Reload it to give more. Nothing was changed."
    ),
    ledger.GiftOver.code: _("A colleague has already handled this. Nothing was changed."),
    ledger.GiftOverAlready.code: _("You have already handled this. Nothing was changed."),
    ledger.GiftAccountClosed.code: _("This account is closed. Nothing was given."),
    ledger.GiftNeedsAnother.code: _("A colleague must approve this. Nothing was given."),
    ledger.GiftTooEarly.code: _(
        "With a single operator, a waiting time must pass before the second approval. Nothing was "
        "given."
    ),
    ledger.NothingLeftOfGift.code: _("All of these credits are spent. Nothing was taken back."),
    ledger.LotStillHeld.code: _(
        "A generation holds %(held)s of these credits. Try again once it has ended."
    ),
    # An incident
    incidents.AlreadyOpen.code: _(
        "This feature already has an open incident. Close or correct that one first."
    ),
    incidents.NotRunning.code: _(
        "This incident is already closed. If its end is wrong, correct it."
    ),
    incidents.Withdrawn.code: _("This incident was withdrawn and can no longer be changed."),
    incidents.ProposalDecided.code: _("A colleague has already decided this proposal."),
    incidents.NotWithdrawn.code: _("This incident isn’t withdrawn. Nothing was changed."),
    incidents.AlreadyReviewed.code: _(
        "A colleague has already reviewed this. Nothing was changed."
    ),
    incidents.StartsLater.code: _("The start can’t be in the future. Nothing was changed."),
    incidents.StartsLongAgo.code: _(
        "The start is more than %(days)s days ago; check the year. Nothing was changed."
    ),
    incidents.EndsLater.code: _("The end can’t be in the future. Nothing was changed."),
    incidents.EndsFirst.code: _("The end must be after the start. Nothing was changed."),
    # A message of the payment processor
    webhook_inbox.NotParked.code: _(
        "A colleague has already handled this message. Nothing was changed."
    ),
}


def refusal_message(refusal: CodedError) -> str:
    """Return the sentence for a refusal, with its parameters as they are read."""
    return str(_SENTENCES[refusal.code]) % _readable(refusal.params)


def sentence_of(code: str, params: Mapping[str, object]) -> str:
    """Return the sentence for a refusal that was kept by its *code*; the code where it has none."""
    return str(_SENTENCES[code]) % _readable(params) if code in _SENTENCES else code


def _readable(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters with an amount of money as it is read."""
    if "amount_minor" not in params:
        return dict(params)
    amount, currency = int(str(params["amount_minor"])), str(params["currency"])
    return {**params, "amount": money(amount, currency)}
