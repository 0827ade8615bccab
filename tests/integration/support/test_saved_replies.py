"""Saved replies: filled with the request's facts, and sent by nobody but a person."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.payments.models import Order
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, CaseEntry, SavedReply
from tests.support.desk import read
from tests.support.shop import at_the_desk, now, start

pytestmark = pytest.mark.django_db
TEXT = (
    "Hello {name},\n\nyou paid {amount} for {order} on {date}. We answer {request} by {deadline}."
)


def write(client: Client, title: str = "Paid", text: str = TEXT, language: str = "en") -> int:
    sent = {"title": title, "language": language, "text": text, "seen_at": ""}
    return client.post("/desk/replies/add", sent).status_code


def change(client: Client, row: SavedReply, **sent: str) -> int:
    told = {
        "title": row.title,
        "language": row.language,
        "text": row.text,
        "seen_at": row.changed_at.isoformat(),
    }
    return client.post(f"/desk/replies/{row.pk}/change", {**told, **sent}).status_code


def test_it_is_filled_with_the_facts_of_the_request(
    vera: Client, case: Case, order: Order, seller: Membership
) -> None:
    seller.user.first_name = "Ada"
    seller.user.save()
    assert write(vera) == 302
    (reply,) = queries.filled_replies(case, now=now())
    assert reply.missing == []
    assert reply.text.startswith("Hello Ada,\n\nyou paid $39.00 for JM-")
    assert order.label in reply.text
    assert case.label in reply.text
    page = read(vera, f"/desk/cases/{case.pk}")
    assert f"you paid $39.00 for {order.label} on" in page
    assert f'href="?reply={reply.id}#reply"' in page


def test_inserting_it_sends_nothing_and_keeps_what_was_typed(vera: Client, case: Case) -> None:
    assert write(vera, text="See {order}.") == 302
    (reply,) = queries.filled_replies(case, now=now())
    vera.post(f"/desk/cases/{case.pk}/visit", {"draft_reply": "Dear Ada,", "message": "0"})
    before, sent = CaseEntry.objects.count(), len(mail.outbox)
    page = vera.get(f"/desk/cases/{case.pk}?reply={reply.id}").content.decode()
    field = re.search(r'<textarea[^>]*id="reply_text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert field
    assert field[1].strip() == f"Dear Ada,\n\n{reply.text}"
    assert (CaseEntry.objects.count(), len(mail.outbox)) == (before, sent)


@pytest.mark.parametrize("act", ["reply", "ask"])
def test_what_a_request_does_not_know_cant_be_sent(vera: Client, case: Case, act: str) -> None:
    Case.objects.filter(pk=case.pk).update(subject_kind="account", subject_id="")
    assert write(vera, text="About {order}: one moment.") == 302
    (reply,) = queries.filled_replies(queries.case(case_id=case.pk), now=now())
    assert reply.missing == ["order"]
    assert "To fill in by hand: order" in read(vera, f"/desk/cases/{case.pk}")
    answer = vera.post(f"/desk/cases/{case.pk}/{act}", {"text": reply.text})
    assert answer.status_code == 422
    assert "Fill in {order}" in answer.content.decode()
    assert not CaseEntry.objects.filter(case=case, author__startswith="user:").exists()
    note = vera.post(f"/desk/cases/{case.pk}/note", {"text": reply.text})
    assert note.status_code == 302, "among colleagues it may stand"


def test_a_day_that_is_over_and_a_payment_that_never_came_are_no_facts(
    vera: Client, case: Case, seller: Membership
) -> None:
    unpaid = start(seller, key="never paid").order
    Case.objects.filter(pk=case.pk).update(due_at=now(), subject_id=unpaid.pk)
    assert write(vera, text="By {deadline}, for {order} of {date}.") == 302
    (reply,) = queries.filled_replies(queries.case(case_id=case.pk), now=now())
    assert reply.missing == ["deadline", "date"]


def test_each_customer_is_offered_their_language_and_english_where_that_lacks(
    vera: Client, case: Case, seller: Membership
) -> None:
    for title, language, text in (
        ("Paid", "en", "Paid on {date}."),
        ("Paid", "de", "Bezahlt am {date}."),
        ("Hello", "en", "Hello."),
        ("Merci", "fr", "Merci."),
    ):
        assert write(vera, title, text, language) == 302
    assert [one.title for one in queries.filled_replies(case, now=now())] == ["Hello", "Paid"]
    seller.user.language = "de"
    seller.user.save()
    hello, paid = queries.filled_replies(case, now=now())
    assert (hello.language, paid.language) == ("en", "de")
    assert re.fullmatch(r"Bezahlt am \d+\.[\d\w .]+\d{4}\.", paid.text), "as Germans write it"


def test_changes_are_in_the_record_and_on_the_page(vera: Client) -> None:
    assert "No saved replies yet" in read(vera, "/desk/replies")
    assert write(vera, text="One.") == 302
    row = SavedReply.objects.get()
    assert change(vera, row, text="Two.") == 302
    assert change(vera, SavedReply.objects.get(), text="Two.") == 302, "nothing changed"
    assert vera.post(f"/desk/replies/{row.pk}/remove").status_code == 302
    acts = AuditEntry.objects.filter(subject=f"saved_reply:{row.pk}").order_by("happened_at", "id")
    assert [(one.action, one.reason.partition("\n\n")[2]) for one in acts] == [
        ("reply.added", "One."),
        ("reply.changed", "One."),
        ("reply.removed", "Two."),
    ]
    page = read(vera, "/desk/replies")
    assert "Saved reply removed; what it said" in page
    assert "Vera Example" in page
    assert not SavedReply.objects.exists()
    assert vera.post(f"/desk/replies/{row.pk}/remove").status_code == 404


def test_two_who_change_one_are_told(vera: Client) -> None:
    assert write(vera, text="One.") == 302
    mine = SavedReply.objects.get()
    noa = at_the_desk("Noa Example")
    assert change(noa, mine, text="Noa’s.") == 302
    assert change(vera, mine, text="Vera’s.") == 409
    assert SavedReply.objects.get().text == "Noa’s."


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"text": "Hello {nome}."}, 409),
        ({"text": "   "}, 422),
        ({"title": "  "}, 422),
        ({"language": "xx"}, 422),
        ({"text": "x" * 4001}, 422),
    ],
)
def test_what_cant_be_is_refused(vera: Client, sent: dict[str, str], status: int) -> None:
    assert write(vera, **sent) == status
    assert not SavedReply.objects.exists()


def test_a_title_is_there_once_in_each_language(vera: Client) -> None:
    assert [write(vera), write(vera), write(vera, language="de")] == [302, 409, 302]
    assert SavedReply.objects.count() == 2


def test_the_database_takes_none_that_says_nothing_or_is_nobodys() -> None:
    usual = {"title": "Paid", "language": "en", "text": "x", "changed_by": "user:1"}
    for name, value in (("text", ""), ("title", ""), ("changed_by", "machine")):
        with pytest.raises(IntegrityError, match="support_reply_"), transaction.atomic():
            SavedReply.objects.create(**{**usual, name: value}, changed_at=now())


def test_a_seller_reads_and_writes_none(seller: Membership) -> None:
    client = Client()
    client.force_login(seller.user)
    assert client.get("/desk/replies").status_code in (302, 403, 404)
    assert write(client) in (302, 403, 404)
    assert not SavedReply.objects.exists()
