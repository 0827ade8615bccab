"""The demo's time moves on as told, for the product and the processor's stand-in together."""

from datetime import datetime, timedelta

from django.db import transaction

from jewelrymodel.demo import stand_ins
from jewelrymodel.infra import clock
from jewelrymodel.infra.models import ClockOffset

STEPS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "days": timedelta(days=3),
    "month": timedelta(days=31),
}


def move_on(step: str) -> datetime:
    """Move the demo's time on by one of STEPS; return the new present.

    Time never goes back: rows are dated. What falls due at the processor meanwhile is done there,
    and its webhooks come. Raises KeyError for another step, StandInFailed where the processor
    doesn't answer; its clock is then set right by the next step.
    """
    with transaction.atomic():
        row, _ = ClockOffset.objects.select_for_update().get_or_create(pk=1)
        row.offset_s += round(STEPS[step].total_seconds())
        row.save()
    stand_ins.set_processor_clock(None)
    return clock.now()
