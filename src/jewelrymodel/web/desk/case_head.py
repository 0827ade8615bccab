"""The head of a request's page: what was bought or generated, its money, and the credits."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jewelrymodel.generation.models import Task
from jewelrymodel.infra import clock, formats
from jewelrymodel.kernel.money import in_words
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.support.models import Case


@dataclass(frozen=True)
class HeadRow:
    """One line of it: what it is, its value, the page that shows it, and a detail."""

    label: str | Promise
    text: str
    page: str = ""
    detail: str = ""


@dataclass(frozen=True)
class CaseHead:
    """What a request is about, in lines; none while nobody proved whose it is."""

    rows: list[HeadRow]


def case_head(case: Case) -> CaseHead:
    """Return the head of *case*: from its account's own records only."""
    if case.account_id is None:
        return CaseHead([])
    rows = []
    if case.subject_kind == SubjectKind.ORDER and case.subject_id:
        rows = _order_rows(case.account_id, case.subject_id)
    elif case.subject_kind == SubjectKind.TASK and case.subject_id:
        rows = _task_rows(case.account_id, case.subject_id)
    balance = ledger.balance(case.account_id, clock.now())
    suspended = _("%(n)s suspended") % {"n": balance.suspended} if balance.suspended else ""
    text = _("%(n)s available")
    credits_row = HeadRow(
        gettext_lazy("Credits"),
        text % {"n": balance.available},
        reverse("desk_customer", args=[case.account_id]),
        suspended,
    )
    return CaseHead([*rows, credits_row])


def _order_rows(account_id: str, order_id: str) -> list[HeadRow]:
    rows = Order.objects.select_related("product_version")
    order = rows.filter(account_id=account_id, pk=order_id).first()
    if order is None:
        return []
    paid = refunded = 0
    for charge in payments.charges_of_order(order_id=order.pk):
        paid += charge.paid_minor
        refunded += charge.refunded_minor
    details = [_("%(amount)s paid") % {"amount": in_words(paid, order.currency)}]
    if refunded:
        details.append(_("%(amount)s refunded") % {"amount": in_words(refunded, order.currency)})
    page = reverse("desk_order", args=[order.pk])
    text = f"{order.label} · {order.product_version.name}"
    state = f"{order.get_state_display().capitalize()}, {formats.moment(order.created_at)}"
    return [
        HeadRow(gettext_lazy("Order"), text, page, state),
        HeadRow(gettext_lazy("Money"), " · ".join(details)),
    ]


def _task_rows(account_id: str, task_id: str) -> list[HeadRow]:
    task = Task.objects.filter(account_id=account_id, pk=task_id).first()
    if task is None:
        return []
    held = ngettext("%(n)s credit held", "%(n)s credits held", task.credits_held)
    charged = _("%(n)s charged") % {"n": task.credits_charged or 0}
    details = f"{held % {'n': task.credits_held}}, {charged}"
    page = reverse("desk_generation", args=[task.pk])
    state = f"{task.get_status_display()}, {formats.moment(task.created_at)}"
    return [
        HeadRow(gettext_lazy("Generation"), task.pk, page, state),
        HeadRow(gettext_lazy("Its credits"), details),
    ]
