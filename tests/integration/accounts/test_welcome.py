"""Two images free for a confirmed address: once, by the catalog, and never money."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import Lot, Welcome
from jewelrymodel.ledger.movement_kinds import LotSource
from tests.support import publishing
from tests.support.account_emails import PASSWORD, letters, link_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def opened(email: str = "zoe@rings.example") -> Account:
    member = accounts.register(email=email, password=None, account_name="Z", now=NOW)
    return member.account


def welcome(account: Account, email: str = "zoe@rings.example", address: str = "192.0.2.1") -> Lot:
    return operations.grant_welcome(account_id=account.pk, email=email, address=address, now=NOW)


def sign_up(email: str, address: str = "127.0.0.1") -> Client:
    """Sign up and confirm the address, from a network."""
    client = Client(REMOTE_ADDR=address)
    client.post("/account/signup/", {"email": email, "password1": PASSWORD})
    letter = next(one for one in reversed(letters()) if one.to == [email])
    client.post(link_in(letter))
    cache.clear()
    return client


def available(email: str) -> int:
    account = Membership.objects.get(user__email=email).account_id
    return queries.balance(account, clock.now()).available


def test_who_confirms_their_address_has_two_images_free_and_is_told() -> None:
    client = sign_up("zoe@rings.example")
    lot = Lot.objects.get()
    offer = catalog.welcome_offer(clock.now())
    assert offer is not None
    assert (lot.source, lot.paid_minor, lot.currency) == (LotSource.WELCOME, 0, "")
    assert lot.quantity == offer.credits == 2 * catalog.credit_price(clock.now()).most
    assert lot.expires_at == lot.created_at + timedelta(days=90)
    assert "yours for free" in client.get("/studio").content.decode()
    assert "Free credits of a new account" in client.get("/credits").content.decode()


def test_before_the_address_is_confirmed_there_is_nothing() -> None:
    Client().post("/account/signup/", {"email": "zoe@rings.example", "password1": PASSWORD})
    assert not Lot.objects.exists()


def test_signing_in_again_brings_nothing_more() -> None:
    client = sign_up("zoe@rings.example")
    client.post("/account/logout/")
    client.post("/account/login/", {"login": "zoe@rings.example", "password": PASSWORD})
    assert available("zoe@rings.example") == 2


def test_a_mailbox_is_welcomed_once_however_its_address_is_written() -> None:
    sign_up("zoe.smith@gmail.com", "127.0.0.1")
    for n, other in enumerate(["zoesmith+two@gmail.com", "z.o.e.smith@googlemail.com"]):
        sign_up(other, f"127.51.{n}.1")
        assert available(other) == 0
    assert Welcome.objects.count() == 1
    assert "zoe" not in str(Welcome.objects.values_list())


def test_an_account_is_welcomed_once_also_under_a_new_address() -> None:
    account = opened()
    welcome(account)
    with pytest.raises(operations.AlreadyWelcomed):
        welcome(account, "new@rings.example")


def test_a_network_is_welcomed_so_often_a_day_and_again_the_next(settings: Settings) -> None:
    settings.WELCOMES_PER_NETWORK = 2
    for name in ("a", "b", "c"):
        client = sign_up(f"{name}@rings.example", f"127.0.2.{ord(name)}")
    assert [available(f"{name}@rings.example") for name in ("a", "b", "c")] == [2, 2, 0]
    assert "Sign in again tomorrow" in client.get("/studio").content.decode()
    sign_up("d@rings.example", "127.0.3.1")
    assert available("d@rings.example") == 2
    settings.WELCOMES_PER_NETWORK = 3  # as if the window were over
    client.post("/account/logout/")
    client.post("/account/login/", {"login": "c@rings.example", "password": PASSWORD})
    assert available("c@rings.example") == 2


def test_what_is_refused_for_its_mailbox_does_not_use_up_the_network(settings: Settings) -> None:
    settings.WELCOMES_PER_NETWORK = 2
    welcome(opened())
    for n in range(5):
        with pytest.raises(operations.AlreadyWelcomed):
            welcome(opened(f"zoe+{n}@rings.example"), f"zoe+{n}@rings.example")
    welcome(opened("last@rings.example"), "last@rings.example")
    with pytest.raises(rate_limiter.TooOften):
        welcome(opened("late@rings.example"), "late@rings.example")


def test_they_are_spent_first_and_lead_to_no_purchase_that_money_comes_from() -> None:
    account = opened()
    operations.grant(
        account_id=account.pk,
        source=LotSource.PACKAGE_ORDER,
        source_ref="ord_1",
        quantity=20,
        paid_minor=900,
        currency="USD",
        expires_at=None,
        idempotency_key="paid",
        now=NOW,
    )
    welcome(account)
    hold = operations.hold(
        account_id=account.pk, quantity=2, subject="task_1", idempotency_key="hold", now=NOW
    )
    operations.capture(hold_id=hold.pk, quantity=2, idempotency_key="done", now=NOW)
    assert queries.hold_fate(account.pk, hold.pk).order_ids == ()
    assert queries.purchase(account.pk, "ord_1", NOW).remaining == 20


def test_the_operator_ends_or_changes_the_offer() -> None:
    for images, at in ((3, NOW - timedelta(days=2)), (0, NOW)):
        publishing.publish_welcome_offer(
            images=images, expire_after_days=10, effective_from_at=at, now=NOW
        )
    before = catalog.welcome_offer(NOW - timedelta(days=1))
    assert before is not None
    assert (before.images, before.expire_after_days) == (3, 10)
    with pytest.raises(operations.NoWelcome):
        welcome(opened())
    assert "are free once" not in Client().get("/account/signup/").content.decode()


def test_who_has_an_account_for_longer_is_not_welcomed_at_a_sign_in() -> None:
    user = User.objects.create_user("old@rings.example", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    accounts.open_account(user_id=user.pk, name="Old", now=clock.now() - timedelta(days=8))
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/studio").status_code == 200
    assert available(user.email) == 0


def test_killed_after_the_confirmation_they_come_with_the_next_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(**_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as killed:
        killed.setattr(operations, "grant_welcome", die)
        with pytest.raises(RuntimeError):
            sign_up("zoe@rings.example")
    assert EmailAddress.objects.get().verified
    Client().post("/account/login/", {"login": "zoe@rings.example", "password": PASSWORD})
    assert available("zoe@rings.example") == 2


def test_the_offer_never_changes() -> None:
    with pytest.raises(IntegrityError, match="never change"):
        catalog.WelcomeOffer.objects.update(images=200)
