"""What the policy says of a request on our records: decided by nobody yet, nothing written."""

import logging
from datetime import datetime

from jewelrymodel.catalog import terms
from jewelrymodel.policy.decide import decide
from jewelrymodel.policy.editions_in_force import NoEdition
from jewelrymodel.remedies import rules
from jewelrymodel.remedies.assessments import Assessment, RequestFacts
from jewelrymodel.remedies.queries.earlier_remedies import before
from jewelrymodel.remedies.queries.record_facts import begun_at, gather, order_of

log = logging.getLogger(__name__)


class TermsNotAtHand(LookupError):
    """The text of the refund policy that this rests on isn't at hand. Nothing is decided by it."""


def assess(*, request: RequestFacts, now: datetime) -> Assessment:
    """Return the decision that the policy gives on this request's records at *now*.

    Substance is governed by the edition that the order recorded (edge 11), if its text is the one
    that was recorded: else TermsNotAtHand is raised, and nobody decides by another. Raises
    UnknownSubject, ProcessorDown and ProcessorRefused.
    """
    order_id = order_of(request)
    earlier = before(request, order_id=order_id)
    found = gather(request, order_id, earlier, now=now)
    order = found.order
    try:
        terms.in_force(request.requested_at)  # where its text is missing, an older one is no answer
        decision = decide(
            found.facts,
            terms.editions(),
            purchased_at=begun_at(order) if order else None,
            requested_at=request.requested_at,
            pinned_on=order.terms_edition.edition_on if order else None,
            pinned_sha256=order.terms_sha256 if order else "",
        )
    except NoEdition as problem:
        log.error("nothing is decided about %s: %s", request.subject, problem)
        raise TermsNotAtHand(TermsNotAtHand.__doc__) from problem
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
        order_id=order_id,
        rounds=earlier.rounds,
    )
