"""How many images were tried and how many failed, by who makes them."""

from datetime import datetime

from django.db.models import Count, Q

from jewelrymodel.generation.models import Attempt, TaskItem
from jewelrymodel.generation.statuses import (
    ATTEMPT_OPEN,
    AttemptState,
    GeneratorName,
    ItemState,
    Reason,
)

FEATURE = "studio"
"""The paid feature that making images is."""
_DOWN = (
    AttemptState.LOCKED_OUT,
    AttemptState.NOT_NOW,
    AttemptState.UNKNOWN,
    AttemptState.EMPTY,
    AttemptState.RETIRED,
)
"""How a request ends through no fault of what was asked for."""
_OURS_DOWN = (
    Reason.GENERATOR_FAILED,
    Reason.GENERATOR_TIMEOUT,
    Reason.NOT_DELIVERED,
    Reason.BLANK,
    Reason.BROKEN,
    Reason.WORKER_LOST,
)


def ended_attempts(*, since: datetime, before: datetime) -> dict[str, tuple[int, int]]:
    """Return, by provider, the requests sent since then and before (by the machine's clock) that
    have ended, and how many of them failed as when the provider is down.
    """
    rows = Attempt.objects.filter(asked_at__gte=since, asked_at__lt=before)
    ended = rows.exclude(state__in=[*ATTEMPT_OPEN, AttemptState.STOPPED]).order_by("provider")
    counts = ended.values_list("provider").annotate(
        attempts=Count("pk"), failures=Count("pk", filter=Q(state__in=_DOWN))
    )
    return {provider: (attempts, failures) for provider, attempts, failures in counts}


def ended_images(*, since: datetime, before: datetime) -> tuple[int, int]:
    """Return how many images of our own renderer ended since then and before, and how many of them
    failed without its seller's doing.
    """
    ended = TaskItem.objects.filter(
        task__generator=GeneratorName.EMBEDDED,
        task__finished_at__gte=since,
        task__finished_at__lt=before,
        state__in=(ItemState.DELIVERED, ItemState.FAILED),
    )
    failed = Q(state=ItemState.FAILED, reason_code__in=_OURS_DOWN)
    counts = ended.aggregate(attempts=Count("pk"), failures=Count("pk", filter=failed))
    return counts["attempts"], counts["failures"]
