"""Nobody of ours decides anything about an account that they belong to themselves."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations
from jewelrymodel.support.models import Case
from tests.support.desk import decide, join, open_case
from tests.support.held_orders import held
from tests.support.shop import Sandbox, at_the_desk, now

pytestmark = pytest.mark.django_db


def test_a_request_is_decided_by_somebody_else(vera: Client, case: Case) -> None:
    join(case, "Vera")
    assert decide(vera, case, kind="full_refund") == 409
    assert not DecisionRecord.objects.exists()
    assert decide(at_the_desk("Arun Example"), case, kind="full_refund") == 302


def test_neither_damage_nor_a_held_order_is_an_exception(
    vera: Client, sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    case = open_case(order, seller)
    join(case, "Vera")
    user_id = User.objects.get(first_name="Vera").pk
    with pytest.raises(OwnAccount):
        operations.close_order(order_id=order.pk, reason="Mine.", user_id=user_id, now=now())
    with pytest.raises(OwnAccount):
        operations.review_damage(
            case_id=case.pk, damaged={}, reason="Mine.", user_id=user_id, now=now()
        )
