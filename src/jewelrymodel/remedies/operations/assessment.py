"""What the policy says of a request on our records: decided by nobody yet, nothing written.

Our own records come first (`queries/record_facts.py`), then what only the payment processor knows
(`operations/processor_facts.py`); the policy (`policy/rule_evaluation.py`) reads both. It is no
query: it asks the processor, so it can fail and it can be slow.
"""

import logging
from datetime import datetime

from jewelrymodel.catalog import law, terms
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.policy.promise_comparison import agreed_lines, refs
from jewelrymodel.policy.rule_evaluation import decide
from jewelrymodel.promises import queries as promises
from jewelrymodel.remedies.assessments import Assessment, RequestFacts, SubjectKind
from jewelrymodel.remedies.operations.processor_facts import processor_facts
from jewelrymodel.remedies.queries.earlier_remedies import earlier_remedies
from jewelrymodel.remedies.queries.order_facts import order_records
from jewelrymodel.remedies.queries.record_facts import order_id_of, record_facts
from jewelrymodel.remedies.rules import fact_digests

log = logging.getLogger(__name__)


class TermsNotAtHand(CodedError):
    """The text of the refund policy that this rests on isn't at hand. Nothing is decided by it."""


def assess(*, request: RequestFacts, now: datetime) -> Assessment:
    """Return the decision that the policy gives on this request's records at *now*.

    Substance is governed by the edition that the order recorded (edge 11), if its text is the one
    that was recorded: else TermsNotAtHand is raised, and nobody decides by another. What was
    promised before it was paid counts beside it (3.4). Raises UnknownSubject, ProcessorDown and
    ProcessorRefused.
    """
    order_id = order_id_of(request)
    earlier = earlier_remedies(request, order_id=order_id)  # before the facts: see there
    purchase = order_records(request.account_id, order_id) if order_id else None
    order = purchase.order if purchase else None
    of_task = request.subject.kind == SubjectKind.TASK
    try:
        terms.in_force(request.requested_at)  # where its text is missing, an older one is no answer
        facts = record_facts(request, purchase, earlier, now=now)
        facts |= processor_facts(purchase, now=now)
        kept = promises.promises_for(order, task_id=request.subject.id if of_task else "")
        decision = decide(
            facts,
            terms.editions(),
            purchased_at=purchase.purchased_at if purchase else None,
            requested_at=request.requested_at,
            pinned_on=order.terms_edition.edition_on if order else None,
            pinned_sha256=order.terms_sha256 if order else "",
            promised=[ref for one in kept for ref in refs(one.lines, sha256=one.sha256)],
            laws=law.laws(),
        )
    except terms.UNREADABLE as problem:
        log.error("nothing is decided about %s: %s", request.subject, problem)
        raise TermsNotAtHand from problem
    conclusion = [
        decision.outcome.value,
        decision.draft.value,
        [(one.kind.value, one.credits, one.amount_minor) for one in decision.remedies],
    ]
    values = {name: fact.value for name, fact in facts.items()}
    charge = purchase.charge if purchase else None
    return Assessment(
        request=request,
        decision=decision,
        signature=fact_digests.signature(values, conclusion),
        charge_id=charge.pk if charge else "",
        revokes_credits=bool(purchase and purchase.is_paid_once and purchase.order.delivered_at),
        order_id=order_id,
        rounds=earlier.rounds,
        promised=agreed_lines([line for one in kept for line in one.lines], decision),
    )
