"""Who may withdraw by the link in our email, and what follows it."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.accounts.roles import Role
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.statuses import Channel, WithdrawalState
from tests.support.shop import now
from tests.support.withdrawals import Buy, carry_out, mailed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]


def join(order: Order, role: Role, email: str = "mia@rings.example") -> None:
    """Let somebody join the account that bought."""
    user = User.objects.create_user(email=email, password=None)
    Membership.objects.create(account_id=order.account_id, user=user, role=role, joined_at=now())


def claim(order: Order, email: str) -> Withdrawal:
    """State it without signing in, follow the link, and let the worker do its part."""
    row = operations.claim_withdrawal(contract=order.label, name="Mia", email=email, now=now())
    follow_link(row.case)
    return carry_out(row)


def follow_link(case: Case) -> None:
    (letter,) = mailed(case)
    link = re.search(r"/requests/confirm/\S+", letter)
    assert link is not None
    Client().post(link[0])


def test_a_member_without_billing_withdraws_from_nothing(buy: Buy) -> None:
    order = buy()
    join(order, Role.MEMBER)
    row = claim(order, "mia@rings.example")
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, "no_right_to_withdraw")
    assert row.order is None
    assert not DecisionRecord.objects.exists()


def test_whoever_pays_for_the_account_withdraws(buy: Buy) -> None:
    order = buy()
    join(order, Role.BILLER)
    assert claim(order, "mia@rings.example").state == WithdrawalState.DECIDED


def test_whoever_bought_withdraws_in_every_role(buy: Buy, seller: Membership) -> None:
    order = buy()
    Membership.objects.filter(pk=seller.pk).update(role=Role.MEMBER)
    assert claim(order, order.buyer_email).state == WithdrawalState.DECIDED


def test_an_unproven_email_that_was_sorted_so_is_a_persons(buy: Buy) -> None:
    """It made no statement on our pages: nothing is queued that would look for one."""
    order = buy()
    opening = operations.Opening(
        account_id=None,
        email=order.buyer_email,
        identity_level=0,
        channel=Channel.MAIL,
        category=Category.WITHDRAWAL,
        subject=Subject(SubjectKind.ACCOUNT, ""),
        explanation="I withdraw.",
    )
    case = operations.open_case(opening=opening, now=now())
    operations.confirm_sender(token=confirmation_link(case).rpartition("/")[2], now=now())
    assert not ProcrastinateJob.objects.filter(task_name="support.carry_out_withdrawal").exists()
    case.refresh_from_db()
    assert case.identity_level == 2


def test_a_link_followed_weeks_later_counts_from_the_statement(
    buy: Buy, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = buy()
    row = operations.claim_withdrawal(
        contract=order.label, name="Ada", email=order.buyer_email, now=now()
    )
    token, later = confirmation_link(row.case).rpartition("/")[2], now() + timedelta(days=18)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    operations.confirm_sender(token=token, now=later)
    assert carry_out(row).state == WithdrawalState.DECIDED


def test_the_link_of_another_request_lives_a_week(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, later = confirmation_link(case).rpartition("/")[2], now() + timedelta(days=8)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    with pytest.raises(signing.BadSignature):
        operations.confirm_sender(token=token, now=later)


def test_stated_again_the_first_statement_counts(buy: Buy) -> None:
    order, late = buy(), now() + timedelta(days=18)
    said = {"contract": order.label, "name": "Ada", "email": order.buyer_email}
    operations.claim_withdrawal(**said, now=now())
    again = operations.claim_withdrawal(**said, now=late)
    token = confirmation_link(again.case).rpartition("/")[2]
    operations.confirm_sender(token=token, now=late)
    assert carry_out(again).state == WithdrawalState.DECIDED
    facts = DecisionRecord.objects.get().body["facts"]
    assert facts["withdrawal.window"]["value"] == "open"
