"""That a generation has ended is told once: on the next page, or by email to who asked for that."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts.models import User
from jewelrymodel.generation.models import Batch, Task
from jewelrymodel.generation.statuses import TASK_OPEN, TaskStatus
from jewelrymodel.infra import email_queue, languages


def see_task(*, task: Task, now: datetime) -> None:
    """Note that somebody of the account has seen how *task* ended; nothing while it is open."""
    if task.finished_at is not None and task.seen_at is None:
        Task.objects.filter(pk=task.pk, seen_at__isnull=True).update(seen_at=now)


def see_batch(*, batch: Batch, now: datetime) -> None:
    """Note that somebody of the account has seen how the generations of a batch ended so far."""
    ended = Task.objects.filter(batch=batch, finished_at__isnull=False, seen_at__isnull=True)
    ended.update(seen_at=now)


def announce_endings(*, account_id: str, now: datetime) -> list[Task]:
    """Return the generations that ended unseen, oldest first, each time one of them once.

    What its customer canceled is no news, and isn't returned.
    """
    unseen = Task.objects.filter(
        account_id=account_id, finished_at__isnull=False, seen_at__isnull=True
    )
    if not unseen.exists():
        return []
    with transaction.atomic():
        ended = list(unseen.select_for_update(skip_locked=True).order_by("finished_at"))
        Task.objects.filter(pk__in=[one.pk for one in ended]).update(seen_at=now)
    return [one for one in ended if one.status != TaskStatus.CANCELED]


def tell_ending(*, task_id: str, machine_now: datetime) -> None:
    """Queue an email to everybody of the account who asked for one, unless somebody has seen it.

    Of a batch, only its last generation is worth one.
    """
    with transaction.atomic():
        task = Task.objects.select_for_update().get(pk=task_id)
        if task.finished_at is None or task.seen_at is not None or task.told_at is not None:
            return
        task.told_at = machine_now
        task.save(update_fields=["told_at"])
        if task.status == TaskStatus.CANCELED or not _is_last(task):
            return
        for user in User.objects.filter(
            memberships__account=task.account_id, wants_ready_email=True, is_active=True
        ):
            with languages.speaking(user.language):
                email_queue.send_later(to=user.email, machine_now=machine_now, **_letter(task))


def _is_last(task: Task) -> bool:
    """Whether a generation is by itself, or ended as the last one of its batch."""
    if task.batch_id is None:
        return True
    later = Q(finished_at__gt=task.finished_at) | Q(finished_at=task.finished_at, pk__gt=task.pk)
    others = Task.objects.filter(batch=task.batch_id)
    return not others.filter(later | Q(status__in=TASK_OPEN)).exists()


def _letter(task: Task) -> dict[str, str]:
    of_batch = Task.objects.filter(batch=task.batch_id, status=TaskStatus.SUCCEEDED)
    is_ready = of_batch.exists() if task.batch_id else task.status == TaskStatus.SUCCEEDED
    page = f"batches/{task.batch_id}" if task.batch_id else f"tasks/{task.pk}"
    words = {"is_ready": is_ready, "url": f"{settings.PUBLIC_URL}/studio/{page}"}
    return {
        "subject": _("Your images are ready") if is_ready else _("Your images couldn’t be made"),
        "text": render_to_string("generation/ended_mail.txt", words),
    }
