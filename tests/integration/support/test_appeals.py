"""An appeal is decided by another person than the one who declined, whichever way it came."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import CaseState
from tests.support.desk import decide, open_case, read, shown
from tests.support.held_orders import held
from tests.support.inbound_email import arrive, letter
from tests.support.shop import Sandbox, at_the_desk, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def declined(vera: Client, case: Case) -> Case:
    assert decide(vera, case, "decline") == 302
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED
    return case


def appeal_by_page(client: Client, case: Case, seller: Membership) -> None:
    client.force_login(seller.user)
    assert "Another person on our team" in read(client, f"/requests/{case.pk}")
    client.post(f"/requests/{case.pk}", {"text": "I disagree, please look again"})


def appeal_by_email(client: Client, case: Case, seller: Membership) -> None:
    tag = email_references.tag(case.number, case.thread_key)
    arrive(letter(case.email, f"Re: {tag}", "I disagree, please look again"))


@pytest.mark.parametrize("appeal", [appeal_by_page, appeal_by_email])
def test_who_declined_does_not_decide_again(
    vera: Client,
    client: Client,
    declined: Case,
    seller: Membership,
    appeal: Callable[[Client, Case, Membership], None],
) -> None:
    appeal(client, declined, seller)
    declined.refresh_from_db()
    assert declined.state == CaseState.OPEN
    page, noa = f"/desk/cases/{declined.pk}", at_the_desk("Noa Example")
    refused = read(vera, page)
    assert "You declined this request" in refused
    assert "Decline request" not in refused
    for act, sent in (
        ("decline", {}),
        ("approve-remedy", {"kind": "partial_refund", "amount": "2"}),
    ):
        assert decide(vera, declined, act, **shown(read(noa, page)), **sent) == 409
    assert DecisionRecord.objects.count() == 1
    assert "doesn’t decide again" in read(noa, page)
    assert decide(noa, declined, kind="partial_refund", amount="2") == 302
    declined.refresh_from_db()
    assert (declined.state, DecisionRecord.objects.count()) == (CaseState.DECIDED, 2)


def test_the_letter_says_who_decides_next(declined: Case) -> None:
    text = CaseEntry.objects.filter(case=declined, kind="message_out").latest("pk").text
    assert "another person on our team will review it and decide" in text


@override_settings(SINGLE_OPERATOR=True)
def test_where_one_works_alone_nobody_else_is_promised(vera: Client, case: Case) -> None:
    assert decide(vera, case, "decline") == 302
    text = CaseEntry.objects.filter(case=case, kind="message_out").latest("pk").text
    assert "We’ll review it again." in text
    operations.receive_message(case_id=case.pk, text="I disagree, look again", now=now())
    assert "A colleague has to decide" not in read(vera, f"/desk/cases/{case.pk}")
    assert decide(vera, case, kind="partial_refund", amount="2") == 302


CLOSINGS = ("close", "close-silently")


@pytest.fixture
def appealed(declined: Case) -> Case:
    return operations.receive_message(case_id=declined.pk, text="I disagree, look again", now=now())


@pytest.mark.parametrize("closing", CLOSINGS)
def test_who_declined_does_not_close_the_appeal(vera: Client, appealed: Case, closing: str) -> None:
    page = read(vera, f"/desk/cases/{appealed.pk}")
    assert f'action="/desk/cases/{appealed.pk}/{closing}"' not in page
    answer = vera.post(f"/desk/cases/{appealed.pk}/{closing}", {"text": "Nothing new"})
    assert answer.status_code == 409
    assert "a colleague has to decide" in answer.content.decode()
    appealed.refresh_from_db()
    assert appealed.state == CaseState.OPEN
    noa = at_the_desk("Noa Example")
    assert noa.post(f"/desk/cases/{appealed.pk}/{closing}", {"text": "Spam"}).status_code == 302
    appealed.refresh_from_db()
    assert appealed.state == CaseState.CLOSED


def test_nobody_splits_an_objection_off_for_another_decline(vera: Client, appealed: Case) -> None:
    objection = CaseEntry.objects.get(text="I disagree, look again")
    split = f"/desk/cases/{appealed.pk}/messages/{objection.pk}/split"
    for client in (vera, at_the_desk("Noa Example")):
        assert split not in read(client, f"/desk/cases/{appealed.pk}")
        page = client.post(split, follow=True).content.decode()
        assert "the customer’s objection stays with it" in page
    assert Case.objects.count() == 1


@pytest.mark.parametrize("closing", CLOSINGS)
def test_who_works_alone_closes_and_splits_appeals(
    vera: Client, appealed: Case, closing: str
) -> None:
    objection = CaseEntry.objects.get(text="I disagree, look again")
    with override_settings(SINGLE_OPERATOR=True):
        vera.post(f"/desk/cases/{appealed.pk}/messages/{objection.pk}/split")
        assert Case.objects.count() == 2
        vera.post(f"/desk/cases/{appealed.pk}/{closing}", {"text": "Answered there"})
    appealed.refresh_from_db()
    assert appealed.state == CaseState.CLOSED


def test_what_comes_while_the_page_is_made_is_not_declined_unread(
    vera: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_entries = queries.entries

    def and_then_they_write(**asked: Any) -> list[CaseEntry]:
        entries = read_entries(**asked)
        operations.receive_message(case_id=case.pk, text="One thing more", now=now())
        return entries

    with monkeypatch.context() as while_made:
        while_made.setattr(queries, "entries", and_then_they_write)
        page = read(vera, f"/desk/cases/{case.pk}")
    assert "One thing more" not in page
    told = {"sure": "on", "reason": "A first purchase.", **shown(page)}
    assert vera.post(f"/desk/cases/{case.pk}/decline", told).status_code == 409


def test_who_declined_is_refused_at_the_held_order_too(
    vera: Client, sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    case, address = open_case(order, seller), f"/desk/orders/{order.pk}"
    assert decide(vera, case, "decline") == 302
    operations.receive_message(case_id=case.pk, text="I disagree, look again", now=now())
    said = {"sure": "on", "reason": "The tax is right.", **shown(read(vera, address))}
    answer = vera.post(f"{address}/deliver", said)
    assert answer.status_code == 409
    assert "a colleague has to decide" in answer.content.decode()
    noa = at_the_desk("Noa Example")
    assert noa.post(f"{address}/deliver", said).status_code == 302
