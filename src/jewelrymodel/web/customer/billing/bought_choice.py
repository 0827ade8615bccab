"""Back to work from a payment: to what it bought, or to what was chosen and still waits."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Task
from jewelrymodel.generation.statuses import TASK_OPEN
from jewelrymodel.payments.models import Order
from jewelrymodel.web.customer.studio.missing_credits import Choice
from jewelrymodel.web.customer.studio.refusals import refusal_of_code
from jewelrymodel.web.tenant import TenantRequest


@dataclass(frozen=True)
class KeptChoice:
    """A choice that an order was placed for and that hasn't started: where it is ticked, and why it
    couldn't start, empty where it only waits for the payment.
    """

    address: str
    refusal: str


def kept_choice(order: Order) -> KeptChoice | None:
    """Return what was chosen with *order* and hasn't started; None where nothing was."""
    row = queries.selection_of_order(account_id=order.account_id, order_id=order.pk)
    if row is None or row.task_id is not None:
        return None
    refusal = refusal_of_code(row.refusal) if row.refusal else ""
    if "batch_id" in row.request:  # its page ticks what waits by itself
        return KeptChoice(reverse("batch_look", args=[row.request["batch_id"]]), refusal)
    chosen = urlencode(Choice.of(row).query(), doseq=True)
    page = reverse("photo", args=[row.photo_id])
    return KeptChoice(f"{page}?{chosen}", refusal)


def to_work(request: TenantRequest, order: Order, task: Task) -> HttpResponse:
    """Lead to the generation that *order* paid for, or to its batch, with thanks while it is under
    way.
    """
    if task.status in TASK_OPEN:
        count = order.credits
        thanks = ngettext(
            "Thank you! We added %(n)s credit, and your images are being made.",
            "Thank you! We added %(n)s credits, and your images are being made.",
            count,
        )
        messages.success(request, thanks % {"n": count})
    if task.batch_id:
        return redirect("batch", batch_id=task.batch_id)
    return redirect("task", task_id=task.pk)
