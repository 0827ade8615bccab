"""The alarm that the processor refuses us: sounded by a refusal, cleared by the next answer.

In the machine's own time, like everything about how the service runs.
"""

from django.db import connection
from django.db.models import F

from jewelrymodel.infra import clock
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments.models import ProcessorAlarm
from jewelrymodel.payments.statuses import BlockReason

_CLEAR = """
UPDATE payments_processor_alarm SET cleared_at = %s
WHERE cleared_at IS NULL AND (reason = %s OR "right" = %s)
"""


def sound(reason: BlockReason, right: str, *, code: str, words: str) -> None:
    """Note that we are refused, once for each cause; again, it counts."""
    now = clock.real_now()
    alarm, is_new = ProcessorAlarm.objects.get_or_create(
        reason=reason,
        right="" if reason is BlockReason.KEY else right,
        cleared_at=None,
        defaults={
            "id": new_id("alm", now=now),
            "code": code,
            "words": words[:500],
            "since_at": now,
            "last_at": now,
        },
    )
    if not is_new:
        ProcessorAlarm.objects.filter(pk=alarm.pk).update(
            code=code, words=words[:500], last_at=now, times=F("times") + 1
        )


def clear(right: str) -> None:
    """Note that a call that needs *right* was answered: the key is accepted, and may do that."""
    with connection.cursor() as cursor:  # in SQL: every call that is answered comes here
        cursor.execute(_CLEAR, [clock.real_now(), BlockReason.KEY, right])
