"""Credits that an operator gives: once, within the limit for one person, and to be undone."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jewelrymodel.accounts.models import Account, Membership, StaffMember, User
from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra.clock import now
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import CreditGift, Movement
from jewelrymodel.ledger.movement_kinds import GiftState
from tests.support.shop import at_the_desk, register

pytestmark = pytest.mark.django_db
WHY = "Sorry for the slow week."


@pytest.fixture
def seller() -> Membership:
    """A customer without credits."""
    return register("ida@rings.example")


@pytest.fixture
def olga() -> Client:
    """An operator at the desk."""
    return at_the_desk("Olga Example", StaffRole.OPERATOR)


@pytest.fixture
def otto() -> Client:
    """Another one."""
    return at_the_desk("Otto Example", StaffRole.OPERATOR)


def user_id(name: str) -> int:
    return User.objects.get(first_name=name).pk


def give(seller: Membership, quantity: int, key: str = "key-of-a-page") -> CreditGift:
    return operations.give_credits(
        account_id=seller.account_id,
        quantity=quantity,
        reason=WHY,
        key=key,
        user_id=user_id("Olga"),
        now=now(),
    )


def available(seller: Membership) -> int:
    return queries.balance(seller.account_id, now()).available


def spend(seller: Membership, quantity: int) -> None:
    hold = operations.hold(
        account_id=seller.account_id, quantity=quantity, subject="t", idempotency_key="h", now=now()
    )
    operations.capture(hold_id=hold.pk, quantity=quantity, idempotency_key="c", now=now())


def form(seller: Membership, quantity: int, **more: str) -> dict[str, str]:
    sent = {"key": "key-of-a-page", "account": seller.user.email, "quantity": str(quantity)}
    sent["seen"] = f"{seller.account_id} {quantity}"  # what the preview puts on the page
    return {**sent, "reason": WHY, "sure": "on", "do": "give", **more}


def test_a_preview_gives_nothing_and_a_second_press_nothing_more(
    olga: Client, seller: Membership
) -> None:
    shown = olga.post("/desk/credits/give", form(seller, 20, do="preview", sure="", reason=""))
    assert shown.status_code == 200
    assert shown.context["preview"].available_after == 20
    assert not CreditGift.objects.exists()
    assert olga.post("/desk/credits/give", form(seller, 20, sure="")).status_code == 422
    for _ in range(2):
        assert olga.post("/desk/credits/give", form(seller, 20)).status_code == 302
    assert available(seller) == 20
    assert olga.post("/desk/credits/give", form(seller, 21)).status_code == 409
    entry = AuditEntry.objects.get(action="credits.given")
    assert (entry.account_id, entry.reason) == (seller.account_id, f"20: {WHY}")


def test_the_account_is_found_by_address_or_id_and_by_nothing_else(
    olga: Client, seller: Membership
) -> None:
    for text in (seller.account_id, f" {seller.user.email.upper()} "):
        shown = olga.post("/desk/credits/give", form(seller, 1, do="preview", account=text))
        assert shown.context["preview"].account == seller.account
    for text in ("", "ida", "nobody@rings.example"):
        sent = form(seller, 1, account=text)
        assert olga.post("/desk/credits/give", sent).status_code == 422
    for quantity in (0, -5, 100_001):
        assert olga.post("/desk/credits/give", form(seller, quantity)).status_code == 422


def test_many_credits_wait_for_somebody_else(
    olga: Client, otto: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 100
    assert olga.post("/desk/credits/give", form(seller, 101)).status_code == 302
    gift = CreditGift.objects.get()
    assert (gift.state, available(seller)) == (GiftState.PENDING_APPROVAL, 0)
    assert olga.post(f"/desk/credits/{gift.pk}/approve").status_code == 409
    approve = f"/desk/credits/{gift.pk}/approve".encode()
    assert approve not in olga.get("/desk/credits").content
    assert approve in otto.get("/desk/credits").content
    assert available(seller) == 0
    assert otto.post(f"/desk/credits/{gift.pk}/approve").status_code == 302
    assert otto.post(f"/desk/credits/{gift.pk}/approve").status_code == 409
    gift.refresh_from_db()
    assert (gift.state, available(seller)) == (GiftState.GIVEN, 101)
    assert gift.second_approver == f"user:{user_id('Otto')}"


def test_small_gifts_of_a_day_are_a_large_one(
    olga: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 100
    states = [give(seller, 60, key=f"page-number-{n}").state for n in range(3)]
    waits = GiftState.PENDING_APPROVAL
    assert states == [GiftState.GIVEN, waits, waits]
    tomorrow = now() + timedelta(days=1, hours=1)
    account_id = seller.account_id
    assert not operations.needs_approval(account_id=account_id, quantity=60, now=tomorrow)


def test_what_was_spent_of_a_gift_counts_also_after_the_rest_is_taken_back(
    olga: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 100
    first = give(seller, 100)
    spend(seller, 99)
    operations.undo_gift(gift_id=first.pk, reason=WHY, user_id=user_id("Olga"), now=now())
    assert give(seller, 2, key="page-number-2").state == GiftState.PENDING_APPROVAL
    assert give(seller, 1, key="page-number-3").state == GiftState.PENDING_APPROVAL
    assert available(seller) == 0


def test_what_was_taken_back_or_refused_counts_no_more(
    olga: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 100
    first = give(seller, 100)
    operations.undo_gift(gift_id=first.pk, reason=WHY, user_id=user_id("Olga"), now=now())
    large = give(seller, 101, key="page-number-2")
    operations.reject_gift(gift_id=large.pk, reason=WHY, user_id=user_id("Olga"), now=now())
    assert give(seller, 100, key="page-number-3").state == GiftState.GIVEN


def test_a_single_operator_waits_and_then_approves_alone(
    olga: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 1
    settings.SINGLE_OPERATOR = True
    gift, me = give(seller, 2), user_id("Olga")
    with pytest.raises(operations.GiftTooEarly):
        operations.approve_gift(gift_id=gift.pk, user_id=me, now=now())
    later = now() + timedelta(hours=settings.SECOND_APPROVAL_WAIT_HOURS, minutes=1)
    operations.approve_gift(gift_id=gift.pk, user_id=me, now=later)
    assert available(seller) == 2


def test_what_is_refused_is_never_given(
    olga: Client, otto: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 1
    gift = give(seller, 5)
    assert otto.post(f"/desk/credits/{gift.pk}/reject", {}).status_code == 422
    sent = {f"{gift.pk}-reason": "Not for this."}
    assert otto.post(f"/desk/credits/{gift.pk}/reject", sent).status_code == 302
    assert otto.post(f"/desk/credits/{gift.pk}/approve").status_code == 409
    assert available(seller) == 0
    assert AuditEntry.objects.get(action="credits.gift_rejected").reason == "5: Not for this."


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("Otto", "A colleague has already handled this. Nothing was changed."),
        ("Olga", "You have already handled this. Nothing was changed."),
    ],
)
@pytest.mark.parametrize("is_refused", [True, False])
def test_a_second_press_never_says_given_of_what_is_refused_or_taken_back(
    olga: Client,
    otto: Client,
    seller: Membership,
    settings: Settings,
    by: str,
    said: str,
    is_refused: bool,
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 100 if is_refused else 101
    assert olga.post("/desk/credits/give", form(seller, 101)).status_code == 302
    gift = CreditGift.objects.get()
    act = "reject" if is_refused else "undo"
    colleague = olga if by == "Olga" else otto
    ended = colleague.post(f"/desk/credits/{gift.pk}/{act}", {f"{gift.pk}-reason": "No."})
    assert ended.status_code == 302
    olga.get("/desk/credits")  # what was said of the first press is read
    again = olga.post("/desk/credits/give", form(seller, 101))
    assert again.status_code == 409
    shown = again.content.decode()
    assert said in shown
    assert "101 credits given." not in shown
    assert (
        "key-of-a-page" not in shown
    )  # the page is a new one: its next press is a gift of its own
    assert available(seller) == 0


def test_who_presses_twice_is_not_told_of_a_colleague(
    olga: Client, otto: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 1
    gift = give(seller, 5)
    assert otto.post(f"/desk/credits/{gift.pk}/approve").status_code == 302
    mine = otto.post(f"/desk/credits/{gift.pk}/approve")
    assert "You have already handled this." in mine.content.decode()
    others = olga.post(f"/desk/credits/{gift.pk}/approve")
    assert "A colleague has already handled this." in others.content.decode()


def test_nothing_is_given_to_a_closed_account(
    olga: Client, otto: Client, seller: Membership, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 100
    given, waiting = give(seller, 1, key="page-number-1"), give(seller, 101)
    Account.objects.update(closed_at=now())
    refused = otto.post(f"/desk/credits/{waiting.pk}/approve")
    assert refused.status_code == 409
    assert "This account is closed. Nothing was given." in refused.content.decode()
    with pytest.raises(operations.GiftAccountClosed) as caught:
        give(seller, 1, key="page-number-3")
    assert caught.value.code == "gift_account_closed"
    assert available(seller) == 1
    sent = {f"{waiting.pk}-reason": "They left."}
    assert otto.post(f"/desk/credits/{waiting.pk}/reject", sent).status_code == 302
    sent = {f"{given.pk}-reason": "They left."}
    assert otto.post(f"/desk/credits/{given.pk}/undo", sent).status_code == 302
    assert available(seller) == 0


def test_a_gift_waits_for_the_closing_of_its_account(olga: Client, seller: Membership) -> None:
    with CaptureQueriesContext(connection) as asked:
        give(seller, 1)
    locked = [one["sql"] for one in asked if 'FROM "accounts_account"' in one["sql"]]
    assert locked[0].endswith("FOR NO KEY UPDATE")


def test_what_is_left_is_taken_back_by_an_entry_of_its_own(
    olga: Client, seller: Membership
) -> None:
    gift, account_id = give(seller, 10), seller.account_id
    hold = operations.hold(
        account_id=account_id, quantity=4, subject="task_1", idempotency_key="h", now=now()
    )
    sent = {f"{gift.pk}-reason": "The wrong shop."}
    assert olga.post(f"/desk/credits/{gift.pk}/undo", sent).status_code == 409
    operations.capture(hold_id=hold.pk, quantity=4, idempotency_key="c", now=now())
    assert olga.post(f"/desk/credits/{gift.pk}/undo", {}).status_code == 422
    assert olga.post(f"/desk/credits/{gift.pk}/undo", sent).status_code == 302
    assert olga.post(f"/desk/credits/{gift.pk}/undo", sent).status_code == 409
    gift.refresh_from_db()
    assert (gift.state, gift.taken_back, available(seller)) == (GiftState.UNDONE, 6, 0)
    assert [
        one.operation for one in Movement.objects.filter(account_id=account_id).order_by("id")
    ] == [
        "grant",
        "hold",
        "capture",
        "revoke",
    ]
    assert not queries.verify()
    assert "6 credits taken back by Olga Example" in olga.get("/desk/credits").content.decode()


def test_spent_credits_stay_spent(olga: Client, seller: Membership) -> None:
    gift = give(seller, 2)
    spend(seller, 2)
    with pytest.raises(operations.NothingLeftOfGift):
        operations.undo_gift(gift_id=gift.pk, reason=WHY, user_id=user_id("Olga"), now=now())
    assert "Take back" not in olga.get("/desk/credits").content.decode()


def test_nobody_gives_to_their_own_account_and_agents_give_nothing(
    olga: Client, seller: Membership
) -> None:
    me = User.objects.get(first_name="Olga")
    Membership.objects.create(account=seller.account, user=me, role="member", joined_at=now())
    with pytest.raises(OwnAccount):
        give(seller, 1)
    assert olga.post("/desk/credits/give", form(seller, 1)).status_code == 409
    StaffMember.objects.update(role=StaffRole.AGENT)
    assert olga.get("/desk/credits").status_code == 404
    assert olga.post("/desk/credits/give", form(seller, 1)).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_credit_gift SET quantity = 1000",
        "UPDATE ledger_credit_gift SET reason = 'Another.'",
        "UPDATE ledger_credit_gift SET asked_by = 'user:1'",
        "UPDATE ledger_credit_gift SET state = 'pending_approval', lot_id = NULL",
        "UPDATE ledger_credit_gift SET second_approver = 'user:2'",
        "UPDATE ledger_credit_gift SET state = 'undone'",
        "DELETE FROM ledger_credit_gift",
        "TRUNCATE ledger_credit_gift",
        "INSERT INTO ledger_credit_gift SELECT 'gift_2', 'k', quantity, reason, asked_by, asked_at,"
        " state, second_approver, ended_by, ended_at, taken_back, account_id, lot_id"
        " FROM ledger_credit_gift",
    ],
)
def test_the_database_keeps_what_was_meant(
    olga: Client, seller: Membership, statement: str
) -> None:
    give(seller, 3)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
