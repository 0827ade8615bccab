"""A request's page says what it is about, what would be sent, and which request is next."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.payments.models import Order
from jewelrymodel.support.models import Case, CaseEntry
from tests.support.desk import decide, open_case, read
from tests.support.shop import at_the_desk, now

pytestmark = pytest.mark.django_db


def lead(page: str) -> str:
    """The page without its tags, as it reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_its_head_names_order_money_and_credits(vera: Client, case: Case, order: Order) -> None:
    """R18: no order or job in its head."""
    words = lead(read(vera, f"/desk/cases/{case.pk}").partition("<main")[2])
    head = words.partition("Conversation")[0]
    assert f"{order.label} · {order.product_version.name}" in head
    assert "$39.00 paid" in head
    assert "available" in head


def test_the_letter_that_is_shown_is_the_letter_that_is_sent(vera: Client, case: Case) -> None:
    page = read(vera, f"/desk/cases/{case.pk}")
    shown = lead(page.partition("The email that the customer would get")[2])
    assert "[Reason]" in shown
    assert decide(vera, case, "decline", reason="[Reason]") == 302
    letter = CaseEntry.objects.filter(case=case, kind="message_out").latest("pk")
    assert " ".join(letter.text.split()) in shown.replace("&#x27;", "'")


def test_the_next_request_is_due_next_and_is_nobody_elses(
    vera: Client, order: Order, seller: Membership, case: Case
) -> None:
    theirs, later = open_case(order, seller), open_case(order, seller)
    Case.objects.filter(pk=later.pk).update(due_at=now() + timedelta(days=20))
    at_the_desk("Noa Example")
    noa = User.objects.get(first_name="Noa", staff_member__isnull=False)
    vera.post(f"/desk/cases/{theirs.pk}/hand-over", {"to": noa.pk})
    theirs.refresh_from_db()
    assert theirs.assigned_to_id == noa.pk
    assert f'<a href="/desk/cases/{later.pk}" rel="next"' in read(vera, f"/desk/cases/{case.pk}")
    assert f'<a href="/desk/cases/{case.pk}" rel="next"' in read(vera, f"/desk/cases/{later.pk}")


def test_only_colleagues_are_assigned(vera: Client, seller: Membership, case: Case) -> None:
    for to in (seller.user_id, "x", "99999999"):
        assert vera.post(f"/desk/cases/{case.pk}/hand-over", {"to": to}).status_code == 302
    case.refresh_from_db()
    assert case.assigned_to_id is None


def test_its_keys_are_listed(vera: Client, case: Case) -> None:
    assert "data-keys" in read(vera, f"/desk/cases/{case.pk}")
