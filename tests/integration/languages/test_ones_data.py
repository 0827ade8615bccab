"""On no page and in no email about one's data, the account's end and our texts is a sentence
untranslated; the operator's texts themselves are in the operator's language.
"""

import re
from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Invitation, Membership
from jewelrymodel.accounts.operations import token_of
from jewelrymodel.catalog.documents import Document
from jewelrymodel.infra.clock import now
from jewelrymodel.privacy import operations
from jewelrymodel.privacy.models import AccountClosing, DataExport
from tests.support.account_emails import letters
from tests.support.legal_texts import publish
from tests.support.pseudo_pages import Walk

pytestmark = pytest.mark.django_db
NOOR = "noor@rings.example"
PASSWORD = "a-long-enough-one"


@pytest.fixture
def owner(seller: Membership, buyer: Walk) -> Walk:
    """Somebody who was asked for the password a moment ago."""
    seller.user.set_password(PASSWORD)
    seller.user.save()
    buyer.client.force_login(seller.user)
    buyer.client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/settings"})
    return buyer


def test_the_file_with_all_of_it(owner: Walk) -> None:
    owner.get("/settings/data")
    owner.get("/settings/data/download")
    for _twice in range(2):
        owner.post("/settings/data/ask")
    row = DataExport.objects.get()
    operations.prepare_export(export_id=row.pk, now=now(), machine_now=now())
    owner.get("/settings/data")
    owner.post("/settings/data/ask")
    for one in letters():
        owner.read(one)
    assert not owner.escaped, owner.report()


def test_the_people_of_an_account(owner: Walk, seller: Membership) -> None:
    owner.get("/settings/people")
    for email in (NOOR, NOOR, seller.user.email):  # too many letters a day, and who is there
        owner.post("/settings/people/invite", email=email, role="biller")
    for one in letters():
        owner.read(one)
    token = token_of(Invitation.objects.latest("created_at"))
    stranger = Walk()
    stranger.get(f"/invitation/{token}")
    owner.get(f"/invitation/{token}")
    owner.post(f"/invitation/{token}")
    owner.post("/settings/account/choose", account=seller.account_id)
    owner.post(f"/settings/people/{seller.pk}", role="member")
    row = Invitation.objects.get(ended_at=None)
    for _twice in range(2):
        owner.post(f"/settings/people/invitations/{row.pk}/revoke")
    stranger.get(f"/invitation/{token}")
    assert not owner.escaped | stranger.escaped, owner.report() + stranger.report()


def test_the_accounts_end(owner: Walk, seller: Membership) -> None:
    owner.get("/settings/close")
    for name in ("no such", seller.account.name):
        owner.post("/settings/close/confirm", name=name)
    assert AccountClosing.objects.count() == 1
    owner.client.force_login(seller.user)
    owner.get("/studio")
    owner.get("/settings/closed")
    for _twice in range(2):
        owner.post("/settings/closed/keep")
    for one in letters():
        owner.read(one)
    assert not owner.escaped, owner.report()


def test_writing_to_us(terms: None, buyer: Walk) -> None:
    buyer.get("/contact")
    for email in ("no address", "ada@rings.example"):
        for message in ("", "ada"):
            buyer.post("/contact", email=email, message=message)
    for _many in range(4):
        buyer.post("/contact", email="ada@rings.example", message="ada")
    assert not buyer.escaped, buyer.report()


def test_the_operators_texts(terms: None, buyer: Walk) -> None:
    buyer.data = re.compile(rf"{buyer.data.pattern}|Our text|Part|New words|An operator's words")
    days = [(now() + timedelta(days=n)).date().isoformat() for n in (-9, -2, 40)]
    for day, words in zip(days, ("ada", "An operator's words", "neu"), strict=True):
        publish(Document.TERMS, day, words)
    buyer.get("/terms")
    for day in days:
        buyer.get(f"/terms/{day}")
        buyer.get(f"/terms/{day}/changes")
    buyer.get("/studio")
    assert {"legal", "legal-edition", "legal-changes"} <= buyer.names
    assert not buyer.escaped, buyer.report()
