"""What an order pinned decides it, or nobody does: a text that was exchanged reaches a person."""

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.config import editions
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.policy.decision import from_json
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from tests.support.decisions import about
from tests.support.shop import Sandbox, at_the_desk, charge_again, now, publish
from tests.support.unreadable_terms import WAYS, lose_texts

pytestmark = [pytest.mark.django_db, pytest.mark.clause("10.2")]
OTHER = "a" * 64


def exchange(order: Order) -> None:
    """As somebody would who took the database's own guards away first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_order DISABLE TRIGGER keep_accepted")
        cursor.execute("ALTER TABLE payments_order DROP CONSTRAINT payments_order_pins_a_text")
    Order.objects.filter(pk=order.pk).update(terms_sha256=OTHER)


def test_the_decision_names_the_text_that_the_order_pinned(sandbox: Sandbox, order: Order) -> None:
    charge_again(sandbox, order)
    row = operations.decide_by_machine(
        request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
    )
    stored = from_json(row.body)
    assert stored.pinned_sha256 == order.terms_sha256 == stored.editions[0].sha256
    assert editions.missing_texts() == []


def test_a_machine_does_not_decide_by_another_text(
    sandbox: Sandbox, order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    charge_again(sandbox, order)
    exchange(order)
    with pytest.raises(operations.TermsNotAtHand), caplog.at_level(logging.ERROR):
        operations.decide_by_machine(
            request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
        )
    assert OTHER in caplog.text
    assert reconcilers.run(now=now())["charged_twice"] == 1
    assert Case.objects.get().is_open, "a person looks at it"
    assert not DecisionRecord.objects.exists()
    assert not Refund.objects.exists()


def test_customer_and_desk_are_told_and_can_go_on(
    order: Order, seller: Membership, client: Client
) -> None:
    exchange(order)
    client.force_login(seller.user)
    asked = {"category": "duplicate", "order": order.pk}
    page = client.get("/requests/new", asked)
    assert page.status_code == 200
    assert "checked automatically" in page.content.decode()
    assert client.post("/requests/new", {**asked, "do": "settle"}).status_code == 200
    sent = client.post("/requests/new", {**asked, "explanation": "I was charged twice."})
    assert sent.status_code == 302
    case = Case.objects.get()
    desk = at_the_desk()
    shown = desk.get(f"/desk/cases/{case.pk}")
    assert shown.status_code == 200
    assert "jewelrymodel doctor" in shown.content.decode()
    answer = desk.post(
        f"/desk/cases/{case.pk}/decline",
        {"reason": "No.", "signature": "x"},
    )
    assert answer.status_code in (409, 422)
    assert not DecisionRecord.objects.exists()


def test_the_database_takes_no_order_whose_hash_is_not_its_editions(order: Order) -> None:
    columns = {one.attname: getattr(order, one.attname) for one in Order._meta.concrete_fields}
    columns |= {"id": "ord_other", "number": 9, "idempotency_key": "other", "session_id": None}
    with pytest.raises(IntegrityError, match="payments_order_pins_a_text"), transaction.atomic():
        Order.objects.create(**columns | {"terms_sha256": OTHER})


def test_doctor_and_prepare_refuse_what_points_nowhere(order: Order) -> None:
    exchange(order)
    with pytest.raises(editions.TermsIncomplete, match=f"1 orders rest on .* {OTHER}"):
        list(editions.publish_shipped(now=now()))
    assert len(editions.missing_texts()) == 2, "its text is missing, and it isn't that of its date"


def test_an_edition_whose_text_is_missing_is_not_replaced_by_an_older_one(order: Order) -> None:
    """Of the edition in force only the hash is known: nobody decides by the one before it."""
    lost = publish(f"{now() - timedelta(days=1):%Y-%m-%d}")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_terms_text DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM catalog_terms_text WHERE sha256 = %s", [lost.sha256])
        cursor.execute("ALTER TABLE catalog_terms_text ENABLE TRIGGER ALL")
    with pytest.raises(operations.TermsNotAtHand):
        operations.assess(request=about(order, "unused"), now=now())


@pytest.mark.parametrize("problem", WAYS, ids=lambda one: type(one).__name__)
def test_nobody_decides_where_a_text_can_not_be_read_in_whichever_way(
    order: Order, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    lose_texts(monkeypatch, problem)
    with pytest.raises(operations.TermsNotAtHand):
        operations.assess(request=about(order, "duplicate"), now=now())
