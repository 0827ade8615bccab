"""Whoever writes by the contact form has opened a request, without proving who they are."""

import pytest
from django.test import Client

from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.statuses import Channel, EntryKind
from jewelrymodel.web.site.contact import PER_ADDRESS, PER_CALLER
from tests.support.shop import register, register_terms

pytestmark = pytest.mark.django_db
SENT = {"email": "Ada@rings.example", "message": "Where are you?"}


@pytest.fixture(autouse=True)
def terms() -> None:
    register_terms()


def test_a_message_opens_a_request_that_is_nobodys_account_yet() -> None:
    register()  # with that very address
    answer = Client().post("/contact", SENT)
    assert (answer.status_code, answer["Location"]) == (302, "/contact")
    case = Case.objects.get()
    assert (case.account_id, case.identity_level) == (None, 0)
    assert (case.email, case.channel) == ("ada@rings.example", Channel.FORM)
    entries = CaseEntry.objects.filter(case=case).order_by("pk")
    assert [(one.kind, one.mail_due) for one in entries] == [
        (EntryKind.MESSAGE_IN, False),
        (EntryKind.MESSAGE_OUT, True),  # acknowledged, and asked whether it was them
    ]


@pytest.mark.parametrize("missing", SENT)
def test_what_lacks_is_said_and_nothing_is_opened(missing: str) -> None:
    answer = Client().post("/contact", SENT | {missing: ""})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Case.objects.exists()


def test_nobody_floods_another_mailbox_or_our_desk() -> None:
    statuses = [Client().post("/contact", SENT).status_code for _ in range(PER_ADDRESS + 1)]
    assert statuses == [302] * PER_ADDRESS + [429]
    others = [
        Client().post("/contact", SENT | {"email": f"{n}@rings.example"}).status_code
        for n in range(PER_CALLER)
    ]
    assert others.count(302) == PER_CALLER - PER_ADDRESS
    assert Case.objects.count() == PER_CALLER - PER_ADDRESS + 1, "what one wrote is one request"


def test_somebody_with_an_account_is_led_to_its_requests() -> None:
    client = Client()
    client.force_login(register().user)
    html = client.get("/contact").content.decode()
    assert "/requests/new" in html
    assert 'value="ada@rings.example"' in html


def test_the_longest_address_is_taken() -> None:
    """What counts uses keeps shorter keys than addresses can be."""
    email = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.example"
    assert 200 < len(email) <= 254
    for _ in range(PER_ADDRESS):
        assert Client().post("/contact", SENT | {"email": email}).status_code == 302
    assert Client().post("/contact", SENT | {"email": email}).status_code == 429
    entries = Case.objects.get().entries.filter(kind=EntryKind.MESSAGE_IN)
    assert entries.count() == PER_ADDRESS
