"""Facts of a generation task: its images, and the credits that it took, keeps and still owes."""

from collections.abc import Sequence
from datetime import datetime

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Asset, Task
from jewelrymodel.generation.statuses import TASK_OPEN, GeneratorName, ItemState
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.policy.facts import LONGEST_TEXT, Fact, Value
from jewelrymodel.remedies.assessments import RequestFacts
from jewelrymodel.remedies.queries.order_facts import UnknownSubject
from jewelrymodel.remedies.rules import fact_digests, owed_credits
from jewelrymodel.studio.image_check_record import miss_rate


def task_of(request: RequestFacts) -> Task:
    """Return the task that the request is about; raises UnknownSubject."""
    try:
        return generation.task(account_id=request.account_id, task_id=request.subject.id)
    except Task.DoesNotExist:
        raise UnknownSubject(task=request.subject.id) from None


def task_facts(request: RequestFacts, restored: int, now: datetime) -> dict[str, Fact]:
    """Return the task's facts; what it cost is less the credits that decisions have *restored*.

    An image in which a person confirmed visible damage was not delivered: it is owed (5.3), and
    that the automatic check passed it counts no more.
    """
    task = task_of(request)
    fate = ledger.hold_fate(task.account_id, task.hold_id)
    items = generation.items(task)
    made = [one for one in items if one.state == ItemState.DELIVERED]
    delivered = [one for one in made if one.asset.damage_confirmed_at is None]
    values: dict[str, Value] = {
        "task.status": task.status,
        "task.captured_credits": max(0, fate.captured - restored),
        "task.ordered_images": len(items),
        "task.delivered_images": len(delivered),
        "task.damaged_images": len(made) - len(delivered),
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
    facts = fact_digests.facts_of_record(values, record=f"task:{task.pk}", at=now)
    return facts | _check_facts([one.asset for one in made], now)


def _check_facts(images: Sequence[Asset], now: datetime) -> dict[str, Fact]:
    """Which version of the automatic check passed the images, and how often it was wrong in tests.

    Of several versions all are named, and the rate is the worst that is known.
    """
    if not images:
        return {}
    versions = " + ".join(sorted({one.check_version for one in images}))
    values: dict[str, Value] = {"task.check_version": versions[:LONGEST_TEXT]}
    rates = [miss_rate(one.check_version, own_look=_is_own(one)) for one in images]
    known = [one for one in rates if one is not None]
    if known:
        worst = max(known, key=lambda rate: rate.share)
        values["task.check_planted_damages"] = worst.pictures
        values["task.check_missed_damages"] = worst.wrong
    return fact_digests.facts_of_record(values, record="record of the check’s tests", at=now)


def _is_own(image: Asset) -> bool:
    """Whether our own renderer made it, so that the check knew what lies behind the piece."""
    return image.generator == GeneratorName.EMBEDDED
