"""An order at the desk: its charges, refunds, disputes and credits, and what colleagues did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.audit import queries as audit
from jewelrymodel.infra import clock
from jewelrymodel.infra.formats import money
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries as support
from jewelrymodel.support.statuses import ReviewAct
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.confirmed import PendingDecision, pending_decision
from jewelrymodel.web.desk.disputes import state_words
from jewelrymodel.web.desk.hold_messages import noted_hold_message
from jewelrymodel.web.desk.order_review_forms import OrderReviewForm
from jewelrymodel.web.desk.order_transfers import Filled, transfer_actions
from jewelrymodel.web.desk.refusal_messages import FACTS_UNAVAILABLE, TERMS_UNAVAILABLE

_AUDIT_LABELS = {
    "order.canceled": gettext_lazy("Canceled"),
    "order.charged_in_error": gettext_lazy("Charged in error"),
    "order.closed": gettext_lazy("Closed"),
    "order.delivered": gettext_lazy("Delivered after review"),
    "order.held": gettext_lazy("Held for review"),
    "order.paid_elsewhere": gettext_lazy("Payment recorded"),
    "order.payout_processor": gettext_lazy("Refunds go to the original payment method"),
    "order.payout_transfer": gettext_lazy("Refunds go by bank transfer"),
    "order.refunded": gettext_lazy("Refunded at the payment processor"),
    "order.transfer_canceled": gettext_lazy("Bank transfer canceled"),
    "order.transfer_failed": gettext_lazy("Bank transfer came back"),
    "order.transfer_succeeded": gettext_lazy("Refund sent by bank transfer"),
}


@dataclass(frozen=True)
class ReviewAction:
    """A way to resolve a held order: its address, its heading, what it does, and its button."""

    act: ReviewAct
    page: str
    title: str | Promise
    hint: str | Promise
    button: str | Promise


REVIEW_ACTIONS = (
    ReviewAction(
        ReviewAct.DELIVER,
        "desk_deliver_order",
        gettext_lazy("Deliver for the amount charged"),
        gettext_lazy("The credits are added. The customer is emailed the reason."),
        gettext_lazy("Deliver order"),
    ),
    ReviewAction(
        ReviewAct.REFUND,
        "desk_refund_order",
        gettext_lazy("Refund the remaining charge and close"),
        gettext_lazy("The customer is emailed the reason."),
        gettext_lazy("Refund and close"),
    ),
    ReviewAction(
        ReviewAct.CLOSE,
        "desk_close_order",
        gettext_lazy("Close: no payment is left"),
        gettext_lazy("Nothing is charged or refunded. The customer is emailed the reason."),
        gettext_lazy("Close order"),
    ),
)


@dataclass(frozen=True)
class HistoryEntry:
    """What was done to an order: when, what, by whom, and why; with a decision's address."""

    at: datetime
    title: str
    actor: str
    reason: str
    decision_id: str = ""


@require_safe
@for_staff(Act.DESK)
def order(request: StaffRequest, order_id: str) -> HttpResponse:
    """Show an order with its charges, refunds, disputes and what became of its credits."""
    return show_order(request, order_id)


def review_form(act: ReviewAct, posted: QueryDict | None = None) -> OrderReviewForm:
    """Return the form of one way to resolve a held order."""
    return OrderReviewForm(posted, auto_id=f"{act}_%s")


def show_order(
    request: StaffRequest,
    order_id: str,
    filled: Mapping[ReviewAct, OrderReviewForm] | None = None,
    *,
    transfer: Filled | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the order's page; while it is held, with the forms that resolve it.

    Of the *filled* ones, and that about a bank *transfer*, with what was typed, and why it was
    refused.
    """
    orders = Order.objects.select_related("product_version", "account", "terms_edition")
    row = orders.filter(pk=order_id).first()
    if row is None:
        raise Http404
    charges = payments.charges_of_order(order_id=row.pk)
    disputes = ChargeDispute.objects.filter(charge__in=charges).order_by("opened_at")
    refunds = Refund.objects.filter(charge__in=charges).order_by("created_at")
    confirmed, is_held = _confirmed(row), row.state == OrderState.REQUIRES_REVIEW
    may_transfer = may(StaffRole(request.staff.role), Act.BANK_TRANSFERS)
    context = {
        "order": row,
        "disputes": [(one, state_words(one)) for one in disputes],
        "charges": charges,
        "taxed": payments.taxed_charge(order_id=row.pk),
        "credit_notes": payments.credit_notes_of_order(order_id=row.pk),
        "refunds": refunds,
        "beyond": payments.paid_back_beyond(charges=charges).values(),
        "transfers": transfer_actions(row, charges, refunds, transfer) if may_transfer else [],
        "purchase": ledger.purchase(row.account_id, row.pk, clock.now()),
        "history": _history(row, list(refunds)),
        "confirmed": confirmed,
        "review": _review(row, charges, filled or {}) if is_held and not confirmed else None,
    }
    return render(request, "desk/order.html", context, status=status)


def _confirmed(row: Order) -> PendingDecision | None:
    """What was confirmed of one of the order's requests and can still be undone."""
    subject = support.order_subject(row)
    cases = support.open_about(account_id=row.account_id, subject=subject)
    pending = (pending_decision(one.pk, clock.now()) for one in cases)
    return next((one for one in pending if one is not None), None)


def _history(row: Order, refunds: list[Refund]) -> list[HistoryEntry]:
    """What was done to the order, and who decided each refund, oldest first."""
    rows = audit.entries_about(subject=f"order:{row.pk}")
    decisions = DecisionRecord.objects.in_bulk({one.decision_id for one in refunds})
    deciders = [one.decided_by for one in decisions.values()]
    names = actor_names.names([*(one.actor for one in rows), *deciders])
    entries = [
        HistoryEntry(
            one.happened_at,
            str(_AUDIT_LABELS.get(one.action, one.action)),
            names[one.actor],
            noted_hold_message(one.reason) if one.action == "order.held" else one.reason,
        )
        for one in rows
    ]
    for one in (refund for refund in refunds if not refund.is_adopted):
        amount = {"amount": money(one.amount_minor, one.currency)}
        title = _("Refund of %(amount)s decided") % amount
        if decision := decisions.get(one.decision_id):
            actor, reason = names[decision.decided_by], decision.reason
            entries.append(HistoryEntry(decision.decided_at, title, actor, reason, decision.pk))
        else:
            entries.append(HistoryEntry(one.created_at, title, "", one.reason))
    return sorted(entries, key=lambda one: one.at)


def _possible(charges: Sequence[Charge]) -> set[ReviewAct]:
    """What can be done with a held order: closed only while none of its money is kept."""
    if any(one.kept_minor for one in charges):
        return {ReviewAct.DELIVER, ReviewAct.REFUND}
    return {ReviewAct.CLOSE} if charges else set(ReviewAct)


def _review(
    row: Order, charges: Sequence[Charge], filled: Mapping[ReviewAct, OrderReviewForm]
) -> dict[str, object]:
    """What a person needs to resolve a held order: what the processor says of it now."""
    possible = {*_possible(charges), *filled}
    actions = [
        (one, filled.get(one.act) or review_form(one.act))
        for one in REVIEW_ACTIONS
        if one.act in possible
    ]
    request = support.order_request(row, now=clock.now())
    try:
        assessment = deciding.assess(request=request, now=clock.now())
    except (ProcessorDown, ProcessorRefused):
        return {"actions": actions, "problem": FACTS_UNAVAILABLE, "signature": "", "facts": []}
    except deciding.TermsNotAtHand:
        return {"actions": actions, "problem": TERMS_UNAVAILABLE, "signature": "", "facts": []}
    facts = DecisionDisplay(assessment.decision).facts
    return {
        "actions": actions,
        "problem": "",
        "signature": assessment.signature,
        "facts": [one for one in facts if one.name.startswith("charge.")],
    }
