"""What a request's page offers is done when it is pressed, in whichever state the request is."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.payments.models import Order
from jewelrymodel.support import operations
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules import business_days
from tests.support.desk import decide, open_case, read, shown
from tests.support.shop import at_the_desk, now

pytestmark = pytest.mark.django_db
FORM = re.compile(r'<form[^>]* action="(/desk/cases/[^"]+)"[^>]*>(.*?)</form>')


def a_business_day() -> str:
    days = (now().date() + timedelta(days=n) for n in range(4, 12))
    return next(one for one in days if business_days.is_business_day(one)).isoformat()


def filled(form: str) -> dict[str, str]:
    """What a person would send with a form: its own values, and theirs in what is empty."""
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    for name in re.findall(r'name="(\w+)"', form):
        fields.setdefault(name, "")
    options = re.findall(r'<option value="([^"]+)"', form)
    typed = {
        "text": "Thank you; here is what we know.",
        "reason": "We know this customer.",
        "until": a_business_day(),
        "sure": "on",
        "kind": "replacement_credits",
        "amount": "2",
        "records": "",
        "category": "unused",
        "to": options[0] if options else "",
        "into": options[0] if options else "",
    }
    return {name: unescape(value or typed.get(name, "")) for name, value in fields.items()}


def answers(client: Client, case: Case) -> dict[str, str]:
    """Each form of the page, sent and rolled back: its address, and why it was refused."""
    page = read(client, f"/desk/cases/{case.pk}").partition("<main")[2]
    refusals = {}
    for address, form in FORM.findall(page):
        with transaction.atomic():
            answer = client.post(address, filled(form))
            said = [one for one in get_messages(answer.wsgi_request) if one.level_tag == "error"]
            if answer.status_code != 302 or said:
                refusals[address] = f"{answer.status_code} {[*map(str, said)]}"
            transaction.set_rollback(True)
        client.get("/desk")  # what was said is read
    return refusals


def is_open(client: Client, case: Case) -> None:
    """As it was opened."""


def is_decided(client: Client, case: Case) -> None:
    assert decide(client, case, "decline") == 302


def is_confirmed(client: Client, case: Case) -> None:
    page = read(client, f"/desk/cases/{case.pk}")
    told = {"sure": "on", "reason": "A first purchase.", **shown(page)}
    assert client.post(f"/desk/cases/{case.pk}/decline", told).status_code == 302


def waits(client: Client, case: Case) -> None:
    vera = User.objects.get(first_name="Vera", staff_member__isnull=False)
    operations.ask(case_id=case.pk, text="Which order?", user_id=vera.pk, now=now())


def is_closed(client: Client, case: Case) -> None:
    assert client.post(f"/desk/cases/{case.pk}/close", {"text": "A double."}).status_code == 302


def is_closed_silently(client: Client, case: Case) -> None:
    assert client.post(f"/desk/cases/{case.pk}/close-silently", {"text": "Spam."}).status_code < 400


def is_merged(client: Client, case: Case) -> None:
    other = Case.objects.exclude(pk=case.pk).get()
    assert client.post(f"/desk/cases/{case.pk}/merge", {"into": other.pk}).status_code == 302
    case.refresh_from_db()
    assert case.merged_into_id == other.pk


def is_appealed(client: Client, case: Case) -> None:
    is_decided(client, case)
    operations.receive_message(case_id=case.pk, text="That isn't right, at all.", now=now())


@pytest.mark.parametrize(
    "become",
    [
        is_open,
        is_decided,
        is_confirmed,
        waits,
        is_closed,
        is_closed_silently,
        is_merged,
        is_appealed,
    ],
    ids=lambda one: one.__name__,
)
def test_nothing_is_offered_that_is_refused(
    vera: Client,
    case: Case,
    order: Order,
    seller: Membership,
    become: Callable[[Client, Case], None],
) -> None:
    """R19: decided requests offered acts that were refused."""
    open_case(order, seller)
    at_the_desk("Noa Example")
    operations.receive_message(case_id=case.pk, text="And one more thing: where is it?", now=now())
    become(vera, case)
    assert answers(vera, case) == {}
