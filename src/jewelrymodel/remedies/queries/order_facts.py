"""Facts of an order: how it was bought, whether it is a duplicate, its credits, its outages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.accounts.jurisdictions import jurisdiction
from jewelrymodel.incidents import queries as incidents
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.period import Period
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.rules import checkout_terms
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.remedies.assessments import RequestFacts
from jewelrymodel.remedies.rules import fact_digests, owed_credits


class UnknownSubject(CodedError):
    """There is no such order or task in this account."""


@dataclass(frozen=True)
class OrderRecords:
    """An order and its charges, oldest first."""

    order: Order
    charges: tuple[Charge, ...]

    @property
    def charges_kept(self) -> tuple[Charge, ...]:
        """The charges of which we still have money."""
        return tuple(one for one in self.charges if one.kept_minor)

    @property
    def charge(self) -> Charge | None:
        """What a refund would be of: the newest charge that we have money of, else the newest."""
        return next(reversed(self.charges_kept or self.charges), None)

    @property
    def is_paid_once(self) -> bool:
        """Whether we have the money of exactly one charge; a second one brought no credits."""
        return len(self.charges_kept) == 1

    @property
    def is_returned(self) -> bool:
        """Whether all of the money went back, so that nothing is owed for it any more."""
        return bool(self.charges) and not self.charges_kept

    @property
    def purchased_at(self) -> datetime:
        """When it was bought: when the money moved; before that, when it was ordered."""
        return self.order.paid_at or self.order.created_at


def order_records(account_id: str, order_id: str) -> OrderRecords:
    """Return one of the account's orders with its charges; raises UnknownSubject."""
    try:
        order = payments.order(account_id=account_id, order_id=order_id)
    except payments.NoSuchOrder:
        raise UnknownSubject(order=order_id) from None
    return OrderRecords(order, tuple(payments.charges_of_order(order_id=order.pk)))


def order_facts(
    purchase: OrderRecords, request: RequestFacts, minutes_made_good: int, now: datetime
) -> dict[str, Fact]:
    """Return the order's facts; *minutes_made_good* of its outages were compensated before."""
    facts = fact_digests.facts_of_record(
        _purchase(purchase, request.requested_at), record=f"order:{purchase.order.pk}", at=now
    )
    facts |= _duplicate(purchase, request.verified_records, now)
    facts |= _credits(purchase.order, now)
    return facts | _outage(purchase.order, minutes_made_good, now)


def error_fact(linked: Collection[str], now: datetime) -> dict[str, Fact]:
    """Return whether a person has *linked* records that show an error (6.4)."""
    record = ",".join(linked) or "no record linked"
    return fact_digests.facts_of_record({"error.verified": bool(linked)}, record=record, at=now)


def _purchase(purchase: OrderRecords, requested_at: datetime) -> dict[str, Value]:
    order, plan = purchase.order, purchase.order.subscription
    age = requested_at - purchase.purchased_at
    return {
        "purchase.kind": order.product_version.kind,
        "purchase.first": payments.is_first(order),
        "purchase.age_minutes": max(0, int(age.total_seconds() // 60)),
        "purchase.canceled": bool(plan and plan.cancel_requested_at),
        "purchase.charged_after_cancel": order.state == OrderState.REFUND_DUE,
        "purchase.checkout_terms": checkout_terms(order.disclosures),
        "purchase.legal_class": order.product_version.legal_class,
        "purchase.charges": len(purchase.charges),
        "purchase.returned_minor": sum(one.refunded_minor for one in purchase.charges),
        "buyer.capacity": order.buyer_capacity,
        "buyer.jurisdiction": jurisdiction(order.country),
        "lookup.law": True,
    }


def _duplicate(purchase: OrderRecords, linked: Collection[str], now: datetime) -> dict[str, Fact]:
    """Whether the order is a duplicate, and what was used beyond the one that survives (edge 5).

    Two charges of one order are certain while we keep the money of both; the second brings no
    credits, so none of its can be used. Two purchases within minutes only look alike, until a
    person has linked the earlier one: that link is then no proof of another error (6.4).
    """
    order = purchase.order
    pairs = payments.same_purchases_as(order)
    earlier = next((one for one, later in pairs if later.pk == order.pk), None)
    certainty, overused, facts = "none", 0, dict[str, Fact]()
    if earlier is not None:
        link = f"order:{earlier.pk}"
        facts = error_fact([one for one in linked if one != link], now)
        certainty = "certain" if link in linked else "suspected"
        first, later = (ledger.purchase(one.account_id, one.pk, now) for one in (earlier, order))
        overused = owed_credits.overused(used=(first.used, later.used), granted=first.granted)
    if len(purchase.charges_kept) > 1:
        certainty, overused = "certain", 0
    values: dict[str, Value] = {
        "purchase.duplicate": certainty,
        "purchase.duplicate_overused_credits": overused,
    }
    return facts | fact_digests.facts_of_record(values, record=f"order:{order.pk}", at=now)


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
    return fact_digests.facts_of_record(values, record=f"lot:{lot}", at=now)


def _outage(order: Order, minutes_made_good: int, now: datetime) -> dict[str, Fact]:
    """Only a billing period has minutes that an outage can take (edge 10), each of them once."""
    if not (order.period_starts_at and order.period_ends_at):
        return {}
    paid = Period(order.period_starts_at, order.period_ends_at)
    features = order.product_version.features
    outages = incidents.outages(features=features, within=paid, now=now)
    minutes = incidents.affected_minutes(features=features, paid=paid, now=now)
    values: dict[str, Value] = {
        "outage.minutes": max(0, minutes - minutes_made_good),
        "period.minutes": int((paid.ends_at - paid.starts_at).total_seconds() // 60),
    }
    record = ",".join(f"incident:{one.pk}" for one in outages) or "no incident"
    return fact_digests.facts_of_record(values, record=record, at=now)
