"""What was sold, charged and receipted. What must never happen, the database refuses."""

from jewelrymodel.payments.models.charges import AT_PROCESSOR, ELSEWHERE, Charge
from jewelrymodel.payments.models.credit_notes import CreditNote
from jewelrymodel.payments.models.disputes import ChargeDispute, SubscriptionSuspension
from jewelrymodel.payments.models.orders import Counter, Order, Receipt
from jewelrymodel.payments.models.plan_changes import PlanChange
from jewelrymodel.payments.models.processor_alarms import ProcessorAlarm
from jewelrymodel.payments.models.refunds import Refund
from jewelrymodel.payments.models.subscriptions import Subscription
from jewelrymodel.payments.models.taxes import ChargeTax

__all__ = [
    "AT_PROCESSOR",
    "ELSEWHERE",
    "Charge",
    "ChargeDispute",
    "ChargeTax",
    "Counter",
    "CreditNote",
    "Order",
    "PlanChange",
    "ProcessorAlarm",
    "Receipt",
    "Refund",
    "Subscription",
    "SubscriptionSuspension",
]
