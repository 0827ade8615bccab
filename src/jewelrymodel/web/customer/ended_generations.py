"""News for who comes back: a generation that ended meanwhile is said on the next page, once."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from jewelrymodel.generation import operations
from jewelrymodel.generation.models import Task
from jewelrymodel.generation.statuses import TaskStatus
from jewelrymodel.infra import clock


def announce(request: HttpRequest, account_id: str) -> None:
    """Have the page that *request* opens say what ended unseen, but for what it shows itself."""
    for task in operations.announce_endings(account_id=account_id, now=clock.now()):
        address = reverse("task", args=[task.pk])
        if address != request.path:
            _say(request, task, address)


def _say(request: HttpRequest, task: Task, address: str) -> None:
    is_ready = task.status == TaskStatus.SUCCEEDED
    sentence = (
        _("Your images are ready.") if is_ready else _("A generation failed; it cost no credits.")
    )
    link = _("See your images") if is_ready else _("See why")
    tell = messages.success if is_ready else messages.warning
    tell(request, format_html('{} <a href="{}">{}</a>', sentence, address, link))
