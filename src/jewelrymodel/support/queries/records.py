"""Records of an account, as a person names them."""

from typing import Any

from django.db.models import QuerySet

from jewelrymodel.generation.models import Task
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.rules import email_references

_RECORDS: dict[str, tuple[str, QuerySet[Any]]] = {
    "chg": ("charge", Charge.objects.all()),
    "dec": ("decision", DecisionRecord.objects.all()),
    "dsp": ("dispute", ChargeDispute.objects.all()),
    "ord": ("order", Order.objects.all()),
    "rfd": ("refund", Refund.objects.all()),
    "task": ("task", Task.objects.all()),
}
"""What can be named as a record, by the first letters of its id."""


def record_named(*, account_id: str, text: str) -> str:
    """Return the account's record that a person means, as facts name it; empty where none is.

    *text* is an id, ``kind:id``, or an order's number as people read it.
    """
    number = email_references.order_number(text)
    if number is not None:
        order = Order.objects.filter(account_id=account_id, number=number).first()
        return f"order:{order.pk}" if order else ""
    record_id = text.strip().rpartition(":")[2]
    prefix = record_id.partition("_")[0]
    if prefix not in _RECORDS:
        return ""
    kind, rows = _RECORDS[prefix]
    known = rows.filter(pk=record_id, account_id=account_id).exists()
    return f"{kind}:{record_id}" if known else ""
