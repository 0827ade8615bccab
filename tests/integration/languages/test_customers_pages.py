"""On no page and in no email of a customer is a sentence left untranslated."""

import pytest
from django.core import mail

from jewelrymodel.accounts.models import Membership
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import Order
from tests.support import generation as world
from tests.support.bank import Bank
from tests.support.held_orders import held
from tests.support.pdf import pdf_text
from tests.support.pseudo_pages import Walk
from tests.support.shop import DECLINED, Sandbox, charge_again, now, settle, start

pytestmark = pytest.mark.django_db


def test_billing(sandbox: Sandbox, seller: Membership, buyer: Walk) -> None:
    bank = Bank(sandbox, seller)
    buyer.get("/billing")
    buyer.get("/credits")
    for sku in ("tray", "bench"):
        buyer.get(f"/checkout/{sku}")
        buyer.post(f"/checkout/{sku}", country="DE", capacity="consumer")
    tray, plan = bank.buy("tray", key="a-first-purchase"), bank.buy("bench", key="the-first-month")
    buyer.get("/checkout/atelier")
    charge_again(sandbox, tray)
    disputed, lost = bank.buy("case", key="a-disputed-one"), bank.buy("case", key="a-lost-one-more")
    bank.dispute(disputed)
    bank.decide(bank.dispute(lost), "lost")
    review = held(sandbox, seller)
    sandbox.panel("reset")
    declined = start(seller, key="a-declined-one")
    sandbox.pay(declined.url, DECLINED)
    settle(declined.order)
    for order in (tray, plan, disputed, lost, review, declined.order):
        buyer.get(f"/billing/orders/{order.pk}")
        buyer.get(f"/billing/orders/{order.pk}/return")
        buyer.get(f"/billing/orders/{order.pk}/dispute")
    buyer.post(f"/billing/orders/{declined.order.pk}/cancel")
    cancel = f"/billing/subscriptions/{plan.subscription_id}/cancel"
    resume = f"/billing/subscriptions/{plan.subscription_id}/resume"
    for address in (cancel, resume, cancel):
        buyer.get(address)
        buyer.post(address)
    for address in ("/billing", "/credits", "/library", "/settings"):
        buyer.get(address)
    for order in Order.objects.filter(delivered_at__isnull=False):
        payments.confirm_order(order_id=order.pk, now=now())
        order.refresh_from_db()
        buyer.note(f"{order.label}.pdf", [pdf_text(render_receipt(order.receipt))])
    for one in mail.outbox:
        buyer.read(one)
    assert not buyer.escaped, buyer.report()


def test_studio(seller: Membership, buyer: Walk) -> None:
    account = world.seller()
    buyer.client.force_login(account.memberships.get().user)
    buyer.get("/studio")
    buyer.get("/library")
    photo = world.approved_photo(account)
    buyer.get(f"/studio/photos/{photo.pk}")
    buyer.get(f"/studio/photos/{photo.pk}/correct")
    buyer.post(f"/studio/photos/{photo.pk}/approve", kind="pendant", size_mm="9000")
    world.approve(photo)
    buyer.get(f"/studio/photos/{photo.pk}")
    many = {"look": ["linen", "marble", "sweep"], "aspect": ["1:1", "4:5", "3:4", "9:16", "16:9"]}
    consumer = {"country": "DE", "capacity": "consumer"}
    offer = buyer.get(f"/studio/photos/{photo.pk}/missing-credits", **many, **consumer)
    assert "ack_of_loss" in offer
    for looks in (
        {"look": ["linen", "marble"], "aspect": ["1:1"]},
        {"look": ["linen"], "aspect": ["1:1"]},
    ):
        assert "<th" in buyer.get(f"/studio/photos/{photo.pk}/promise", **looks)
    buyer.post(f"/studio/photos/{photo.pk}/buy", **many)
    task = world.order(photo, images=1, generator=GeneratorName.EMBEDDED)
    buyer.get(f"/studio/tasks/{task.pk}")
    world.work(task, world.Hands())
    buyer.get(f"/studio/tasks/{task.pk}")
    for item in task.items.all():
        buyer.get(f"/library/images/{item.asset.pk}")
    buyer.get("/library")
    buyer.get("/library/photos")
    assert not buyer.escaped, buyer.report()
