"""The page about an order's disputes."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.disputes import queries
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.disputes.queries import Scope
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.statuses import DisputeStatus
from jewelrymodel.web.tenant import TenantRequest, for_account

# status: (badge, words)
_ASKED = ("info", _("Your bank has asked us about this charge. The payment hasn’t been returned."))
_RUNNING = ("warn", _("Your bank hasn’t decided yet."))
_APPEALED = ("", _("Your bank returned the payment to you; we are appealing its decision."))
_STATES: dict[str, tuple[str, Promise]] = {
    DisputeStatus.WON: ("ok", _("Your bank ruled in our favor; the charge remains valid.")),
    DisputeStatus.LOST: ("", _("Your bank ruled in your favor and returned the payment to you.")),
    DisputeStatus.PREVENTED: ("ok", _("The dispute was withdrawn.")),
    DisputeStatus.WARNING_CLOSED: ("ok", _("Your bank’s inquiry is closed.")),
    DisputeStatus.UNKNOWN: ("info", _("Our team is reviewing the bank’s message.")),
}


@dataclass(frozen=True)
class Shown:
    """One dispute as its customer sees it."""

    work: DisputeWork
    kind: str
    words: Promise
    scopes: list[Scope]


@require_safe
@for_account(Act.BILLING)
def of_order(request: TenantRequest, order_id: str) -> HttpResponse:
    """Show what the bank says of the order's charges, what rests because of it, and until when."""
    account_id = request.account.id
    try:
        order = payments.order(account_id=account_id, order_id=order_id)
    except payments.NoSuchOrder:
        raise Http404 from None
    works = queries.works_of_order(account_id=account_id, order_id=order_id)
    context = {"order": order, "disputes": [_shown(work) for work in works]}
    return render(request, "disputes/of_order.html", context)


def _shown(work: DisputeWork) -> Shown:
    usual = _ASKED if work.dispute.is_inquiry else _APPEALED if work.lost else _RUNNING
    return Shown(work, *_STATES.get(work.dispute.status, usual), queries.scopes(work.dispute))
