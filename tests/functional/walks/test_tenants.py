"""Every address that takes an id, as somebody else: not found; as nobody: to the sign-in page.

The desk's addresses don't exist for anybody without the right.
"""

import re

from playwright.sync_api import Page

from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import Role, StaffRole
from tests.support import outside, visitor
from tests.support.addresses import KnownIds, Route, ask, become_staff, filled, routes
from tests.support.browsing import NewVisitor
from tests.support.service import Service

# What redirects a former address redirects everybody; the address of today is asked here.
OPEN_TO_ALL = "jewelrymodel.web.site", "jewelrymodel.web.hooks", "django.views.generic"
# A signed link is the right to the one; anybody may choose a language.
OPEN_ADDRESSES = ("/requests/confirm/", "/language", "/confirmation-link")
HAS_NONE_YET = (
    "/billing/subscriptions/<str:subscription_id>/promise.json",
    "/billing/credit-notes/<str:credit_note_id>.pdf",
)
"""Only a canceled subscription, or a refund of an invoice, has it; whose it isn't is asked where
there is one.
"""
TAKES_AN_ID = re.compile(r"<(?!slug:sku>)")
IDA = "ida@rings.example"


def assert_only_for(
    owner: Page, strangers: list[Page], nobody: Page, its: list[Route], ids: dict[str, str]
) -> None:
    """Each address answers its owner, doesn't exist for strangers, and asks nobody to sign in."""
    assert its
    for route in its:
        address = filled(route.text, ids)
        seen = ask(owner, address).status
        assert seen in (200, 302), f"{address} is {seen} for its owner"
        for stranger in strangers:
            if route.text.startswith("/desk") or TAKES_AN_ID.search(route.text):
                said = ask(stranger, address, post=True).status
                assert said == 404 or (said == 405 and not route.is_form), address
                if not route.is_form:  # opened, it only leads to its page
                    assert ask(stranger, address).status == 404, address
        answer = ask(nobody, address, post=route.is_form)
        assert answer.status == 302, f"{address} signed out"
        assert answer.headers["location"].startswith("/account/login/?next="), address


def assert_by_role(colleague: Page, role: Role, its: list[Route], ids: dict[str, str]) -> None:
    """Each address of the account lets in those of its people whose role allows it."""
    for route in its:
        address = filled(route.text, ids)
        if all(may(role, act) or act is Act.PROFILE for act in route.acts):
            status = ask(colleague, address).status
            assert status in (200, 302), f"{address} is {status} for a {role}"
            continue
        for is_form in (False, True):
            status = ask(colleague, address, post=is_form).status
            assert status in (403, 405) if is_form else status == 403, f"{address} for a {role}"


def test_a_role_lets_in_where_the_table_says_so(
    let_in: NewVisitor, known_ids: KnownIds, service: Service
) -> None:
    its = [
        one
        for one in routes()
        if not one.module.startswith(OPEN_TO_ALL)
        and not one.text.startswith((*OPEN_ADDRESSES, "/desk", "/requests"))
        and one.text not in HAS_NONE_YET
    ]
    for role, start in ((Role.BILLER, "billing"), (Role.MEMBER, "studio")):
        email = f"{role}@rings.example"
        outside.add_member(service, email, of=IDA, role=role)
        colleague = let_in()
        visitor.sign_in(colleague, email, start=start)
        assert_by_role(colleague, role, its, known_ids.seller)


def test_another_accounts_ids_are_not_found(let_in: NewVisitor, known_ids: KnownIds) -> None:
    ida, otto, noor, vera, olga, nobody = (let_in() for _ in range(6))
    visitor.become(ida, "Ida Example")
    visitor.become(otto, "Otto Example")
    visitor.become(noor, "Noor Example")
    become_staff(vera, "Vera Example")
    become_staff(olga, "Olga Example")
    nobody.goto("/account/login/")
    ours = [
        one
        for one in routes()
        if not one.module.startswith(OPEN_TO_ALL)
        and not one.text.startswith(OPEN_ADDRESSES)
        and one.text not in HAS_NONE_YET
    ]
    at_the_desk = [one for one in ours if one.text.startswith("/desk")]
    agents = [one for one in at_the_desk if all(may(StaffRole.AGENT, act) for act in one.acts)]
    operators = [one for one in at_the_desk if one not in agents]
    images = [one for one in agents if "/images/" in one.text]
    desk = [one for one in agents if one not in images]
    asked = [one for one in ours if one.text.startswith("/requests")]
    rest = [one for one in ours if one not in at_the_desk + asked]
    assert_only_for(ida, [noor, vera], nobody, rest, known_ids.seller)
    assert_only_for(otto, [noor, vera], nobody, asked, known_ids.asked)
    assert_only_for(vera, [noor, ida], nobody, desk, known_ids.desk)
    assert_only_for(vera, [noor, ida], nobody, images, known_ids.damage)
    assert_only_for(olga, [noor, ida, vera], nobody, operators, known_ids.desk)
