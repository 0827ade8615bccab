"""What the policy says of a request on our records: decided by nobody yet, nothing written."""

from datetime import datetime

from jewelrymodel.catalog import terms
from jewelrymodel.policy.decide import decide
from jewelrymodel.remedies import rules
from jewelrymodel.remedies.queries.before import before
from jewelrymodel.remedies.queries.records import begun_at, gather
from jewelrymodel.remedies.values import Assessment, RequestFacts


def assess(*, request: RequestFacts, now: datetime) -> Assessment:
    """Return the decision that the policy gives on this request's records at *now*.

    Substance is governed by the edition that the order recorded (edge 11). Raises UnknownSubject,
    ProcessorDown and ProcessorRefused.
    """
    earlier = before(request)
    found = gather(request, earlier, now=now)
    order = found.order
    decision = decide(
        found.facts,
        terms.editions(),
        purchased_at=begun_at(order) if order else None,
        requested_at=request.requested_at,
        pinned_on=order.terms_edition.edition_on if order else None,
    )
    said = [
        decision.outcome.value,
        decision.draft.value,
        [(one.kind.value, one.credits, one.amount_minor) for one in decision.remedies],
    ]
    values = {name: fact.value for name, fact in found.facts.items()}
    return Assessment(
        request=request,
        decision=decision,
        signature=rules.signature(values, said),
        charge_id=found.charge_id,
        takes_lot=found.takes_lot,
        rounds=earlier.rounds,
    )
