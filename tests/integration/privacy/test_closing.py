"""An account is closed by its owner, kept after all, or erased for good: each exactly once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.roles import Role
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.models import Asset, Batch, Collection, Photo, Piece, Task
from jewelrymodel.generation.statuses import TASK_OPEN, GeneratorName
from jewelrymodel.infra.models import PendingEmail
from jewelrymodel.infra.storage_places import PLACES
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.privacy import operations
from jewelrymodel.privacy.models import AccountClosing
from jewelrymodel.privacy.operations import closing as steps
from jewelrymodel.support import operations as support
from jewelrymodel.support.models import Case
from tests.support import generation as world
from tests.support.shop import at_the_desk, now, register_terms
from tests.support.threads import at_once
from tests.support.unreadable_terms import WAYS, lose_texts

DAY = timedelta(days=1)
NAME = "ringmaker"


def close(account: Account, user: User, name: str = NAME) -> AccountClosing:
    return operations.close_account(
        account_id=account.pk, user_id=user.pk, name=name, now=now(), machine_now=now()
    )


def keep(account: Account, user: User) -> AccountClosing:
    return operations.keep_account(
        account_id=account.pk, user_id=user.pk, now=now(), machine_now=now()
    )


def erase(closing: AccountClosing, days: int = 14) -> bool:
    return operations.erase_account(
        closing_id=closing.pk, now=closing.closed_at + days * DAY, machine_now=now()
    )


def subjects() -> list[str]:
    return [one.subject for one in PendingEmail.objects.order_by("created_at", "pk")]


def test_closed_it_takes_nothing_new_and_can_be_kept(
    asset: Asset, account: Account, user: User
) -> None:
    closing = close(account, user, " RingMaker ")
    account.refresh_from_db()
    assert account.closed_at == closing.closed_at
    assert closing.due_at == closing.closed_at + 14 * DAY
    assert (closing.credits, closing.canceled) == (9, [])
    keep(account, user)
    account.refresh_from_db()
    assert account.closed_at is None
    assert world.piece(account).pk
    assert subjects() == ["Your account is closed", "You’ve kept your account"]
    actions = AuditEntry.objects.filter(subject=f"account:{account.pk}")
    assert [one.action for one in actions.order_by("id")] == ["account.closed", "account.kept"]


def new_photo(account: Account) -> object:
    return world.approved_photo(account)


def new_collection(account: Account) -> object:
    return Collection.objects.create(
        id=new_id("coll", now=now()), account=account, name="Fall", created_at=now()
    )


def new_batch(account: Account) -> object:
    return Batch.objects.create(id=new_id("batch", now=now()), account=account, created_at=now())


def new_task(account: Account) -> object:
    return world.order(Photo.objects.get(account=account), key="k2")


@pytest.mark.parametrize("add", [world.piece, new_photo, new_collection, new_batch, new_task])
def test_the_database_takes_no_new_work_of_a_closed_account(
    add: Callable[[Account], object], asset: Asset, account: Account, user: User
) -> None:
    close(account, user)
    with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
        add(account)


def test_only_its_owner_closes_it_and_only_by_its_name(account: Account, user: User) -> None:
    helper = User.objects.create_user("helper@shop.example", None, date_joined=now())
    Membership.objects.create(account=account, user=helper, role=Role.MEMBER, joined_at=now())
    with pytest.raises(accounts.NotTheOwner):
        close(account, helper)
    with pytest.raises(operations.NotConfirmed):
        close(account, user, "rings")
    close(account, user)
    with pytest.raises(operations.AlreadyClosed):
        close(account, user)
    with pytest.raises(accounts.NotTheOwner):
        keep(account, helper)
    assert AccountClosing.objects.count() == 1


def test_what_is_under_way_ends_first(account: Account, user: User, photo: Photo) -> None:
    task = world.order(photo, generator=GeneratorName.EMBEDDED)
    assert task.status in TASK_OPEN
    with pytest.raises(operations.MustEndFirst):
        close(account, user)
    world.work(task, world.Hands())
    assert close(account, user).erased_at is None


def test_closed_and_ordered_at_once_one_of_them_is_refused(
    account: Account, user: User, photo: Photo
) -> None:
    def attempt(what: Callable[[], object]) -> bool:
        try:
            what()
        except (operations.MustEndFirst, IntegrityError):
            return False
        return True

    acts = iter([lambda: close(account, user), lambda: world.order(photo)])
    done = at_once(lambda: attempt(next(acts)), 2)
    assert sorted(done) == [False, True]
    assert AccountClosing.objects.count() + Task.objects.count() == 1


def test_closed_twice_at_once_it_is_closed_once(account: Account, user: User) -> None:
    def attempt() -> bool:
        try:
            close(account, user)
        except operations.AlreadyClosed:
            return False
        return True

    assert sorted(at_once(attempt, 3)) == [False, False, True]
    assert subjects() == ["Your account is closed"]


def own_files(files: Path, account: Account) -> list[str]:
    """What the storage still holds of an account, in any of its places."""
    return [
        str(one.relative_to(files))
        for place in PLACES
        for one in files.glob(f"{place}/{account.pk}/**/*")
        if one.is_file()
    ]


def words_left(account: Account) -> list[str]:
    """Every word that a seller wrote themselves and that is still there."""
    columns: list[tuple[type[Piece | Photo | Asset | Collection], str]] = [
        (Piece, "name"),
        (Piece, "sku"),
        (Photo, "file_name"),
        (Asset, "alt_text"),
        (Collection, "name"),
    ]
    return [
        word
        for model, column in columns
        for word in model.objects.filter(account=account).values_list(column, flat=True)
        if word
    ]


def test_after_its_term_everything_is_gone_and_the_books_stay(
    asset: Asset, account: Account, user: User, files: Path
) -> None:
    Piece.objects.update(name="Ada’s band", sku="A-1")
    Photo.objects.update(file_name="ada.jpg")
    Asset.objects.update(alt_text="Ada’s band on linen")
    new_collection(account)
    TOTP.activate(user, generate_totp_secret())
    other = world.approved_photo(world.seller("other"))
    closing = close(account, user)
    assert not erase(closing, days=13)
    assert len(own_files(files, account)) > 3
    assert erase(closing)
    assert own_files(files, account) == words_left(account) == []
    assert not Asset.objects.filter(account=account).exclude(look_hash=None).exists()
    assert len(own_files(files, other.account)) > 3
    account.refresh_from_db()
    user.refresh_from_db()
    assert account.erased_at is not None
    assert account.name == "Closed account"
    assert user.email == f"closed-{user.pk}@closed.invalid"
    assert (user.is_active, user.has_usable_password(), user.get_full_name()) == (False, False, "")
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not Authenticator.objects.filter(user=user).exists()
    assert Task.objects.get(account=account).credits_charged == 1
    assert world.books_balance()
    assert subjects() == ["Your account is closed", "Your account’s data has been deleted"]
    assert PendingEmail.objects.latest("created_at").recipient == "ringmaker@shop.example"


class Killed(BaseException):
    """The worker is gone."""


def killed(*_given: object, **_named: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    "place",
    [
        (steps.generation, "erase_work"),
        (steps.storage, "delete_tree"),
        (steps.email_queue, "send_later"),
        (steps.accounts, "erase"),
        (steps, "_note"),
    ],
    ids=lambda place: place[1],
)
def test_killed_anywhere_the_rest_is_done_the_next_time(
    place: tuple[object, str],
    asset: Asset,
    account: Account,
    user: User,
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closing = close(account, user)
    with monkeypatch.context() as patched:
        patched.setattr(*place, killed)
        with pytest.raises(Killed):
            erase(closing)
    closing.refresh_from_db()
    assert closing.erased_at is None
    assert User.objects.get(pk=user.pk).email == "ringmaker@shop.example"
    assert erase(closing)
    assert erase(closing)
    assert own_files(files, account) == []
    assert subjects().count("Your account’s data has been deleted") == 1
    entries = AuditEntry.objects.filter(action="account.erased")
    assert [one.account_id for one in entries] == [account.pk]


def test_erased_by_two_at_once_it_is_erased_once(
    asset: Asset, account: Account, user: User
) -> None:
    closing = close(account, user)
    assert at_once(lambda: erase(closing), 2) == [True, True]
    assert subjects().count("Your account’s data has been deleted") == 1


def test_kept_at_the_last_moment_or_too_late(
    account: Account, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = close(account, user)
    with pytest.raises(operations.NothingToKeep):
        operations.keep_account(
            account_id=account.pk, user_id=user.pk, now=closing.due_at, machine_now=now()
        )
    operations.keep_account(
        account_id=account.pk,
        user_id=user.pk,
        now=closing.due_at - timedelta(seconds=1),
        machine_now=now(),
    )
    assert erase(closing)  # nothing to do any more
    account.refresh_from_db()
    assert (account.closed_at, account.erased_at) == (None, None)
    with pytest.raises(operations.NothingToKeep):
        keep(account, user)


def test_the_database_refuses_an_erased_account_that_is_open(account: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(erased_at=now())


def test_while_a_request_is_open_its_data_stays(
    asset: Asset, account: Account, user: User, files: Path
) -> None:
    register_terms()
    case = support.open_contact(email=user.email, text="Where is it?", now=now())
    confirmed = {"account": account, "identity_level": 2, "state": "open", "paused_at": None}
    Case.objects.filter(pk=case.pk).update(**confirmed)
    closing = close(account, user)
    due = closing.due_at
    assert operations.erase_due(now=due, machine_now=now()) == 1
    assert own_files(files, account) != []
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=due)
    assert operations.erase_due(now=due, machine_now=now()) == 0
    assert own_files(files, account) == []
    assert Case.objects.get(pk=case.pk).email == "ringmaker@shop.example"  # a record of ours


def test_the_address_is_free_and_the_free_images_are_not_given_again(
    account: Account, user: User
) -> None:
    since = now() - 30 * DAY
    from tests.support.publishing import publish_welcome_offer

    publish_welcome_offer(images=2, expire_after_days=30, effective_from_at=since, now=since)
    ledger.grant_welcome(account_id=account.pk, email=user.email, address="192.0.2.1", now=now())
    assert erase(close(account, user))
    again = accounts.register(
        email="ringmaker@shop.example", password=None, account_name="Again", now=now()
    )
    assert again.user_id != user.pk
    with pytest.raises(ledger.AlreadyWelcomed):
        ledger.grant_welcome(
            account_id=again.account_id,
            email=again.user.email,
            address="192.0.2.1",
            now=now(),
        )


def test_who_belongs_to_another_account_stays_and_so_does_our_staff(
    account: Account, user: User
) -> None:
    other = world.seller("other")
    Membership.objects.create(account=other, user=user, role=Role.MEMBER, joined_at=now())
    assert erase(close(account, user))
    user.refresh_from_db()
    assert (user.email, user.is_active) == ("ringmaker@shop.example", True)
    browser = Client()
    browser.force_login(user)
    assert browser.get("/settings").status_code == 200


@pytest.mark.parametrize("problem", WAYS, ids=lambda one: type(one).__name__)
def test_an_account_can_be_closed_where_no_text_of_the_policy_can_be_read(
    client: Client, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    lose_texts(monkeypatch, problem)
    assert client.get("/settings/close").status_code == 200


def test_the_way_out_and_back_by_the_pages(client: Client, account: Account, user: User) -> None:
    page = client.get("/settings/close").content.decode()
    assert "9 unused" not in page
    assert "10 unused credits" in page
    assert client.post("/settings/close/confirm", {"name": "x"}).status_code == 422
    done = client.post("/settings/close/confirm", {"name": NAME})
    assert done["Location"] == "/"
    assert client.get("/studio")["Location"].startswith("/account/login/")
    client.force_login(User.objects.get(pk=user.pk))
    assert client.get("/studio")["Location"] == "/settings/closed"
    assert "Keep my account" in client.get("/settings/closed").content.decode()
    assert client.post("/settings/closed/keep")["Location"] == "/studio"
    assert client.get("/settings/closed")["Location"] == "/studio"
    assert client.post("/settings/closed/keep")["Location"] == "/studio"


def test_other_browsers_are_signed_out(client: Client, account: Account, user: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(user)
    close(account, user)
    assert elsewhere.get("/settings")["Location"].startswith("/account/login/")


def test_closing_asks_for_the_password_first(account: Account, user: User) -> None:
    browser = Client()
    browser.force_login(user)
    assert browser.get("/settings/close")["Location"].startswith("/account/reauth")
    sent = browser.post("/settings/close/confirm", {"name": NAME})
    assert sent["Location"].startswith("/account/reauth")
    account.refresh_from_db()
    assert account.closed_at is None


def test_what_is_under_way_is_named_on_the_page(
    client: Client, account: Account, photo: Photo
) -> None:
    task = world.order(photo, generator=GeneratorName.EMBEDDED)
    page = client.get("/settings/close").content.decode()
    assert f"/studio/tasks/{task.pk}" in page
    assert 'action="/settings/close/confirm"' not in page
    assert client.post("/settings/close/confirm", {"name": NAME}).status_code == 422


def test_staff_see_that_it_is_closed(account: Account, user: User) -> None:
    vera = at_the_desk()
    closing = close(account, user)
    page = vera.get(f"/desk/customers/{account.pk}").content.decode()
    assert "can be kept until" in page
    assert erase(closing)
    page = vera.get(f"/desk/customers/{account.pk}").content.decode()
    assert ("data deleted" in page, "Closed account" in page) == (True, True)
