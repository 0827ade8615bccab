"""Tasks whose holds keep more than what they delivered: what a reconciler looks for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from jewelrymodel.generation.models import Asset, Task
from jewelrymodel.generation.statuses import TASK_OPEN, ItemState
from jewelrymodel.ledger.models import Hold
from jewelrymodel.ledger.movement_kinds import HoldState


@dataclass(frozen=True)
class Ended:
    """A task that ended: what was held for it, and the price of what it delivered in time."""

    task_id: str
    account_id: str
    hold_id: str
    held: int
    delivered: int


def ended_tasks(*, since: datetime, before: datetime) -> QuerySet[Task]:
    """Return the tasks that ended in that time, oldest first."""
    tasks = Task.objects.filter(finished_at__gte=since, finished_at__lt=before)
    return tasks.exclude(status__in=TASK_OPEN).order_by("finished_at")


def ended_owing(*, since: datetime, before: datetime) -> list[Ended]:
    """Return the tasks that ended in that time and whose hold keeps more than what they delivered,
    priced as ``delivered_credits`` does, or is open still; oldest first.

    Those with damaged images are left to ``damaged_owing``. A month of tasks is one query, and only
    suspects leave the database.
    """
    damaged = Asset.objects.filter(item__task=OuterRef("pk"), damage_confirmed_at__isnull=False)
    tasks = ended_tasks(since=since, before=before).filter(~Exists(damaged))
    return _owing(tasks, Q(items__state=ItemState.DELIVERED, items__late=False))


def damaged_owing(*, since: datetime, before: datetime) -> list[Ended]:
    """Return such tasks that ended and of which an image was confirmed as damaged in that time.

    Priced without what is damaged: that was not delivered. One query however many they are.
    """
    confirmed = Asset.objects.filter(
        damage_confirmed_at__gte=since, damage_confirmed_at__lt=before
    ).values("item__task")
    whole = Q(items__state=ItemState.DELIVERED, items__late=False)
    whole &= Q(items__asset__damage_confirmed_at__isnull=True)
    tasks = Task.objects.filter(pk__in=confirmed).exclude(status__in=TASK_OPEN)
    return _owing(tasks.order_by("finished_at"), whole)


def _owing(tasks: QuerySet[Task], delivered: Q) -> list[Ended]:
    hold = Hold.objects.filter(pk=OuterRef("hold_id"))
    priced = tasks.annotate(
        delivered=Sum("items__credits", filter=delivered, default=0),
        is_held=Exists(hold.filter(state=HoldState.HELD)),
        captured=Subquery(hold.values("captured")),
    )
    owing = priced.filter(Q(is_held=True) | Q(captured__gt=F("delivered")))
    fields = ("id", "account_id", "hold_id", "credits_held", "delivered")
    return [Ended(*row) for row in owing.values_list(*fields)]
