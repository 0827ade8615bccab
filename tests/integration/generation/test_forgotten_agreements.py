"""Who agreed is forgotten years after the agreement is over, and not a day before."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.models import OwnModel
from jewelrymodel.generation.operations import own_model_end
from jewelrymodel.generation.operations.own_model_oblivion import forget_agreements
from jewelrymodel.generation.statuses import OwnModelStatus
from tests.support import generation as world
from tests.support import own_models as people

pytestmark = pytest.mark.django_db
NOW = world.NOW
THREE_YEARS = timedelta(days=3 * 366)


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def model(account: Account) -> OwnModel:
    """Somebody who agreed."""
    return people.agreed(account)


def named(model: OwnModel) -> tuple[bool, bool]:
    """Whether the row names the person, and whether the agreement says anything."""
    row = OwnModel.objects.select_related("agreement").get(pk=model.pk)
    agreement = row.agreement
    kept = (agreement.text, agreement.text_sha256, agreement.record, agreement.signature)
    assert len({bool(one) for one in kept}) == 1
    return bool(row.person_name or row.email), bool(agreement.record)


def test_who_revoked_is_forgotten_three_years_later(model: OwnModel, settings: Settings) -> None:
    people.revoke(model)
    forget_agreements(now=NOW + THREE_YEARS - timedelta(seconds=1))
    assert named(model) == (True, True)
    assert forget_agreements(now=NOW + THREE_YEARS) == 0
    assert named(model) == (False, False)
    forget_agreements(now=NOW + THREE_YEARS)
    entries = AuditEntry.objects.filter(action="own_model.forgotten")
    assert [one.subject for one in entries] == [f"own_model:{model.pk}"]


def test_the_page_of_a_forgotten_agreement_has_no_hole(account: Account, model: OwnModel) -> None:
    client = Client()
    client.force_login(User.objects.get(memberships__account=account))
    people.revoke(model)
    address = f"/models/{model.pk}"
    assert f"</time>, {model.email}" in client.get(address).content.decode()
    forget_agreements(now=NOW + THREE_YEARS)
    page = client.get(address).content.decode()
    assert model.name in page
    assert model.email not in page
    assert "</time>," not in page


@pytest.mark.parametrize("years", [1, 7])
def test_how_many_years_is_the_operators_word(
    model: OwnModel, settings: Settings, years: int
) -> None:
    settings.AGREEMENTS_KEPT_YEARS = years
    people.revoke(model)
    over = NOW + timedelta(days=366 * years)
    forget_agreements(now=over - timedelta(seconds=1))
    assert named(model) == (True, True)
    forget_agreements(now=over)
    assert named(model) == (False, False)


def test_nobody_is_forgotten_whose_images_may_be_used(model: OwnModel) -> None:
    OwnModel.objects.filter(pk=model.pk).update(
        status=OwnModelStatus.REMOVED, ended_at=NOW, photo_erased_at=NOW
    )
    forget_agreements(now=NOW + 3 * THREE_YEARS)
    assert named(model) == (True, True)


def test_the_clock_runs_from_the_end_of_the_images_not_of_the_photo(model: OwnModel) -> None:
    """The seller took the photo off at once; its images went with the term, a year later."""
    OwnModel.objects.filter(pk=model.pk).update(
        status=OwnModelStatus.REMOVED, ended_at=NOW, photo_erased_at=NOW
    )
    over = datetime.combine(people.UNTIL + timedelta(days=1), NOW.timetz())
    own_model_end.end_what_is_over(now=over, machine_now=over)
    forget_agreements(now=NOW + THREE_YEARS)
    assert named(model) == (True, True)
    forget_agreements(now=over + THREE_YEARS)
    assert named(model) == (False, False)


def test_who_never_agreed_is_forgotten_too(account: Account) -> None:
    model = people.asked(account)
    over = NOW + timedelta(days=15)
    own_model_end.end_what_is_over(now=over, machine_now=over)
    own_model_end.erase_own_model(model_id=model.pk, now=over)
    forget_agreements(now=over + THREE_YEARS)
    model.refresh_from_db()
    assert (model.status, model.person_name, model.email) == (OwnModelStatus.LAPSED, "", "")


def test_the_sellers_page_still_shows_what_it_was(model: OwnModel) -> None:
    people.revoke(model)
    forget_agreements(now=NOW + THREE_YEARS)
    browser = Client()
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    assert browser.get(f"/models/{model.pk}").status_code == 200


@pytest.mark.parametrize(
    ("change", "is_over"),
    [
        ("text = '', text_sha256 = '', record = '', signature = ''", False),
        ("text = ''", True),
        ("text = 'x', text_sha256 = '', record = '', signature = ''", True),
        ("text = '', text_sha256 = '', record = '', signature = '', places = '[]'", True),
    ],
)
def test_a_record_is_emptied_as_a_whole_and_only_when_it_is_over(
    model: OwnModel, change: str, *, is_over: bool
) -> None:
    if is_over:
        people.revoke(model)
    with (
        pytest.raises(IntegrityError, match="is a record"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(" ".join(("UPDATE generation_own_model_agreement SET", change)))
