"""What a request is about, as the rules are asked."""

from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from tests.support.shop import now


def about(order: Order, category: str) -> RequestFacts:
    return RequestFacts(
        account_id=order.account_id,
        category=category,
        subject=Subject(SubjectKind.ORDER, order.pk),
        requested_at=now(),
        identity_level=3,
    )
