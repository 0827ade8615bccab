"""An owner invites people, changes their roles and removes them; only who was invited gets in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import Account, Invitation, Membership, User
from jewelrymodel.accounts.operations import people
from jewelrymodel.accounts.roles import Role
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra.clock import now
from jewelrymodel.infra.models import PendingEmail

BEFORE = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOOR = "noor@rings.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Membership:
    return operations.register(
        email="ida@rings.example", password=None, account_name="Ida's rings", now=BEFORE
    )


@pytest.fixture
def ida(owner: Membership) -> Client:
    return signed_in(owner.user)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def invite(ida: Client, email: str = NOOR, role: str = "biller") -> str:
    """The link in the letter."""
    answer = ida.post("/settings/people/invite", {"email": email, "role": role})
    assert answer.status_code == 302
    text = PendingEmail.objects.get(recipient=email).text
    found = re.search(r"/invitation/\S+", text)
    assert found
    return found[0]


def somebody(email: str = NOOR) -> User:
    """A person with an account of their own."""
    return operations.register(email=email, password=None, account_name="Own", now=BEFORE).user


def test_who_was_invited_joins_in_that_role_and_works_there(ida: Client, owner: Membership) -> None:
    link = invite(ida)
    noor = signed_in(somebody())
    assert "Ida&#x27;s rings" in noor.get(link).content.decode()
    assert noor.post(link)["Location"] == "/billing"
    joined = Membership.objects.get(account=owner.account, user__email=NOOR)
    assert joined.role == Role.BILLER
    assert noor.get("/studio").status_code == 403
    actions = AuditEntry.objects.filter(account_id=owner.account_id).values_list(
        "action", flat=True
    )
    assert set(actions) == {"member.invited.biller", "member.joined.biller"}
    assert noor.get(link).status_code == 410, "it works once"


def test_one_chooses_for_which_account_one_works(ida: Client, owner: Membership) -> None:
    link = invite(ida)
    user = somebody()
    noor = signed_in(user)
    noor.post(link)
    own = Account.objects.get(name="Own")
    page = noor.get("/billing").content.decode()
    assert f'value="{own.pk}"' in page
    assert noor.post("/settings/account/choose", {"account": own.pk})["Location"] == "/studio"
    assert noor.get("/studio").status_code == 200
    elsewhere = operations.register(
        email="else@rings.example", password=None, account_name="Else", now=BEFORE
    )
    noor.post("/settings/account/choose", {"account": elsewhere.account_id})
    assert elsewhere.account.name not in noor.get("/settings").content.decode()


def test_nobody_else_gets_in(ida: Client, owner: Membership) -> None:
    link = invite(ida)
    stranger = signed_in(somebody("thief@else.example"))
    assert stranger.post(link).status_code == 409
    unconfirmed = User.objects.create_user(NOOR)
    assert signed_in(unconfirmed).post(link).status_code == 409
    page = Client().post(link)
    assert (page.status_code, Invitation.objects.get().ended_at) == (200, None)
    assert Client().get(f"{link}x").status_code == 410
    assert Membership.objects.filter(account=owner.account).count() == 1


def test_what_is_revoked_replaced_or_old_leads_nowhere(ida: Client, owner: Membership) -> None:
    first = Invitation.objects.get(pk=made(owner).pk)
    again = made(owner)
    assert Client().get(f"/invitation/{operations.token_of(first)}").status_code == 410
    assert ida.post(f"/settings/people/invitations/{again.pk}/revoke").status_code == 302
    assert Client().get(f"/invitation/{operations.token_of(again)}").status_code == 410
    old = made(owner, at=now() - operations.INVITATION_LASTS)
    assert Client().get(f"/invitation/{operations.token_of(old)}").status_code == 410
    operations.forget_invitations(now=now() + people.KEPT_AFTER + timedelta(hours=1))
    assert not Invitation.objects.exists()


def made(owner: Membership, at: datetime | None = None) -> Invitation:
    return operations.invite(
        account_id=owner.account_id,
        by_user_id=owner.user_id,
        email=NOOR,
        role=Role.MEMBER,
        now=at or now(),
    )


def test_the_last_owner_stays_one(ida: Client, owner: Membership) -> None:
    for wanted in ("member", "remove"):
        ida.post(f"/settings/people/{owner.pk}", {"role": wanted})
        assert Membership.objects.get(pk=owner.pk).role == Role.OWNER
    noor = Membership.objects.create(
        account=owner.account, user=somebody(), role=Role.MEMBER, joined_at=BEFORE
    )
    ida.post(f"/settings/people/{noor.pk}", {"role": "owner"})
    ida.post(f"/settings/people/{owner.pk}", {"role": "member"})
    assert Membership.objects.get(pk=owner.pk).role == Role.MEMBER
    assert ida.get("/settings/people").status_code == 403


def test_another_accounts_people_are_not_found(ida: Client) -> None:
    other = operations.register(
        email="else@rings.example", password=None, account_name="Else", now=BEFORE
    )
    assert ida.post(f"/settings/people/{other.pk}", {"role": "remove"}).status_code == 404
    theirs = made(other)
    assert ida.post(f"/settings/people/invitations/{theirs.pk}/revoke").status_code == 404
    assert Invitation.objects.get(pk=theirs.pk).ended_at is None


def test_invitations_are_bounded(ida: Client, owner: Membership) -> None:
    refused = ida.post("/settings/people/invite", {"email": owner.user.email, "role": "member"})
    assert refused.status_code == 422
    Invitation.objects.bulk_create(
        Invitation(
            id=f"inv_{number}",
            account=owner.account,
            email=f"{number}@rings.example",
            role=Role.MEMBER,
            invited_by=owner.user_id,
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
        for number in range(people.MOST_OPEN)
    )
    assert ida.post("/settings/people/invite", {"email": NOOR, "role": "member"}).status_code == 422
    assert not PendingEmail.objects.exists()
