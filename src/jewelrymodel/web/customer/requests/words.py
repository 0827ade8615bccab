"""Orders and jobs as their seller tells them apart."""

from django.utils.translation import gettext, ngettext

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.payments.models import Order

_LOOKS_NAMED = 2


def order_words(order: Order) -> str:
    """Return an order by number, product and day."""
    return f"{order.label} · {order.product_version.name} · {order.created_at:%-d %b %Y}"


def job_words(task: Task) -> str:
    """Return a job by its instant, what was ordered, and how it ended."""
    made = f"{task.created_at:%-d %b %Y, %H:%M}"
    return f"{made} · {task.kind} · {_images(task)} · {task.get_status_display()}"


def _images(task: Task) -> str:
    """How many images in which looks; of many looks the first ones."""
    ids = [item.look_id for item in task.items.all()]
    looks = [getattr(generation.look(one), "title", one) for one in dict.fromkeys(ids)]
    names = ", ".join(looks[:_LOOKS_NAMED])
    if len(looks) > _LOOKS_NAMED:
        names = gettext("%(names)s and others") % {"names": names}
    told = ngettext("%(n)s image (%(names)s)", "%(n)s images (%(names)s)", len(ids))
    return told % {"n": len(ids), "names": names}
