"""Which of our own facts speak for contesting, reason by reason, and which for accepting."""

from datetime import datetime, timedelta

import pytest

from jewelrymodel.disputes.evidence_assessment import Stance, points
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.generation.models import Asset
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Subscription
from tests.support.bank import Bank, job
from tests.support.rewriting import without_triggers
from tests.support.shop import charge_again, now

pytestmark = pytest.mark.django_db


def told(work: DisputeWork) -> dict[str, Stance]:
    return {one.words: one.stance for one in points(work.dispute, now=now())}


def stance(work: DisputeWork, words: str) -> Stance:
    (found,) = [one for said, one in told(work).items() if words in said]
    return found


def age(order: Order, days: int, since: datetime | None = None) -> None:
    charged_at = (since or now()) - timedelta(days=days)
    with without_triggers():
        Charge.objects.filter(order=order).update(charged_at=charged_at)


def test_what_was_delivered_and_used_is_contested(bank: Bank) -> None:
    order = bank.buy()
    bank.spend(7)
    work = bank.dispute(order)
    assert told(work) == {"100 credits were added, and 7 of them spent on images.": "contest"}


def test_what_was_delivered_and_not_used_is_still_delivered(bank: Bank) -> None:
    assert stance(bank.dispute(bank.buy()), "none was used") is Stance.CONTEST


def test_a_charge_that_brought_nothing_is_accepted(bank: Bank) -> None:
    order = bank.buy()
    charge_again(bank.sandbox, order)
    work = bank.dispute(order, "duplicate")
    assert stance(work, "charged more than once (6.1)") is Stance.ACCEPT
    assert stance(work, "Nothing was added") is Stance.ACCEPT
    assert points(work.dispute, now=now())[0].stance is Stance.ACCEPT


def test_two_orders_within_minutes_look_like_a_duplicate(bank: Bank) -> None:
    first, second = bank.buy(), bank.buy(key="another-page-key")
    work = bank.dispute(second, "duplicate")
    assert stance(work, f"{first.label} and {second.label} are the same") is Stance.ACCEPT


def test_an_order_of_its_own_is_no_duplicate(bank: Bank) -> None:
    assert stance(bank.dispute(bank.buy(), "duplicate"), "of its own") is Stance.CONTEST


def test_a_stolen_card_is_contested_only_with_a_history(bank: Bank) -> None:
    """Two undisputed charges, 120 to 365 days old, from the same connection or device."""
    orders, today = [bank.buy(key=f"key-of-page-{n}") for n in range(4)], now()
    for order, days in zip(orders, (366, 365, 120, 0), strict=True):
        age(order, days, today)
    work = bank.dispute(orders[3], "fraudulent")
    assert stance(work, "2 earlier charges of the same person") is Stance.CONTEST
    age(orders[2], 119, today)
    assert stance(work, "too few earlier charges") is Stance.ACCEPT


def test_another_connection_and_device_are_no_history(bank: Bank) -> None:
    orders = [bank.buy(key=f"key-of-page-{n}") for n in range(3)]
    for order in orders[:2]:
        age(order, 200)
    work = bank.dispute(orders[2], "unrecognized")
    Order.objects.filter(pk=orders[2].pk).update(ip="10.0.0.9", device_id="another")
    work.dispute.charge.order.refresh_from_db()
    assert stance(work, "too few earlier charges") is Stance.ACCEPT


def test_a_plan_that_was_canceled_before_its_charge_is_accepted(bank: Bank) -> None:
    order = bank.buy("bench")
    work = bank.dispute(order, "subscription_canceled")
    assert stance(work, "had not been canceled") is Stance.CONTEST
    Subscription.objects.update(cancel_requested_at=now() - timedelta(days=1))
    work = DisputeWork.objects.select_related("dispute__charge__order").get(pk=work.pk)
    assert stance(work, "had been canceled before this charge (3.2)") is Stance.ACCEPT


def test_a_refund_that_was_paid_is_proof_and_one_on_its_way_is_not(bank: Bank) -> None:
    order = bank.buy()
    bank.buy(key="another-page-key")
    first, other = (
        payments.intend_refund(
            account_id=order.account_id,
            charge_id=charge.pk,
            amount_minor=900,
            decision_id="dec_1",
            reason="6.4",
            revokes_credits=False,
            now=now(),
        )
        for charge in Charge.objects.order_by("charged_at", "id")
    )
    payments.follow_refund(refund_id=first.pk, now=now())
    work = bank.dispute(order, "credit_not_processed")
    assert stance(work, f"Refund {first.pk} was paid on") is Stance.CONTEST
    assert not [said for said in told(work) if other.pk in said]
    work = bank.dispute(other.charge.order, "credit_not_processed")
    assert stance(work, f"Refund {other.pk} was decided") is Stance.ACCEPT


def test_jobs_that_delivered_what_they_took_are_told(bank: Bank) -> None:
    order = bank.buy()
    job(bank, took=2, delivered=2)
    work = bank.dispute(order, "product_unacceptable")
    assert stance(work, "1 generation used these credits") is Stance.CONTEST
    assert Stance.ACCEPT not in told(work).values()


def test_what_an_automatic_check_says_of_an_image_is_no_evidence(bank: Bank) -> None:
    """How often it errs is not known, so it speaks neither for us nor against us."""
    order = bank.buy()
    job(bank, took=2, delivered=2)
    work = bank.dispute(order, "product_unacceptable")
    said = []
    for passed in (True, False):
        assert Asset.objects.update(fidelity={"passed": passed}) == 2
        said.append(told(work))
    assert said[0] == said[1]


def test_a_job_that_took_more_than_it_delivered_speaks_for_the_buyer(bank: Bank) -> None:
    order = bank.buy()
    job(bank, took=2, delivered=2)
    job(bank, took=3, delivered=2)
    work = bank.dispute(order, "product_unacceptable")
    assert stance(work, "did not deliver everything (5.3)") is Stance.ACCEPT
    other = bank.buy(key="another-page-key")
    assert Stance.ACCEPT not in told(bank.dispute(other, "product_unacceptable")).values()


def test_a_right_by_law_speaks_for_the_buyer(bank: Bank) -> None:
    order = bank.buy_as_consumer("case", country="DE")
    work = bank.dispute(order, "product_unacceptable")
    assert stance(work, "a right to withdraw") is Stance.ACCEPT


def test_no_reason_leaves_it_to_a_person(bank: Bank) -> None:
    assert told(bank.dispute(bank.buy(), "general")) == {}
