"""The checkout asks for the legal texts that its buyer hasn't accepted yet, and for no others."""

import re

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog import queries
from jewelrymodel.catalog.documents import Document
from jewelrymodel.payments.models import Order
from tests.support.legal_texts import publish
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db


def shown(client: Client) -> list[str]:
    html = client.get("/checkout/case").content.decode()
    return re.findall(r'name="text_shown" value="([0-9a-f]{64})"', html)


def order(client: Client) -> None:
    html = client.get("/checkout/case").content.decode()
    hidden = {
        name: re.findall(rf'name="{name}" value="([0-9a-f]+)"', html)
        for name in ("key", "offer", "promised", "text_shown")
    }
    answer = client.post("/checkout/case", {**hidden, "country": "US", "capacity": "business"})
    assert answer.status_code == 302


def test_what_was_not_accepted_yet_is_shown_and_noted_with_the_order(
    sandbox: Sandbox, client: Client, seller: Membership
) -> None:
    client.force_login(seller.user)
    assert shown(client) == []
    terms = publish(Document.TERMS, "2026-05-14", "A")
    privacy = publish(Document.PRIVACY, "2026-05-14", "B")
    assert shown(client) == [terms.sha256, privacy.sha256]
    order(client)
    accepted = queries.accepted_texts(user_id=seller.user_id)
    assert {one.edition.sha256 for one in accepted} == {terms.sha256, privacy.sha256}
    assert Order.objects.count() == 1
    assert shown(client) == []
    changed = publish(Document.TERMS, "2026-06-01", "C")
    assert shown(client) == [changed.sha256]
    assert queries.texts_to_accept(user_id=seller.user_id, at=now()) == [(Document.TERMS, changed)]
