"""What an operator chooses of the image models at the desk: who is asked, and what it may cost."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account, StaffMember
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.config.commands import doctor
from jewelrymodel.generation import queries, task_worker
from jewelrymodel.generation.adapters import attempt_book, generators
from jewelrymodel.generation.models import Attempt, Photo, ProviderChoice
from jewelrymodel.generation.operations import provider_choice as choosing
from jewelrymodel.generation.operations.provider_choice import Limits, choose_provider
from jewelrymodel.generation.provider_choices import chosen_providers
from jewelrymodel.generation.rules.provider_circuit import Closure
from jewelrymodel.generation.statuses import AttemptState, ItemState, Reason
from jewelrymodel.infra.clock import real_now
from jewelrymodel.kernel.actors import Actor
from tests.support.generation import NOW, Hands, books_balance, credits_of, order, work
from tests.support.providers import BUDGET_MICROS, bill, panel, set_up
from tests.support.shop import at_the_desk

NOBODY = "http://127.0.0.1:9"
LOOK = ["generated-stone"]
WHY = {"reason": "It got dearer.", "sure": "on"}


@pytest.fixture
def url(generator_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The stand-ins, as new; a worker looks once at each visit."""
    panel(generator_url, forget=True)
    monkeypatch.setattr(task_worker, "VISIT_S", 0.0)
    return generator_url


@pytest.fixture
def olga() -> Client:
    """An operator at the desk."""
    client = at_the_desk("Olga Example")
    StaffMember.objects.update(role=StaffRole.OPERATOR)
    return client


def choose(
    name: str,
    *,
    is_on: bool = True,
    place: int = 1,
    budget_cents: int = BUDGET_MICROS // 10_000,
    concurrency: int = 4,
) -> ProviderChoice:
    """Choose these limits, having seen the newest choice."""
    number = ProviderChoice.objects.filter(provider=name).count()
    return choose_provider(
        name=name,
        limits=Limits(is_on, place, concurrency, budget_cents),
        number=number,
        actor=Actor.user(1),
        reason="tried",
        now=NOW,
    )


def entries() -> QuerySet[AuditEntry]:
    """What the record says of image models."""
    return AuditEntry.objects.filter(action__startswith="provider.")


def names() -> list[tuple[str, bool]]:
    """Who is asked, in order, and whether."""
    return [(one.name, one.is_on) for one in chosen_providers()]


@pytest.mark.django_db
def test_the_environment_counts_until_an_operator_chose(settings: Settings) -> None:
    set_up(settings, NOBODY, "openai", "bfl")
    assert names() == [("openai", True), ("bfl", True)]
    assert {one.number for one in chosen_providers()} == {0}
    choose("openai", place=3, budget_cents=150, concurrency=1)
    assert names() == [("bfl", True), ("openai", True)]
    access = attempt_book.current(generators.lanes())["openai"].access
    assert (access.budget_micros, access.concurrency) == (1_500_000, 1)
    choose("openai", place=1, is_on=False)
    assert names() == [("openai", False), ("bfl", True)]
    set_up(settings, NOBODY, "bfl")  # its key went: nothing that was chosen brings it back
    assert names() == [("bfl", True)]


@pytest.mark.django_db
def test_without_providers_the_database_is_not_asked(
    settings: Settings, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    settings.PROVIDERS = []
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture that is a function
        assert chosen_providers() == []


def test_a_request_is_refused_though_the_worker_began_before_the_switch(
    photo: Photo, settings: Settings
) -> None:
    set_up(settings, NOBODY, "openai")
    task = order(photo, looks=LOOK)
    lane = generators.lanes()["openai"]
    item = task.items.get()
    choose("openai", is_on=False)
    with pytest.raises(attempt_book.NotFree, match="off"):
        attempt_book.begin(item, lane, number=1, seed=1, now=real_now())
    choose("openai", budget_cents=0)
    with pytest.raises(attempt_book.NotFree, match="budget"):
        attempt_book.begin(item, lane, number=1, seed=1, now=real_now())
    choose("openai", budget_cents=100)
    assert attempt_book.begin(item, lane, number=1, seed=1, now=real_now()).provider == "openai"


def test_images_that_wait_go_to_the_next_that_is_on(
    photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "openai", "bfl")
    hands.at = real_now()
    task = order(photo, looks=LOOK)
    choose("openai", is_on=False)
    for _ in range(6):
        if not task.finished_at:
            task = work(task, hands)
            hands.pass_(seconds=5)
    assert [(one.provider, one.state) for one in Attempt.objects.all()] == [
        ("bfl", AttemptState.MADE)
    ]
    assert {one["provider"] for one in bill(url)} == {"bfl"}
    assert books_balance()


def test_what_is_under_way_is_followed_to_its_end(
    photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "bfl")
    hands.at = real_now()
    task = work(order(photo, looks=LOOK), hands)
    assert Attempt.objects.get().state == AttemptState.RUNNING
    choose("bfl", is_on=False)
    for _ in range(6):
        if not task.finished_at:
            hands.pass_(seconds=5)
            task = work(task, hands)
    assert Attempt.objects.get().state == AttemptState.MADE
    assert task.items.get().state == ItemState.DELIVERED
    assert books_balance()


def test_with_none_on_an_image_costs_nothing_and_no_other_is_sold(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "openai", "bfl")
    hands.at = real_now()
    before = credits_of(account)
    task = order(photo, looks=LOOK)
    assert credits_of(account) != before
    choose("openai", is_on=False)
    assert [str(one) for one in queries.generators()] == ["embedded", "hosted"]
    choose("bfl", is_on=False)
    task = work(task, hands)
    assert task.items.get().reason_code == Reason.GENERATOR_CLOSED
    assert credits_of(account) == before
    assert bill(url) == []
    assert [str(one) for one in queries.generators()] == ["embedded"]
    words = [one.words for one in doctor._providers()]
    assert sum("switched off" in one for one in words) == 2
    assert books_balance()


@pytest.mark.django_db
def test_two_who_saw_the_same_do_not_undo_each_other(settings: Settings) -> None:
    set_up(settings, NOBODY, "openai")
    old = {"name": "openai", "number": 0, "actor": Actor.user(1), "reason": "", "now": NOW}
    choose_provider(limits=Limits(False, 1, 4, 100), **old)  # type: ignore[arg-type]
    with pytest.raises(choosing.ProviderChangedMeanwhile):
        choose_provider(limits=Limits(True, 2, 4, 100), **old)  # type: ignore[arg-type]
    with pytest.raises(choosing.NothingChanged):
        choose("openai", is_on=False, budget_cents=100)
    with pytest.raises(choosing.ProviderNotSetUp):
        choose("bfl")
    assert ProviderChoice.objects.count() == entries().count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE generation_provider_choice SET is_on = true",
        "DELETE FROM generation_provider_choice",
        "TRUNCATE generation_provider_choice",
        "INSERT INTO generation_provider_choice SELECT 'x', provider, 1, is_on, place, concurrency,"
        " budget_cents, chosen_at FROM generation_provider_choice",
        "INSERT INTO generation_provider_choice SELECT 'x', provider, 2, is_on, 0, concurrency,"
        " budget_cents, chosen_at FROM generation_provider_choice",
        "INSERT INTO generation_provider_choice SELECT 'x', provider, 2, is_on, place, 0,"
        " budget_cents, chosen_at FROM generation_provider_choice",
        "INSERT INTO generation_provider_choice SELECT 'x', provider, 2, is_on, place, concurrency,"
        " 1000001, chosen_at FROM generation_provider_choice",
    ],
)
@pytest.mark.django_db
def test_the_database_keeps_what_was_chosen(settings: Settings, sql: str) -> None:
    set_up(settings, NOBODY, "openai")
    choose("openai", is_on=False)
    refused = pytest.raises(DatabaseError)
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert ProviderChoice.objects.get().is_on is False


def posted(**changes: str) -> dict[str, str]:
    """The form for OpenAI as it is opened, with these changes."""
    seen = {"provider": "openai", "number": "0", "place": "1", "budget": "20", "concurrency": "4"}
    return {**seen, **changes}


@pytest.mark.django_db
def test_an_operator_previews_and_saves_with_a_reason(olga: Client, settings: Settings) -> None:
    set_up(settings, NOBODY, "openai", "bfl", key="sk-never-shown")
    page = olga.get("/desk/generators?of=openai").content.decode()
    assert "sk-never-shown" not in page
    assert "GEMINI_IMAGES_KEY" in page
    shown = olga.post("/desk/generators/change", posted(do="preview")).content.decode()
    assert "Images that wait for it go to the next provider" in shown
    assert olga.post("/desk/generators/change", posted(budget="30.50")).status_code == 422
    assert not ProviderChoice.objects.exists()
    assert olga.post("/desk/generators/change", posted(budget="30.50", **WHY)).status_code == 302
    entry = entries().get()
    assert (entry.action, entry.subject) == ("provider.switched_off", "provider:openai")
    assert "on, place 1, 4 at once, $20.00 a day → off" in entry.reason
    assert "$30.50 a day: It got dearer." in entry.reason
    assert "Image model switched off" in olga.get("/desk/record/acts").content.decode()
    stale = olga.post("/desk/generators/change", posted(is_on="on", **WHY))
    assert stale.status_code == 422
    assert ProviderChoice.objects.count() == 1


@pytest.mark.django_db
def test_only_operators_and_only_what_is_set_up(olga: Client, settings: Settings) -> None:
    settings.PROVIDERS = []
    assert olga.get("/desk/generators?of=openai").status_code == 200
    assert olga.post("/desk/generators/change", posted(**WHY)).status_code == 302
    set_up(settings, NOBODY, "openai")
    for wrong in ({"place": "0"}, {"budget": "-1"}, {"concurrency": "51"}, {"number": "x"}):
        assert olga.post("/desk/generators/change", posted(**WHY, **wrong)).status_code == 422
    agent = at_the_desk("Vera Example")
    assert agent.get("/desk/generators").status_code == 404
    assert agent.post("/desk/generators/change", posted(**WHY)).status_code == 404
    assert not ProviderChoice.objects.exists()


def test_every_way_to_be_closed_has_words() -> None:
    from jewelrymodel.web.desk.generators import _CLOSED

    assert set(_CLOSED) == set(Closure)
