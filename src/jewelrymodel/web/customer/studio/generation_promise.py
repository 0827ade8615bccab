"""What is promised for a generation: shown as looks are ticked, and handed out afterwards."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import queries
from jewelrymodel.generation.limits import MAX_IMAGES
from jewelrymodel.generation.models import Task
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.promises import queries as promises
from jewelrymodel.web.customer.billing.promise_words import (
    ShownPromise,
    promise_file,
    shown_promise,
)
from jewelrymodel.web.customer.studio.missing_credits import Choice
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account


@require_GET
@for_account(Act.STUDIO)
def shown(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Return the part of the page that says what the choice in the query is promised; perhaps
    empty: what credits are still to be bought for begins by itself once they are paid, and has the
    promise of that order only.
    """
    or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    now = clock.now()
    prices = Choice.sent(request.GET).prices(now)
    promise, text = None, promises.text_for_generations(now)
    available = ledger.balance(request.account.id, now).available
    if text is not None and 0 < len(prices) <= MAX_IMAGES and sum(prices) <= available:
        lines = promises.generation_lines(
            prices=prices,
            text=text,
            country=request.account.country,
            capacity=request.account.buyer_capacity,
        )
        promise = shown_promise(lines)
    return render(request, "studio/_generation_promise.html", {"promise": promise})


@require_GET
@for_account(Act.STUDIO)
def file(request: TenantRequest, task_id: str) -> HttpResponse:
    """Hand out what was promised with a generation, with its signature."""
    row = or_404(lambda: queries.task(account_id=request.account.id, task_id=task_id))
    try:
        return promise_file(promises.task_promise(task_id=row.pk).signed, row.pk)
    except promises.NoPromise:
        raise Http404 from None


def promise_of(task: Task) -> ShownPromise | None:
    """Return what was promised with *task*; None where nothing was."""
    try:
        return shown_promise(promises.task_promise(task_id=task.pk).promise.lines)
    except promises.NoPromise:
        return None
