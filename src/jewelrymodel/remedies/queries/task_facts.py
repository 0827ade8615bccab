"""Facts of a generation task: its images, and the credits that it took, keeps and still owes."""

from datetime import datetime

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.generation.statuses import TASK_OPEN, ItemState
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.remedies.assessments import RequestFacts
from jewelrymodel.remedies.queries.order_facts import UnknownSubject
from jewelrymodel.remedies.rules import fact_digests, owed_credits


def task_of(request: RequestFacts) -> Task:
    """Return the task that the request is about; raises UnknownSubject."""
    try:
        return generation.task(account_id=request.account_id, task_id=request.subject.id)
    except Task.DoesNotExist:
        raise UnknownSubject(task=request.subject.id) from None


def task_facts(request: RequestFacts, restored: int, now: datetime) -> dict[str, Fact]:
    """Return the task's facts; what it cost is less the credits that decisions have *restored*."""
    task = task_of(request)
    fate = ledger.hold_fate(task.account_id, task.hold_id)
    items = generation.items(task)
    delivered = [one for one in items if one.state == ItemState.DELIVERED]
    values: dict[str, Value] = {
        "task.status": task.status,
        "task.captured_credits": max(0, fate.captured - restored),
        "task.ordered_images": len(items),
        "task.delivered_images": len(delivered),
        "task.owed_credits": owed_credits.owed_credits(
            ended=task.status not in TASK_OPEN,
            held=task.credits_held,
            is_open=fate.is_open,
            captured=fate.captured,
            delivered=sum(one.credits for one in delivered if not one.late),
            given=restored,
        ),
        "task.sound": all(one.asset.fidelity.get("passed", False) for one in delivered),
        "lookup.technical_logs": True,
    }
    return fact_digests.facts_of_record(values, record=f"task:{task.pk}", at=now)
