"""Where the records that facts come from are shown: each kind leads to the page that shows it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.models import Charge
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.responses import or_404

_PAGES = {
    "account": "desk_customer",
    "decision": "desk_decision",
    "incident": "desk_incident",
    "order": "desk_order",
    "task": "desk_generation",
}
_ORDER_OF: dict[str, Callable[[str], str]] = {
    "charge": lambda charge_id: Charge.objects.get(pk=charge_id).order_id,
    "lot": lambda lot_id: ledger.order_of_lot(lot_id=lot_id),
}
"""What has no page of its own: the order whose page shows it."""


@require_safe
@for_staff(Act.DESK)
def record(request: StaffRequest, kind: str, record_id: str) -> HttpResponse:
    """Lead to the page that shows the record which a fact was read from."""
    if kind == "setting":
        return redirect("desk_policy")
    if kind in _ORDER_OF:
        return redirect("desk_order", or_404(lambda: _ORDER_OF[kind](record_id)))
    if kind not in _PAGES:
        raise Http404
    return redirect(_PAGES[kind], record_id)
