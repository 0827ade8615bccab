"""What the status page can say: measured when it is asked for, never remembered as good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.payments.troubles import troubles

_ALIVE = timedelta(seconds=30)
_PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Check:
    """One thing that was measured: whether it is well, and the figure itself."""

    title: Promise
    is_well: bool
    figure: str | Promise
    how: Promise


def measure(at: datetime) -> list[Check]:
    """Return every check, measured now; *at* is the machine's own instant, not the demo's."""
    return [_pages(), _workers(at), _queue(), _inbox(at), _payments()]


def _pages() -> Check:
    how = _("This page is one of them, and its figures come from the database.")
    return Check(_("Pages and database"), True, _("answering"), how)


def _workers(at: datetime) -> Check:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=at - _ALIVE).count()
    how = _("Workers whose heart has beaten within the last 30 seconds. They make the images.")
    return Check(_("Workers"), alive > 0, str(alive), how)


def _queue() -> Check:
    waiting = ProcrastinateJob.objects.filter(status="todo", scheduled_at__isnull=True).count()
    how = _("Jobs that wait for a worker. More than a hundred is slow.")
    return Check(_("Jobs waiting"), waiting <= 100, str(waiting), how)


def _inbox(at: datetime) -> Check:
    left = InboxMessage.objects.filter(processed_at__isnull=True)
    waiting = left.filter(parked_at__isnull=True)
    parked = left.filter(parked_at__isnull=False).count()
    oldest = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    how = _("News from the payment processor not yet worked on. Five minutes is too long.")
    is_well = not parked and (oldest is None or oldest > at - _PATIENCE)
    figure: str | Promise = str(waiting.count())
    if parked:
        figure = format_lazy(_("{n}, and {parked} with our team"), n=figure, parked=parked)
    return Check(_("Payment news waiting"), is_well, figure, how)


def _payments() -> Check:
    refused = any(one.reason for one in troubles())
    how = _("Whether the payment processor lets us in. What waits for it is done by itself.")
    return Check(_("Payments"), not refused, _("interrupted") if refused else _("answering"), how)
