"""Every address answers every role as the table of rights says. What another
account owns is tried with real ids in ``tests/functional/walks``.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.accounts.rights import HOLDERS, Act, Holder
from jewelrymodel.accounts.roles import Role, StaffRole
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.web import tenant
from jewelrymodel.web.acts import acts_of_view
from jewelrymodel.web.desk import access
from tests.support.addresses import PARAMETER, routes

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OF_ACCOUNT = {Holder.OWNER, Holder.BILLER, Holder.MEMBER}
OF_STAFF = {Holder.AGENT, Holder.OPERATOR}
OPEN = {Holder.ANYONE, Holder.KEY}
SIGN_IN = re.compile(r"^/account/login/\?next=")

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[Holder, User | AnonymousUser]:
    """Somebody in each role; a person who is signed in belongs to no account."""
    owner = operations.register(
        email="owner@rings.example", password=None, account_name="R", now=NOW
    )
    everybody: dict[Holder, User | AnonymousUser] = {
        Holder.ANYONE: AnonymousUser(),
        Holder.PERSON: User.objects.create_user("person@rings.example"),
        Holder.OWNER: owner.user,
    }
    for role in (Role.BILLER, Role.MEMBER):
        user = User.objects.create_user(f"{role}@rings.example")
        Membership.objects.create(account=owner.account, user=user, role=role, joined_at=NOW)
        everybody[Holder(role)] = user
    for staff_role in StaffRole:
        hired = operations.hire(
            email=f"{staff_role}@desk.example",
            password=None,
            name="S",
            role=staff_role,
            actor=Actor.system("shell"),
            now=NOW,
        )
        everybody[Holder(staff_role)] = hired.user
    return everybody


def doors() -> Iterator[tuple[str, frozenset[Act]]]:
    """The addresses of the product that have a door, ids filled in, with the acts it asks for."""
    for route in routes():
        address = PARAMETER.sub("1", route.text)
        with suppress(Resolver404):
            acts = frozenset(acts_of_view(resolve(address).func))
            if acts and not any(HOLDERS[act] & OPEN for act in acts):
                yield address, acts


class LetIn(Exception):
    """A door let somebody in; what is behind it isn't run."""


def stop(*_: object) -> None:
    raise LetIn


@pytest.fixture
def _stop_behind_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise LetIn at what each door does first for whoever it lets in."""
    monkeypatch.setattr(tenant, "_is_page", stop)
    monkeypatch.setattr(access, "asked_again", stop)
    for door in (tenant, access):
        monkeypatch.setattr(door, "note_refusal", lambda *_: None)


def answer_of(method: str, address: str, user: User | AnonymousUser) -> str:
    """What the door says to *user*: ``in``, ``sign in``, ``refused`` or ``not found``."""
    request = RequestFactory(HTTP_HOST="localhost").generic(method, address)
    request.user, request.session = user, {}  # type: ignore[assignment]  # enough for a door
    found = resolve(address)
    try:
        answer = found.func(request, *found.args, **found.kwargs)
    except LetIn:
        return "in"
    except PermissionDenied:
        return "refused"
    except Http404:
        return "not found"
    if answer.status_code == 302 and SIGN_IN.match(answer["Location"]):
        return "sign in"
    return "wrong method" if answer.status_code == 405 else "in"


def expected(holder: Holder, acts: frozenset[Act]) -> str:
    """What the table has the door say."""
    if holder is Holder.ANYONE:
        return "sign in"
    if all(holder in HOLDERS[act] or Holder.PERSON in HOLDERS[act] for act in acts):
        return "in"
    belongs = holder in (Holder.OWNER, Holder.BILLER, Holder.MEMBER)
    return (
        "refused" if belongs and not any(HOLDERS[act] & OF_STAFF for act in acts) else "not found"
    )


@pytest.mark.usefixtures("_stop_behind_doors")
def test_every_address_answers_every_role_as_the_table_says(
    people: dict[Holder, User | AnonymousUser],
) -> None:
    """Two and a half seconds of work: each of the thousand and more questions is one query."""
    its = [(address, acts) for address, acts in doors() if acts != {Act.PROFILE}]
    assert len(its) > 100
    wrong = []
    for (address, acts), (holder, user) in product(its, people.items()):
        wanted = expected(holder, acts)
        for method in ("GET", "POST"):
            said = answer_of(method, address, user)
            if said not in (wanted, "wrong method"):
                wrong.append(f"{method} {address} {holder}: {said}, not {wanted}")
    assert not wrong


@pytest.mark.parametrize("address", ["/settings/devices", "/settings/closed"])
def test_what_is_a_persons_own_is_open_to_all_who_are_signed_in(
    address: str, people: dict[Holder, User | AnonymousUser]
) -> None:
    assert acts_of_view(resolve(address).func) == (Act.PROFILE,)
    assert Client().get(address)["Location"].startswith("/account/login/")
    for holder in (Holder.PERSON, Holder.AGENT):
        client = Client()
        client.force_login(people[holder])  # type: ignore[arg-type]  # they are signed in
        assert client.get(address).status_code in (200, 302)
        assert "/account/login/" not in client.get(address).get("Location", "")


def test_a_biller_begins_at_the_bills_and_sees_no_studio(
    people: dict[Holder, User | AnonymousUser],
) -> None:
    client = Client()
    client.force_login(people[Holder.BILLER])  # type: ignore[arg-type]  # they are signed in
    page = client.get("/billing").content.decode()
    assert 'href="/studio"' not in page
    assert 'href="/billing"' in page
    refused = client.get("/studio")
    assert refused.status_code == 403
    assert 'href="/studio"' not in refused.content.decode()


def test_a_member_asks_about_images_and_not_about_money(
    people: dict[Holder, User | AnonymousUser],
) -> None:
    client = Client()
    client.force_login(people[Holder.MEMBER])  # type: ignore[arg-type]  # they are signed in
    page = client.get("/requests/new").content.decode()
    assert 'value="failed_task"' in page
    assert 'value="duplicate"' not in page
    about_money = client.get("/requests/new?category=duplicate").content.decode()
    assert "error-summary" in about_money
