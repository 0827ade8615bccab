"""Orders and generations by the names that tell them apart for their seller."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.generation.models import Task
from jewelrymodel.infra import formats
from jewelrymodel.payments.models import Order
from jewelrymodel.web.piece_kinds import kind_label
from jewelrymodel.web.studio_messages.look_titles import look_title

_LOOKS_NAMED = 2


def order_label(order: Order) -> str:
    """Return an order by number, product and day."""
    return f"{order.label} · {order.product_version.name} · {formats.day(order.created_at)}"


def generation_label(task: Task) -> str:
    """Return a generation by its instant, its piece and images, and how it ended."""
    made = formats.moment(task.created_at)
    return f"{made} · {kind_label(task.kind)} · {_images(task)} · {task.get_status_display()}"


def _images(task: Task) -> str:
    """How many images in which looks; of many looks the first ones."""
    ids = [item.look_id for item in task.items.all()]
    looks = [look_title(one) for one in dict.fromkeys(ids)]
    names = ", ".join(looks[:_LOOKS_NAMED])
    if len(looks) > _LOOKS_NAMED:
        names = _("%(names)s and others") % {"names": names}
    label = ngettext("%(n)s image (%(names)s)", "%(n)s images (%(names)s)", len(ids))
    return label % {"n": len(ids), "names": names}
