"""Whether what makes good an outage rests on an incident that isn't over yet."""

from jewelrymodel.incidents import queries as incidents
from jewelrymodel.policy.amounts import FORMULAS, Loss
from jewelrymodel.policy.decision import Decision

_MINUTES, _INCIDENT = "outage.minutes", "incident:"


def rests_on_running_outage(decision: Decision) -> bool:
    """Return whether a remedy of *decision* makes good an outage of which an incident still runs.

    Its minutes aren't final, and nobody has said yet that it was one: an alarm that proves false is
    withdrawn, and what it paid stays with its customer. So it waits until a person closes it.
    """
    fact = decision.facts.get(_MINUTES)
    if fact is None or not any(
        FORMULAS[one.formula].loss is Loss.OUTAGE for one in decision.remedies
    ):
        return False
    named = {one.removeprefix(_INCIDENT) for one in fact.record.split(",")}
    return any(one.pk in named for one in incidents.running())
