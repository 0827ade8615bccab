"""The paid billing periods that an outage affected, and a request opened for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from jewelrymodel.incidents import queries
from jewelrymodel.incidents.models import Incident
from jewelrymodel.kernel.period import Period
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import Channel

CHECK = "outage"


@dataclass(frozen=True)
class AffectedPeriod:
    """A paid period that an outage affected: for how many minutes, and its request."""

    order: Order
    minutes: int
    case: Case | None
    returned: str
    """How the buyer has all of the money back, in a word; empty while we keep some of it."""

    is_answered: bool
    """Whether its request is about this outage; one answered before isn't."""

    @property
    def needs_case(self) -> bool:
        """Whether a request can still be opened for it."""
        return not self.is_answered and not self.returned


def affected_periods(incident: Incident, now: datetime) -> list[AffectedPeriod]:
    """Return the paid periods of the incident's feature that it overlaps."""
    orders = [
        order
        for order in payments.periods_within(
            starts_at=incident.started_at, ends_at=incident.ended_at or now
        )
        if incident.feature in order.product_version.features
    ]
    cases, returned = _cases(orders), _returned(orders)
    return [
        AffectedPeriod(
            order,
            _minutes(order, now),
            cases.get(order.pk),
            returned.get(order.pk, ""),
            is_answered=_is_answered(cases.get(order.pk), incident),
        )
        for order in orders
    ]


def open_cases(periods: Sequence[AffectedPeriod], incident: Incident, now: datetime) -> int:
    """Open a request for each period that needs one; return how many were opened."""
    return sum(_open_case(one, incident, now) for one in periods if one.needs_case)


def _is_answered(case: Case | None, incident: Incident) -> bool:
    """An open case counts every outage when it is decided; a decided one those known then."""
    return case is not None and (case.is_open or case.opened_at >= incident.created_at)


def _minutes(order: Order, now: datetime) -> int:
    if not (order.period_starts_at and order.period_ends_at):
        return 0
    paid = Period(order.period_starts_at, order.period_ends_at)
    features = order.product_version.features
    return queries.affected_minutes(features=features, paid=paid, now=now)


def _cases(orders: Sequence[Order]) -> dict[str, Case]:
    """The newest case about each order's outages, by the order's id."""
    ids = [order.pk for order in orders]
    cases = Case.objects.filter(check_name=CHECK, subject_id__in=ids).order_by("number")
    return {one.subject_id: one for one in cases}


def _returned(orders: Sequence[Order]) -> dict[str, str]:
    """How the money of orders of which we keep nothing went back, by the order's id."""
    sums = Charge.objects.filter(order__in=orders).values("order_id")
    sums = sums.annotate(kept=Sum("kept_minor"), paid=Sum("paid_minor"), lost=Sum("lost_minor"))
    rows = sums.filter(kept=0, paid__gt=0).values_list("order_id", "lost")
    return {pk: _("lost to a dispute") if lost else _("refunded") for pk, lost in rows}


def _open_case(period: AffectedPeriod, incident: Incident, now: datetime) -> bool:
    """Whether it was us who opened it: one case for each paid period and outage."""
    opening = support.Opening(
        account_id=period.order.account_id,
        email=period.order.buyer_email,
        identity_level=3,
        channel=Channel.MACHINE,
        category=Category.OUTAGE,
        subject=Subject(SubjectKind.ORDER, period.order.pk),
        explanation=support.outage_explanation(period.minutes),
        check=(CHECK, f"order:{period.order.pk}:{incident.pk}"),
    )
    try:
        with transaction.atomic():
            case = support.open_case(opening=opening, now=now)
    except IntegrityError:  # a colleague pressed in the same moment
        return False
    return case.opened_at == now
