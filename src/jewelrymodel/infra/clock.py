"""The clock. Only entry points (pages, tasks, the command line) read it; the rest is told."""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from jewelrymodel.infra.models import ClockOffset


def now() -> datetime:
    """Return the present instant (aware, UTC); in the demo, moved by the offset that it has set."""
    return real_now() + offset()


def real_now() -> datetime:
    """Return the machine's own instant (aware, UTC): for leases, sessions and probes."""
    return datetime.now(UTC)  # noqa: TID251  the one place that may


def offset() -> timedelta:
    """Return how far the demo's time runs ahead of the machine's; zero outside the demo."""
    if not settings.DEMO:
        return timedelta()
    row = ClockOffset.objects.filter(pk=1).first()
    return timedelta(seconds=row.offset_s) if row else timedelta()
