"""The desk's page of free credits: preview first, every gift found again, words that agree."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra.clock import now
from jewelrymodel.ledger import operations
from jewelrymodel.ledger.models import CreditGift
from jewelrymodel.web.desk.gifts import ROWS_OF_A_PAGE
from tests.support.shop import at_the_desk, register

pytestmark = pytest.mark.django_db
COLLEAGUE = "You asked for this, so a colleague must approve it."
ALONE = "As the only operator, you can approve it yourself from"


@pytest.fixture
def seller() -> Membership:
    """A customer without credits."""
    return register("ida@rings.example")


@pytest.fixture
def other() -> Membership:
    """Another one."""
    return register("ove@rings.example")


@pytest.fixture
def olga() -> Client:
    """An operator at the desk."""
    return at_the_desk("Olga Example", StaffRole.OPERATOR)


@pytest.fixture
def otto() -> Client:
    """Another one."""
    return at_the_desk("Otto Example", StaffRole.OPERATOR)


def give(to: Membership, quantity: int, key: str = "key-of-a-page") -> CreditGift:
    return operations.give_credits(
        account_id=to.account_id,
        quantity=quantity,
        reason=f"Reason of {key}.",
        key=key,
        user_id=User.objects.get(first_name="Olga").pk,
        now=now(),
    )


def shown(client: Client, query: str = "") -> str:
    return client.get(f"/desk/credits{query}").content.decode()


def test_nothing_is_given_before_its_preview_was_seen(olga: Client, seller: Membership) -> None:
    sent = {"key": "key-of-a-page", "account": seller.user.email, "quantity": "5"}
    sent |= {"reason": "Goodwill.", "sure": "on", "do": "give"}
    assert 'value="give"' not in shown(olga)
    early = olga.post("/desk/credits/give", sent)
    assert early.status_code == 422
    assert "Please check this preview first. Nothing was changed." in early.content.decode()
    token = early.context["preview"].token
    assert f'name="seen" value="{token}"' in early.content.decode()
    another = olga.post("/desk/credits/give", sent | {"quantity": "500", "seen": token})
    assert another.status_code == 422
    assert another.context["preview"].quantity == 500
    unsure = olga.post("/desk/credits/give", sent | {"sure": "", "seen": token})
    assert (unsure.status_code, unsure.context["preview"].token) == (422, token)
    assert not CreditGift.objects.exists()
    assert olga.post("/desk/credits/give", sent | {"seen": token}).status_code == 302
    assert CreditGift.objects.get().quantity == 5


def test_every_gift_is_found_again(
    olga: Client, seller: Membership, other: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 1000
    old = give(other, 7, key="page-of-the-old")
    for n in range(ROWS_OF_A_PAGE):
        give(seller, 1, key=f"page-number-{n:02}")
    first = shown(olga)
    assert "page-of-the-old" not in first
    assert "57 credits given altogether" in first
    assert "Page 1 of 2" in first
    assert "page-of-the-old" in shown(olga, "?page=2")
    sent = {f"{old.pk}-reason": ""}
    unsaid = olga.post(f"/desk/credits/{old.pk}/undo?page=2", sent)
    assert unsaid.status_code == 422
    assert f'id="id_{old.pk}-reason"' in unsaid.content.decode()
    assert f'action="/desk/credits/{old.pk}/undo?page=2"' in unsaid.content.decode()
    sent = {f"{old.pk}-reason": "Too old."}
    undone = olga.post(f"/desk/credits/{old.pk}/undo?page=2", sent)
    assert undone["Location"] == "/desk/credits?page=2"
    assert "7 taken back." in shown(olga, "?page=2")


@pytest.mark.parametrize("is_closed", [False, True])
def test_one_customers_gifts_are_shown_alone(
    olga: Client, seller: Membership, other: Membership, settings: Settings, is_closed: bool
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 10
    for to, key in ((seller, "ida"), (other, "ove")):
        give(to, 5, key=f"{key}-has-this")
        give(to, 20, key=f"{key}-may-get-this")
    if is_closed:
        Account.objects.update(closed_at=now())
    for text in (other.account_id, f"%20{other.user.email.upper()}"):
        page = shown(olga, f"?account={text}")
        assert "ove-has-this" in page
        assert "ove-may-get-this" in page
        assert "ida-" not in page
        assert "5 credits given altogether" in page
    assert "No account has the address or ID" in shown(olga, "?account=nobody@rings.example")
    customer = f"/desk/customers/{other.account_id}"
    link = f'href="/desk/credits?account={other.account_id}"'
    assert link in olga.get(customer).content.decode()
    agent = at_the_desk("Vera Example", StaffRole.AGENT)
    assert link not in agent.get(customer).content.decode()


def test_who_asked_is_told_who_approves(
    olga: Client, otto: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 1
    gift = give(seller, 5)
    approve = f'action="/desk/credits/{gift.pk}/approve"'
    assert COLLEAGUE in shown(olga)
    assert approve not in shown(olga)
    assert COLLEAGUE not in shown(otto)
    assert approve in shown(otto)
    Account.objects.update(closed_at=now())
    assert "This account is closed, so nothing can be given." in shown(otto)
    assert approve not in shown(otto)
    assert f'action="/desk/credits/{gift.pk}/reject"' in shown(otto)


@pytest.mark.parametrize(("hours", "is_time"), [(24, False), (0, True)])
def test_the_only_operator_is_told_from_when(
    olga: Client, seller: Membership, settings: Settings, hours: int, is_time: bool
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 1
    settings.SINGLE_OPERATOR = True
    settings.SECOND_APPROVAL_WAIT_HOURS = hours
    gift = give(seller, 5)
    assert ALONE in shown(olga)
    assert (f'action="/desk/credits/{gift.pk}/approve"' in shown(olga)) is is_time
    sent = {"account": seller.user.email, "quantity": "5", "key": "another-page", "do": "preview"}
    preview = olga.post("/desk/credits/give", sent).context["preview"]
    assert preview.may_approve_from - now() < timedelta(hours=hours)


def test_states_are_called_as_the_buttons_are(
    olga: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 10
    assert "Nobody has been given free credits yet." in shown(olga)
    given, waiting = give(seller, 5), give(seller, 20, key="page-number-2")
    me = User.objects.get(first_name="Olga").pk
    operations.undo_gift(gift_id=given.pk, reason="No.", user_id=me, now=now())
    operations.reject_gift(gift_id=waiting.pk, reason="No.", user_id=me, now=now())
    words = " ".join(shown(olga).split())
    assert "20 credits, refused" in words
    assert "5 credits, taken back" in words
    assert "Given, refused, or taken back" in words
