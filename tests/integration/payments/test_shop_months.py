"""Three months of a shop: whatever its customers, their banks and the processor did, rows and
processor agree to the cent, and nobody who paid is left with nothing.
"""

import os
from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Charge
from jewelrymodel.support import reconcilers
from tests.support.desk import open_case
from tests.support.money_states.world import Machine
from tests.support.refunds import follow, intend
from tests.support.shop import Sandbox, charge_again, now, settle, start
from tests.support.shop_books import differences, left_alone
from tests.support.shop_months import Months

CUSTOMERS = int(os.environ.get("SHOP_CUSTOMERS", "20"))
DAYS = int(os.environ.get("SHOP_DAYS", "92"))
STEP = timedelta(days=int(os.environ.get("SHOP_STEP_DAYS", "9")))
SEED = os.environ.get("SHOP_SEED", "")


pytestmark = pytest.mark.django_db


def test_after_three_months_rows_and_processor_agree(
    sandbox: Sandbox, terms: None, request: pytest.FixtureRequest
) -> None:
    seed = int(SEED or request.config.getoption("randomly_seed", 1))
    shop = Months(Machine(sandbox), CUSTOMERS, seed, STEP)
    shop.live(DAYS)
    shop.settle()
    print(f"seed {seed}: {sum(shop.done.values())} acts, {shop.done}")
    assert sum(shop.done.values()) > CUSTOMERS
    assert (differences(shop.machine), left_alone(shop.machine)) == ([], []), f"seed {seed}"


def test_a_case_about_something_else_excuses_nobody(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    follow(intend(Charge.objects.latest("charged_at", "id")))
    open_case(start(seller, key="another-page").order, seller)
    (alone,) = left_alone(Machine(sandbox))
    assert alone.endswith("paid for nothing")
    reconcilers.run(now=now())
    assert left_alone(Machine(sandbox)) == []
