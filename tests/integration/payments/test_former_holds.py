"""Why an order was held, in the English of earlier versions, is read in today's sentences."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.statuses import HoldReason, OrderState
from jewelrymodel.web.desk.hold_messages import hold_message, noted_hold_message
from tests.support.former_schema import migrate_back
from tests.support.held_orders import held
from tests.support.shop import Sandbox, register, register_terms

_BEFORE = "0019_refunds_revoke_credits"
FORMER = {
    "The payment page charged $46.80 instead of $39.00": HoldReason.PAGE_AMOUNT,
    "the payment page belongs to order 'ord_9'": HoldReason.OTHERS_PAGE,
    "its charge paid JM-000007": HoldReason.OTHERS_CHARGE,
    "Something that nobody knows": HoldReason.FORMER,
}


@pytest.mark.usefixtures("committing_db")
def test_sentences_become_codes_and_say_the_same(sandbox: Sandbox) -> None:
    register_terms()
    order = held(sandbox, register())
    for sentence, code in FORMER.items():
        migrate_back("payments", _BEFORE)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE payments_order SET held_reason = %s", [sentence])
        call_command("migrate", verbosity=0)
        order.refresh_from_db()
        assert order.held_code == code
        for part in ("$46.80 instead of $39.00", "ord_9", "JM-000007", "nobody knows"):
            assert (part in hold_message(order)) is (part in sentence)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(state=OrderState.REQUIRES_REVIEW).update(held_code="")


@pytest.mark.django_db
def test_what_is_noted_is_read_as_the_order_says_it(sandbox: Sandbox) -> None:
    register_terms()
    order = held(sandbox, register())
    noted = AuditEntry.objects.get(action="order.held").reason
    assert noted_hold_message(noted) == hold_message(order)
    assert hold_message(order) == "The payment page charged $46.80 instead of $39.00"
    assert noted_hold_message("its charge paid JM-000007") == "its charge paid JM-000007"
