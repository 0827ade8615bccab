"""Facts from records: of the order, its charge at the processor, its credits, a job, an account."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from jewelrymodel.accounts.jurisdictions import jurisdiction
from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.generation.statuses import TASK_OPEN, ItemState
from jewelrymodel.incidents import queries as incidents
from jewelrymodel.kernel.period import Period
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.rules import checkout_terms
from jewelrymodel.payments.statuses import OrderState, RefundState
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.remedies import rules
from jewelrymodel.remedies.assessments import RequestFacts, SubjectKind
from jewelrymodel.remedies.queries.earlier_remedies import Before


class UnknownSubject(LookupError):
    """There is no such order or job in this account."""


@dataclass(frozen=True)
class Found:
    """Facts, and what a refund would be of: the charge, and whether it takes the credits back."""

    facts: Mapping[str, Fact]
    order: Order | None = None
    charge_id: str = ""
    takes_lot: bool = False


def order_of(request: RequestFacts) -> str:
    """Return the order that the request is about, or whose credits its job took first; else empty.

    Raises UnknownSubject for a job that isn't the account's.
    """
    if request.subject.kind == SubjectKind.ORDER:
        return request.subject.id
    if request.subject.kind != SubjectKind.TASK:
        return ""
    task = _own_task(request)
    return next(iter(ledger.hold_fate(task.account_id, task.hold_id).order_ids), "")


def gather(request: RequestFacts, order_id: str, earlier: Before, *, now: datetime) -> Found:
    """Return every fact that the request's records give at *now*, each with where it comes from.

    Asks the processor about the charge. Raises UnknownSubject, ProcessorDown and ProcessorRefused.
    """
    facts = {**_request(request, now), **_account(request.account_id, now), **_limits(now)}
    facts |= rules.known(
        {"history.decided_by_person": earlier.by_person}, record="decisions", at=now
    )
    if request.subject.kind == SubjectKind.TASK:
        facts |= _task(request, earlier.credits, now)
    else:
        facts |= rules.known({"lookup.technical_logs": True}, record="tasks", at=now)
    if not order_id:
        facts |= rules.known({"lookup.payment_records": True}, record="charges", at=now)
        facts |= rules.known({"lookup.law": True}, record="account", at=now)
        return Found(facts)
    return _of_order(request, order_id, facts, earlier.outage_minutes, now)


def _of_order(
    request: RequestFacts, order_id: str, facts: Mapping[str, Fact], made_good: int, now: datetime
) -> Found:
    try:
        order = payments.order(account_id=request.account_id, order_id=order_id)
    except payments.NoSuchOrder:
        raise UnknownSubject(order_id) from None
    charges = payments.charges_of_order(order_id=order.pk)
    kept = [one for one in charges if one.kept_minor]
    charge = next(reversed(kept or charges), None)
    purchase = _purchase(order, request.requested_at, now)
    purchase |= {
        "purchase.charges": len(charges),
        "purchase.returned_minor": sum(one.refunded_minor for one in charges),
    }
    if charges and not kept:  # all of it went back, so nothing is owed for it any more
        purchase["purchase.paid"] = False
    found = {**facts, **rules.known(purchase, record=f"order:{order.pk}", at=now)}
    found |= _duplicate(order, len(kept), request.verified_records, now)
    found |= _credits(order, now)
    found |= _outage(order, made_good, now)
    found |= _charge(charge, now)
    takes_lot = len(kept) == 1 and order.delivered_at is not None
    return Found(found, order, charge.pk if charge else "", takes_lot)


def begun_at(order: Order) -> datetime:
    """Return when it was bought: when the money moved; before that, when it was ordered."""
    return order.paid_at or order.created_at


def _request(request: RequestFacts, now: datetime) -> dict[str, Fact]:
    values: dict[str, Value] = {
        "request.ground": request.category,
        "request.identity_level": request.identity_level,
    }
    return rules.known(values, record="request", at=now) | _error(request.verified_records, now)


def _error(proof: Collection[str], now: datetime) -> dict[str, Fact]:
    """Whether a person linked records that show an error."""
    record = ",".join(proof) or "no record linked"
    return rules.known({"error.verified": bool(proof)}, record=record, at=now)


def _account(account_id: str, now: datetime) -> dict[str, Fact]:
    account = Account.objects.get(pk=account_id)
    refunded = Refund.objects.filter(account_id=account_id, state=RefundState.SUCCEEDED)
    values: dict[str, Value] = {
        "account.closed": account.closed_at is not None,
        "account.refunds_before": refunded.count(),
        "account.disputes_before": len(payments.disputes(account_id=account_id)),
        "buyer.capacity": account.buyer_capacity,
        "buyer.jurisdiction": jurisdiction(account.country),
        "lookup.account_history": True,
    }
    return rules.known(values, record=f"account:{account_id}", at=now)


def _limits(now: datetime) -> dict[str, Fact]:
    values: dict[str, Value] = {
        "limit.machine_minor": settings.MACHINE_LIMIT_MINOR,
        "limit.second_person_minor": settings.SECOND_PERSON_LIMIT_MINOR,
    }
    return rules.known(values, record="setting:limits", at=now)


def _purchase(order: Order, requested_at: datetime, now: datetime) -> dict[str, Value]:
    plan = order.subscription
    payment = paying.look_up_payment(account_id=order.account_id, order_id=order.pk, now=now)
    return {
        "purchase.kind": order.product_version.kind,
        "purchase.paid": payment.is_paid,
        "purchase.held": payment.is_held,
        "purchase.first": payments.is_first(order),
        "purchase.age_minutes": max(0, int((requested_at - begun_at(order)).total_seconds() // 60)),
        "purchase.canceled": bool(plan and plan.cancel_requested_at),
        "purchase.charged_after_cancel": order.state == OrderState.REFUND_DUE,
        "purchase.checkout_terms": checkout_terms(order.disclosures),
        "purchase.legal_class": order.product_version.legal_class,
        "buyer.capacity": order.buyer_capacity,
        "buyer.jurisdiction": jurisdiction(order.country),
        "lookup.law": True,
    }


def _duplicate(order: Order, kept: int, linked: Collection[str], now: datetime) -> dict[str, Fact]:
    """Whether the order is a duplicate, and what was used beyond the one that survives (edge 5).

    Two charges of one order are certain while we keep the money of both; the second brings no
    credits, so none of its can be used. Two purchases within minutes only look alike, until a
    person has linked the earlier one: that link is then no proof of another error (6.4).
    """
    pairs = payments.same_purchases_as(order)
    earlier = next((one for one, later in pairs if later.pk == order.pk), None)
    word, used, facts = "none", 0, dict[str, Fact]()
    if earlier is not None:
        link = f"order:{earlier.pk}"
        facts = _error([one for one in linked if one != link], now)
        word = "certain" if link in linked else "suspected"
        first, later = (ledger.purchase(one.account_id, one.pk, now) for one in (earlier, order))
        used = rules.overused(used=(first.used, later.used), granted=first.granted)
    if kept > 1:
        word, used = "certain", 0
    values: dict[str, Value] = {
        "purchase.duplicate": word,
        "purchase.duplicate_overused_credits": used,
    }
    return facts | rules.known(values, record=f"order:{order.pk}", at=now)


def _credits(order: Order, now: datetime) -> dict[str, Fact]:
    bought, version = ledger.purchase(order.account_id, order.pk, now), order.product_version
    values: dict[str, Value] = {
        "purchase.delivered": bought.granted > 0,
        "lot.granted_credits": bought.granted,
        "lot.remaining_credits": bought.remaining,
        "lot.used_credits": bought.used,
        "lot.held_credits": bought.held,
        "lot.expires": bool(order.period_ends_at or version.credits_expire_after_days),
    }
    lot = bought.lot_ids[0] if bought.lot_ids else "none"
    return rules.known(values, record=f"lot:{lot}", at=now)


def _outage(order: Order, made_good: int, now: datetime) -> dict[str, Fact]:
    """Only a paid period has minutes that an outage can take (edge 10), each of them once."""
    if not (order.period_starts_at and order.period_ends_at):
        return {}
    paid = Period(order.period_starts_at, order.period_ends_at)
    features = order.product_version.features
    touching = incidents.outages(features=features, within=paid, now=now)
    minutes = incidents.minutes_touched(features=features, paid=paid, now=now)
    values: dict[str, Value] = {
        "outage.minutes": max(0, minutes - made_good),
        "period.minutes": int((paid.ends_at - paid.starts_at).total_seconds() // 60),
    }
    record = ",".join(f"incident:{one.pk}" for one in touching) or "no incident"
    return rules.known(values, record=record, at=now)


def _charge(charge: Charge | None, now: datetime) -> dict[str, Fact]:
    """What the processor says of the charge; nothing charged is a fact of our records too."""
    if charge is None:
        return rules.known({"lookup.payment_records": True}, record="no charge", at=now)
    seen = paying.look_up_charge(account_id=charge.account_id, charge_id=charge.pk, now=now)
    values: dict[str, Value] = {
        "charge.paid_minor": charge.paid_minor,
        "charge.refunded_minor": max(charge.refunded_minor, seen.refunded_minor),
        "charge.lost_minor": charge.lost_minor,
        "charge.refundable_minor": seen.refundable_minor,
        "charge.dispute": seen.dispute,
        "charge.currency": charge.currency,
        "lookup.payment_records": True,
    }
    return rules.known(values, record=f"charge:{charge.pk}", at=now, sha256=seen.sha256)


def _own_task(request: RequestFacts) -> Task:
    try:
        return generation.task(account_id=request.account_id, task_id=request.subject.id)
    except Task.DoesNotExist:
        raise UnknownSubject(request.subject.id) from None


def _task(request: RequestFacts, given: int, now: datetime) -> dict[str, Fact]:
    """The job's facts; what it cost is less what was *given* back for it by earlier decisions."""
    task = _own_task(request)
    fate = ledger.hold_fate(task.account_id, task.hold_id)
    items = generation.items(task)
    delivered = [one for one in items if one.state == ItemState.DELIVERED]
    values: dict[str, Value] = {
        "task.status": task.status,
        "task.captured_credits": max(0, fate.captured - given),
        "task.ordered_images": len(items),
        "task.delivered_images": len(delivered),
        "task.owed_credits": rules.owed_credits(
            ended=task.status not in TASK_OPEN,
            held=task.credits_held,
            is_open=fate.is_open,
            captured=fate.captured,
            delivered=sum(one.credits for one in delivered if not one.late),
            given=given,
        ),
        "task.sound": all(one.asset.fidelity.get("passed", False) for one in delivered),
        "lookup.technical_logs": True,
    }
    return rules.known(values, record=f"task:{task.pk}", at=now)
