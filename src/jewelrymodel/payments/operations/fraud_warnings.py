"""Early fraud warnings: a card's bank suspects a charge before anybody disputes it."""

from datetime import datetime

from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.models import Charge
from jewelrymodel.payments.processor_objects import FraudWarning


def list_warned(*, since: datetime) -> list[tuple[FraudWarning, Charge]]:
    """Return the warnings since then that a refund can still answer, each with our charge.

    Those about charges that aren't ours, or of which no money is kept, are left out. Raises
    ProcessorDown, and ProcessorRefused where they can't be listed.
    """
    warnings = refunds().list_warnings_since(since)
    ids = [one.processor_charge_id for one in warnings]
    rows = Charge.objects.filter(processor_charge_id__in=ids, kept_minor__gt=0)
    charges = {one.processor_charge_id: one for one in rows.select_related("order")}
    return [
        (one, charges[one.processor_charge_id])
        for one in warnings
        if one.processor_charge_id in charges
    ]
