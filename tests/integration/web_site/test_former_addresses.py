"""Links in emails and bookmarks of earlier versions lead where they led."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", ["cancel", "resume"])
def test_a_subscriptions_former_pages_redirect_for_good(client: Client, act: str) -> None:
    former = f"/billing/plans/sub_1/{act}"
    answer = client.get(former)
    assert answer.status_code == 301
    assert answer["Location"] == reverse(f"{act}_subscription", args=["sub_1"])
    assert client.post(former).status_code == 405


@pytest.mark.parametrize("page", ["request_new", "desk"])
def test_what_a_request_is_about_is_taken_over_from_former_links(client: Client, page: str) -> None:
    answer = client.get(reverse(page), {"ground": "changed_mind", "order": "ord_1"})
    assert answer.status_code == 301
    assert answer["Location"] == f"{reverse(page)}?order=ord_1&category=changed_mind"
