"""What a person has to mend, although every part is up: named on ``/healthz`` and counted."""

from datetime import timedelta

from django.conf import settings

from jewelrymodel.config.backups import records
from jewelrymodel.generation.provider_health import provider_health
from jewelrymodel.infra import clock, disk, mail_intake, queue
from jewelrymodel.payments.processor_problems import troubles

Alarm = dict[str, object]
QUICK_LANES = ("money", "mail", "default")
"""Lanes whose jobs take seconds. In the others many wait while somebody's batch is made."""
LATE_AFTER = timedelta(minutes=10)


def alarms_now() -> list[Alarm]:
    """Return all of them; each names its part and a code, and since when where that is known."""
    return [
        *payment_alarms(),
        *generator_alarms(),
        *mailbox_alarms(),
        *queue_alarms(),
        *disk_alarms(),
        *backup_alarms(),
    ]


def payment_alarms() -> list[Alarm]:
    """Return for what the processor refuses us or our refunds now, since when, and what waits."""
    return [
        {
            "part": "payments",
            "code": one.code,
            "since": one.since_at.isoformat(timespec="seconds"),
            "refunds_waiting": one.refunds,
        }
        for one in troubles()
    ]


def generator_alarms() -> list[Alarm]:
    """Return the providers of image models that stay closed until a person acts, and why."""
    return [
        {"part": "generators", "code": one.closed.why, "provider": one.name}
        for one in provider_health(clock.real_now())
        if one.closed and one.closed.alarms
    ]


def mailbox_alarms() -> list[Alarm]:
    """Return what keeps mail to support from coming in, and since when; none without a mailbox."""
    account = settings.MAIL_IN_MAILBOX
    found = mail_intake.alarm(account, clock.real_now()) if account else None
    if found is None:
        return []
    since = found.since.isoformat(timespec="seconds") if found.since else None
    return [{"part": "mailbox", "code": found.code, "since": since}]


def queue_alarms() -> list[Alarm]:
    """Return the quick lanes whose oldest job is due for longer than LATE_AFTER."""
    now = clock.real_now()
    return [
        {
            "part": "queue",
            "code": "queue_late",
            "lane": lane,
            "since": since.isoformat(timespec="seconds"),
        }
        for lane, since in sorted(queue.waiting_since(machine_now=now).items())
        if lane in QUICK_LANES and now - since > LATE_AFTER
    ]


def disk_alarms() -> list[Alarm]:
    """Return that a disk has room for little more than what was begun."""
    if not disk.is_low():
        return []
    return [
        {
            "part": "disk",
            "code": "disk_low" if disk.takes_uploads() else "disk_full",
            "free_mb": disk.free_bytes() // 1_000_000,
        }
    ]


def backup_alarms() -> list[Alarm]:
    """Return that no whole backup was made for too long, and when the last one was."""
    if not records.is_late(clock.real_now()):
        return []
    last = records.last_at()
    since = last.isoformat(timespec="seconds") if last else None
    return [{"part": "backup", "code": "backup_late", "since": since}]
