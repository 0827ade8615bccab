"""What was sold, charged and receipted. What must never happen, the database refuses."""

from jewelrymodel.payments.models.charges import Charge
from jewelrymodel.payments.models.orders import Counter, Order, Receipt
from jewelrymodel.payments.models.subscriptions import Subscription

__all__ = ["Charge", "Counter", "Order", "Receipt", "Subscription"]
