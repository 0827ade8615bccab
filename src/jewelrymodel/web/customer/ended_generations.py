"""News for who comes back: a generation that ended meanwhile is said on the next page, once."""

from collections.abc import Sequence

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
    ended = operations.announce_endings(account_id=account_id, now=clock.now())
    news = [one for one in ended if request.path not in _pages(one)]
    if len(news) > 1:
        _say_all(request, news)
    elif news:
        _say(request, news[0], _pages(news[0])[0])


def _pages(task: Task) -> list[str]:
    """Where it is shown how a task ended, its own page first."""
    pages = [reverse("task", args=[task.pk])]
    return [*pages, reverse("batch", args=[task.batch_id])] if task.batch_id else pages


def _say_all(request: HttpRequest, news: Sequence[Task]) -> None:
    failed = sum(one.status == TaskStatus.FAILED for one in news)
    sentence = _("%(n)s generations have ended since you left.") % {"n": len(news)}
    if failed:
        sentence += " " + _("%(n)s of them failed and cost no credits.") % {"n": failed}
    batches = {one.batch_id for one in news}
    of_one = batches.pop() if len(batches) == 1 else None
    page = reverse("batch", args=[of_one]) if of_one else reverse("library_images")
    words = (sentence, page, _("See your images"))
    messages.info(request, format_html('{} <a href="{}">{}</a>', *words))


def _say(request: HttpRequest, task: Task, address: str) -> None:
    is_ready = task.status == TaskStatus.SUCCEEDED
    sentence = (
        _("Your images are ready.") if is_ready else _("A generation failed; it cost no credits.")
    )
    link = _("See your images") if is_ready else _("See why")
    tell = messages.success if is_ready else messages.warning
    tell(request, format_html('{} <a href="{}">{}</a>', sentence, address, link))
