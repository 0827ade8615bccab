"""What keeps us from the processor, or it from a refund, now: for the desk and /healthz."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from jewelrymodel.payments.models import ProcessorAlarm, Refund
from jewelrymodel.payments.statuses import OPEN_REFUNDS


@dataclass(frozen=True)
class Trouble:
    """One cause for a person to mend: since when, and how many refunds wait for it.

    ``reason`` is a ``BlockReason``, or empty where single refunds are refused; ``code`` and
    ``words`` are the processor's.
    """

    reason: str
    right: str
    code: str
    words: str
    since_at: datetime
    refunds: int


def troubles() -> list[Trouble]:
    """Return what stands now, oldest first; nothing where every call is answered."""
    return sorted(_troubles(), key=lambda one: one.since_at)


def _troubles() -> Iterator[Trouble]:
    refused = Refund.objects.filter(state__in=OPEN_REFUNDS).exclude(refusal="")
    groups = refused.values_list("refusal").annotate(Count("id"), Min("refused_since_at"))
    waiting = {refusal: (count, since_at) for refusal, count, since_at in groups}
    for alarm in ProcessorAlarm.objects.filter(cleared_at=None):
        count, _since_at = waiting.pop(alarm.code, (0, None))
        yield Trouble(alarm.reason, alarm.right, alarm.code, alarm.words, alarm.since_at, count)
    for refusal, (count, since_at) in waiting.items():
        yield Trouble("", "", refusal, "", since_at, count)
