"""A task's page: live until it ends, then its results."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Task, TaskItem
from jewelrymodel.generation.rules.described_scene import scene_in
from jewelrymodel.generation.statuses import TASK_OPEN, ItemState, TaskStatus
from jewelrymodel.infra import clock
from jewelrymodel.web.customer.studio.generation_promise import promise_of
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.customer.studio.scene_form import scene_fields, scene_query
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account


@require_GET
@for_account(Act.STUDIO)
def task(request: TenantRequest, task_id: str) -> HttpResponse:
    """Show a task."""
    row = _task(request, task_id)
    operations.see_task(task=row, now=clock.now())
    return render(request, "studio/task.html", {**_context(row), "promise": promise_of(row)})


@require_GET
@for_account(Act.STUDIO)
def progress(request: TenantRequest, task_id: str) -> HttpResponse:
    """Return the part of the task's page that changes; it stops asking once the task ended.

    With its end come the credits of the page's header, as they are from then on.
    """
    row = _task(request, task_id)
    operations.see_task(task=row, now=clock.now())
    return render(request, "studio/_progress.html", _context(row))


@for_account(Act.STUDIO)
@form_of("task")
def cancel(request: TenantRequest, task_id: str) -> HttpResponse:
    """Cancel a generation at its customer's request."""
    _task(request, task_id)
    try:
        operations.cancel(
            account_id=request.account.id,
            task_id=task_id,
            now=clock.now(),
            machine_now=clock.real_now(),
        )
    except operations.TaskOver as over:
        messages.info(request, refusal_text(over))
    else:
        messages.info(request, _("Canceled. You won’t be charged for images that weren’t made."))
    return redirect("task", task_id=task_id)


def _task(request: TenantRequest, task_id: str) -> Task:
    return or_404(lambda: queries.task(account_id=request.account.id, task_id=task_id))


def _context(task: Task) -> dict[str, Any]:
    items = queries.items(task)
    missing = [item for item in items if item.state != ItemState.DELIVERED]
    is_part = task.status == TaskStatus.SUCCEEDED and bool(missing)
    return {
        "task": task,
        "photo": task.photo,
        "items": items,
        "open": task.status in TASK_OPEN,
        "progress": queries.progress(task, now=clock.now()),
        "returned": task.credits_held - (task.credits_charged or 0),
        "came": len(items) - len(missing),
        "part": _part_words(len(items), len(missing)) if is_part else "",
        "looks_again": _looks_again(task, missing or items),
        "scene": scene_in(task.options),
        "scene_again": _scene_again(task),
    }


def _looks_again(task: Task, items: Sequence[TaskItem]) -> str:
    """The query with which the page of the looks has the looks of these images ticked."""
    looks = urlencode({"look": [*dict.fromkeys(item.look_id for item in items)]}, doseq=True)
    described = scene_fields(task.options.get("scene", {}).items())
    if not described:
        return looks
    return f"{looks}&{urlencode({'generator': task.generator, **described})}"


def _scene_again(task: Task) -> str:
    """The query that describes a scene again; "" where none was, or its photo is gone."""
    is_gone = task.photo.deleted_at or task.photo.piece.deleted_at
    return scene_query(task.options["scene"]) if "scene" in task.options and not is_gone else ""


def _part_words(total: int, missing: int) -> str:
    """Return what came of a task that delivered some of its images, and what the others cost."""
    sentence = ngettext(
        "%(came)d of %(total)d images were delivered; the other one was free.",
        "%(came)d of %(total)d images were delivered; the other %(missing)d were free.",
        missing,
    )
    return sentence % {"came": total - missing, "total": total, "missing": missing}
