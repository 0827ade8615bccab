"""What images bring in and cost is told by look, exactly, and only to the operator."""

from datetime import timedelta
from fractions import Fraction

import pytest
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account, StaffMember
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.catalog.products import Work
from jewelrymodel.generation.models import Asset, Photo, Task
from jewelrymodel.generation.queries.margins import Margin, margins
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra.clock import real_now
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.studio.look_kinds import LookKind
from tests.support.generation import NOW, Hands, approve, approved_photo, order, seller, work
from tests.support.publishing import publish_credit_price
from tests.support.shop import at_the_desk

pytestmark = pytest.mark.django_db
SINCE = NOW - timedelta(days=1)


@pytest.fixture
def buyer(settings: Settings) -> Account:
    settings.RENDERING_MICROS_PER_S = 10
    account = seller("buyer", quantity=0)
    for kind, quantity in ((LookKind.PACKSHOT, 1), (LookKind.SCENE, 2)):
        publish_credit_price(
            work=Work.IMAGE,
            look_kind=kind,
            quantity=quantity,
            effective_from_at=SINCE,
            now=SINCE,
        )
    return account


def grant(account: Account, *, paid_minor: int, currency: str, quantity: int = 20) -> None:
    ledger.grant(
        account_id=account.id,
        source=LotSource.PACKAGE_ORDER if paid_minor else LotSource.PROMOTION,
        source_ref=f"order {paid_minor}",
        quantity=quantity,
        paid_minor=paid_minor,
        currency=currency,
        expires_at=None,
        idempotency_key=f"order {paid_minor}",
        now=NOW,
    )


def made(photo: Photo, *looks: str) -> Task:
    task = work(order(photo, generator=GeneratorName.EMBEDDED, looks=list(looks)), Hands())
    task.started_at, task.finished_at = NOW, NOW + timedelta(seconds=6)
    task.save()
    Asset.objects.update(created_at=NOW)
    return task


def test_every_image_brings_in_its_share_and_costs_its_time(buyer: Account) -> None:
    grant(buyer, paid_minor=900, currency="USD")
    made(approve(approved_photo(buyer)), "packshot", "marble")
    by = GeneratorName.EMBEDDED.value
    assert margins(since=SINCE) == [
        Margin("marble", by, "USD", 1, Fraction(2), Fraction(90), Fraction(30)),
        Margin("packshot", by, "USD", 1, Fraction(1), Fraction(45), Fraction(30)),
    ]
    assert margins(since=NOW + timedelta(days=1)) == []


def test_what_nobody_paid_for_brings_in_nothing(buyer: Account) -> None:
    grant(buyer, paid_minor=0, currency="")
    made(approve(approved_photo(buyer)), "packshot")
    (row,) = margins(since=SINCE)
    assert (row.currency, row.revenue_minor, row.cost_micros) == ("", 0, 60)


def test_an_image_paid_in_two_currencies_is_told_in_both(buyer: Account) -> None:
    grant(buyer, paid_minor=50, currency="EUR", quantity=1)
    grant(buyer, paid_minor=150, currency="USD", quantity=1)
    made(approve(approved_photo(buyer)), "marble")
    rows = {row.currency: row for row in margins(since=SINCE)}
    assert {name: row.revenue_minor for name, row in rows.items()} == {"EUR": 50, "USD": 150}
    assert sum(row.cost_micros for row in rows.values()) == 60
    assert sum(row.credits for row in rows.values()) == 2


def test_an_image_that_came_late_was_free(buyer: Account) -> None:
    grant(buyer, paid_minor=900, currency="USD")
    task = made(approve(approved_photo(buyer)), "packshot")
    task.items.update(late=True)
    assert [(row.currency, row.revenue_minor) for row in margins(since=SINCE)] == [("", 0)]


def test_margins_are_the_operators_page(buyer: Account) -> None:
    grant(buyer, paid_minor=900, currency="USD")
    made(approve(approved_photo(buyer)), "packshot")
    Asset.objects.update(created_at=real_now())
    agent = at_the_desk()
    assert agent.get("/desk/margins").status_code == 404
    assert "/desk/margins" not in agent.get("/desk").content.decode()
    StaffMember.objects.update(role=StaffRole.OPERATOR)
    page = agent.get("/desk/margins")
    assert page.status_code == 200
    assert "/desk/margins" in agent.get("/desk").content.decode()
    for words in ("Packshot on white", "0.4500 USD", "0.0001"):
        assert words in page.content.decode()
