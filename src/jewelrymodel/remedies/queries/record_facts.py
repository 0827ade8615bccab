"""Every fact that our own records give about a request, each with the record it was read from.

A fact is a named value (`policy/facts.py` lists them all). A request is about an order, a task or
the account. Facts of the request, its account and our limits are always there; a task adds its own
(`task_facts.py`) and leads to the order whose credits it took first; an order adds its purchase,
credits and outages (`order_facts.py`). Only the database is read: what the payment processor says
is added by `operations/processor_facts.py`.
"""

from datetime import datetime

from django.conf import settings

from jewelrymodel.accounts.jurisdictions import jurisdiction
from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.money import in_currency
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Refund
from jewelrymodel.payments.statuses import RefundState
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.policy.law import WITHDRAWAL
from jewelrymodel.remedies.assessments import RequestFacts, SubjectKind
from jewelrymodel.remedies.queries.earlier_remedies import EarlierRemedies
from jewelrymodel.remedies.queries.order_facts import OrderRecords, error_fact, order_facts
from jewelrymodel.remedies.queries.task_facts import task_facts, task_of
from jewelrymodel.remedies.queries.withdrawal_facts import withdrawal_facts
from jewelrymodel.remedies.rules import fact_digests, grounds


def order_id_of(request: RequestFacts) -> str:
    """Return the order that the request is about, or whose credits its task took first; else empty.

    Raises UnknownSubject for a task that isn't the account's.
    """
    if request.subject.kind == SubjectKind.ORDER:
        return request.subject.id
    if request.subject.kind != SubjectKind.TASK:
        return ""
    task = task_of(request)
    return next(iter(ledger.hold_fate(task.account_id, task.hold_id).order_ids), "")


def record_facts(
    request: RequestFacts, purchase: OrderRecords | None, earlier: EarlierRemedies, *, now: datetime
) -> dict[str, Fact]:
    """Return every fact that our records give at *now*; of an order's where there is a *purchase*.

    What *earlier* decisions made good is taken off. Raises UnknownSubject.
    """
    facts = {**_request(request, now), **_account(request.account_id, now)}
    facts |= _limits(purchase.order.currency if purchase else "", now)
    facts |= fact_digests.facts_of_record(
        {"history.decided_by_person": earlier.by_person}, record="decisions", at=now
    )
    if request.subject.kind == SubjectKind.TASK:
        facts |= task_facts(request, earlier.credits, now)
    else:
        facts |= fact_digests.facts_of_record(
            {"lookup.technical_logs": True}, record="tasks", at=now
        )
    if purchase is None:
        return facts | fact_digests.facts_of_record({"lookup.law": True}, record="account", at=now)
    if grounds.ground_of(request.category) == WITHDRAWAL:
        facts |= withdrawal_facts(purchase.order, request.requested_at, now)
    return facts | order_facts(purchase, request, earlier.outage_minutes, now)


def _request(request: RequestFacts, now: datetime) -> dict[str, Fact]:
    values: dict[str, Value] = {
        "request.ground": grounds.ground_of(request.category),
        "request.identity_level": request.identity_level,
    }
    facts = fact_digests.facts_of_record(values, record="request", at=now)
    return facts | error_fact(request.verified_records, now)


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
    return fact_digests.facts_of_record(values, record=f"account:{account_id}", at=now)


def _limits(currency: str, now: datetime) -> dict[str, Fact]:
    """In the minor unit of what was paid; without a purchase no money is refunded."""
    values: dict[str, Value] = {
        "limit.machine_minor": in_currency(settings.MACHINE_LIMIT_MINOR, currency),
        "limit.second_person_minor": in_currency(settings.SECOND_APPROVAL_LIMIT_MINOR, currency),
    }
    return fact_digests.facts_of_record(values, record="setting:limits", at=now)
