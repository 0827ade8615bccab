"""What the status page shows: checked when it is asked for, never from memory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from jewelrymodel.generation.provider_health import provider_health
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.payments.processor_problems import troubles

_ALIVE = timedelta(seconds=30)
_PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Check:
    """One thing that was measured: whether it is well, and the figure itself.

    *is_degraded*: it isn't down, but some of it waits for our team.
    """

    title: Promise
    is_well: bool
    figure: str | Promise
    how: Promise
    is_degraded: bool = False


def measure(at: datetime) -> list[Check]:
    """Return every check, measured now; *at* is the machine's own instant, not the demo's."""
    return [_pages(), _workers(at), _queue(), _inbox(at), _payments(), *_generators(at)]


def _pages() -> Check:
    how = _("Checked by loading this page from the database.")
    return Check(_("Website and database"), True, _("responding"), how)


def _workers(at: datetime) -> Check:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=at - _ALIVE).count()
    how = _("Workers that checked in within the last 30 seconds. They generate the images.")
    return Check(_("Workers"), alive > 0, str(alive), how)


def _queue() -> Check:
    waiting = ProcrastinateJob.objects.filter(status="todo", scheduled_at__isnull=True).count()
    how = _("Jobs waiting for a worker. Expect delays above 100.")
    return Check(_("Job queue"), waiting <= 100, str(waiting), how)


def _inbox(at: datetime) -> Check:
    left = InboxMessage.objects.filter(processed_at__isnull=True)
    waiting = left.filter(parked_at__isnull=True)
    parked = left.filter(parked_at__isnull=False).count()
    oldest = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    how = _(
        "Payment processor messages that we haven’t processed yet. None should wait over 5 minutes."
    )
    is_prompt = oldest is None or oldest > at - _PATIENCE
    figure: str | Promise = str(waiting.count())
    if parked:
        figure = format_lazy(_("{n}, and {parked} in review"), n=figure, parked=parked)
    is_well, is_degraded = is_prompt and not parked, is_prompt and parked > 0
    return Check(_("Payment messages"), is_well, figure, how, is_degraded)


def _payments() -> Check:
    refused = any(one.reason for one in troubles())
    how = _("Our connection to the payment processor. Pending payments resume by themselves.")
    return Check(_("Payments"), not refused, _("interrupted") if refused else _("responding"), how)


def _generators(at: datetime) -> list[Check]:
    """None where no provider of image models is set up and on."""
    every = [one for one in provider_health(at) if one.is_on]
    if not every:
        return []
    well = sum(one.takes_requests for one in every)
    how = _("Image generators that take requests now. Our own renderer needs none of them.")
    figure = format_lazy(_("{n} of {all}"), n=well, all=len(every))
    return [Check(_("Image generators"), well > 0, figure, how, is_degraded=well < len(every))]
