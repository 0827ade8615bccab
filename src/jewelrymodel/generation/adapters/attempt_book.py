"""The book of requests to providers: noted before they are sent, booked when they end.

Every write is committed at once, so that whoever comes after a crash reads what was done. Two
workers can't send one image's request twice: the database lets one be open.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Sum, When

from jewelrymodel.generation.adapters.provider import NoPicture, Picture, ProviderAccess, Running
from jewelrymodel.generation.models import Attempt, Task, TaskItem
from jewelrymodel.generation.provider_choices import (
    MICROS_PER_CENT,
    ChosenProvider,
    chosen_providers,
)
from jewelrymodel.generation.rules.attempt_outcomes import CONSEQUENCES, cost_of
from jewelrymodel.generation.rules.attempt_plan import Past
from jewelrymodel.generation.rules.provider_circuit import (
    Closed,
    Closure,
    Ended,
    closed_by_budget,
    closed_by_record,
)
from jewelrymodel.generation.rules.provider_models import ProviderModel
from jewelrymodel.generation.statuses import ATTEMPT_OPEN, TASK_OPEN, AttemptState, Reason
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id

_RECORD = 20
_DAY = timedelta(days=1)


class NotFree(CodedError):
    """The provider was closed, or another worker's request was first."""


@dataclass(frozen=True)
class Lane:
    """A provider with the model that it uses here."""

    access: ProviderAccess
    model: ProviderModel

    @property
    def key_digest(self) -> str:
        """What tells one key and model from another, and no more."""
        secret = f"{self.access.base} {self.access.key} {self.model.id}".encode()
        return hashlib.sha256(secret).hexdigest()[:16]


def current(lanes: Mapping[str, Lane]) -> dict[str, Lane]:
    """Return *lanes* with what an operator chose last, in the order they are asked in: a process
    that was started before takes it up here.
    """
    return {
        one.name: replace(lane, access=_chosen_access(lane.access, one))
        for one in chosen_providers()
        if (lane := lanes.get(one.name))
    }


def _chosen_access(access: ProviderAccess, one: ChosenProvider) -> ProviderAccess:
    return replace(
        access,
        is_on=one.is_on,
        concurrency=one.concurrency,
        budget_micros=one.budget_cents * MICROS_PER_CENT,
    )


def item_of(task_id: str, position: int) -> TaskItem:
    """Return one image of a task."""
    return TaskItem.objects.select_related("task").get(task_id=task_id, position=position)


def is_wanted(task_id: str) -> bool:
    """Whether new requests may be sent for a task: it is open and nobody canceled it."""
    tasks = Task.objects.filter(pk=task_id, status__in=TASK_OPEN)
    return tasks.filter(cancel_requested_at__isnull=True).exists()


def attempts(item: TaskItem) -> list[Attempt]:
    """Return an image's requests, oldest first."""
    return list(Attempt.objects.filter(item=item).order_by("number"))


def past(rows: Sequence[Attempt]) -> list[Past]:
    """Return requests that ended as the plan reads them."""
    return [Past(one.provider, AttemptState(one.state), Reason(one.reason_code)) for one in rows]


def closed(lanes: Mapping[str, Lane], now: datetime) -> dict[str, Closed]:
    """Return the providers that can't be asked at *now*, and why."""
    found = {name: why_closed(lane, now) for name, lane in lanes.items()}
    return {name: why for name, why in found.items() if why}


def why_closed(lane: Lane, now: datetime) -> Closed | None:
    """Return why a provider can't be asked at *now*, None where it can."""
    if not lane.access.is_on:
        return Closed(Closure.OFF)
    if lane.model.has_ended(now.date()):
        return Closed(Closure.NO_MODEL)
    rows = Attempt.objects.filter(provider=lane.access.name)
    record = [
        Ended(AttemptState(state), at or now, retry_at)
        for state, at, retry_at in rows.filter(key_digest=lane.key_digest)
        .exclude(state__in=ATTEMPT_OPEN)
        .order_by("-asked_at")
        .values_list("state", "ended_at", "retry_at")[:_RECORD]
    ]
    if by_record := closed_by_record(record, now):
        return by_record
    if rows.filter(state__in=ATTEMPT_OPEN).count() >= lane.access.concurrency:
        return Closed(Closure.CONCURRENCY)
    return closed_by_budget(
        spent_micros=spent_micros(lane.access.name, now),
        price_micros=lane.model.price_micros,
        budget_micros=lane.access.budget_micros,
    )


def spent_micros(provider: str, now: datetime) -> int:
    """Return what a provider cost on the UTC day of *now*, open requests at their list price."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Attempt.objects.filter(
        provider=provider, asked_at__gte=midnight, asked_at__lt=midnight + _DAY
    )
    booked = Case(When(cost_micros=None, then=F("price_micros")), default=F("cost_micros"))
    return int(rows.aggregate(sum=Sum(booked))["sum"] or 0)


def begin(item: TaskItem, lane: Lane, *, number: int, seed: int, now: datetime) -> Attempt:
    """Note a request that is about to be sent, and reserve its price; raises NotFree."""
    try:
        with locked_in_transaction(f"provider {lane.access.name}"):
            lane = current({lane.access.name: lane}).get(lane.access.name, lane)
            if why := why_closed(lane, now):
                raise NotFree(why=why.why)
            return Attempt.objects.create(
                id=new_id("try", now=now),
                item=item,
                account_id=item.task.account_id,
                number=number,
                provider=lane.access.name,
                model=lane.model.id,
                key_digest=lane.key_digest,
                seed=seed,
                price_micros=lane.model.price_micros,
                asked_at=now,
            )
    except IntegrityError:
        raise NotFree(why="another worker") from None


def running(attempt: Attempt, job: Running) -> None:
    """Keep the provider's own id of a request, right after it was told."""
    attempt.state, attempt.remote_id = AttemptState.RUNNING, job.remote_id
    attempt.request_id = job.request_id[:200]
    attempt.save(update_fields=["state", "remote_id", "request_id"])


def received(attempt: Attempt, picture: Picture, key: str) -> None:
    """Note that the provider's file is stored under *key*."""
    attempt.state, attempt.received_key = AttemptState.RECEIVED, key
    attempt.request_id = (picture.request_id or attempt.request_id)[:200]
    attempt.snapshot = picture.snapshot[:80]
    if picture.cost_micros is not None:  # from here on that is its price
        attempt.price_micros, attempt.cost_is_sure = picture.cost_micros, True
    attempt.save(
        update_fields=[
            "state", "received_key", "request_id", "snapshot", "price_micros", "cost_is_sure"
        ]
    )  # fmt: skip


def end(
    attempt: Attempt, how: NoPicture, now: datetime, *, retry_at: datetime | None = None
) -> None:
    """Book how a request ended, once; a sure price stays sure."""
    told = how.cost_micros
    if told is None and attempt.cost_is_sure:
        told = attempt.price_micros
    cost = cost_of(how.state, attempt.price_micros, told, had_worked=how.had_worked)
    with transaction.atomic():
        row = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if row.state in ATTEMPT_OPEN:
            attempt.state = how.state
            attempt.reason_code = how.reason or CONSEQUENCES[how.state].reason
            attempt.detail = how.detail
            attempt.cost_micros, attempt.cost_is_sure = cost.micros, cost.is_sure
            attempt.ended_at, attempt.retry_at = now, retry_at
            attempt.save()
