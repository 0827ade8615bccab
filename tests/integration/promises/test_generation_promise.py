"""What is promised when credits are held: shown, signed once for all alike, and counted later."""

import json
import re
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Account, Membership
from jewelrymodel.generation.models import Asset, Photo, Task
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.signing import Signed
from jewelrymodel.policy.decision import from_json
from jewelrymodel.policy.hypotheses import Situation
from jewelrymodel.promises import operations, queries
from jewelrymodel.promises.models import GenerationPromise, TaskPromise
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from tests.support import generation as world
from tests.support.generation import NOW, Hands, work
from tests.support.shipped_edition import BROKEN_IMAGES_ARE_BORNE
from tests.support.shop import publish, register, register_terms
from tests.support.unreadable_terms import WAYS, lose_texts

pytestmark = pytest.mark.django_db
LOOKS = {"look": ["linen", "marble"], "aspect": ["1:1"]}
MOST_STATEMENTS = 8
"""What promises add to an order: the edition, the prices, one insertion, and savepoints."""


@pytest.fixture
def owner(files: Path) -> Membership:
    register_terms()
    member = register()
    world.grant(member.account, 20)
    return member


@pytest.fixture
def mine(owner: Membership) -> Photo:
    return world.approve(world.approved_photo(owner.account))


@pytest.fixture
def browser(client: Client, owner: Membership) -> Client:
    client.force_login(owner.user)
    return client


def generate(browser: Client, photo: Photo, key: str) -> Task:
    answer = browser.post(f"/studio/photos/{photo.pk}/generate", {**LOOKS, "key": key})
    return Task.objects.get(pk=answer["Location"].rpartition("/")[2])


def test_the_page_asks_what_the_ticked_looks_are_promised(browser: Client, mine: Photo) -> None:
    address = f"/studio/photos/{mine.pk}/promise"
    assert f'hx-get="{address}"' in browser.get(f"/studio/photos/{mine.pk}").content.decode()
    part = browser.get(address, LOOKS).content.decode()
    assert part.count('<th scope="row">') == 3
    assert re.search(r"The generation fails</th>\s*<td>\d+ credits back", part)
    one = browser.get(address, {**LOOKS, "look": ["linen"]}).content.decode()
    assert "blank or broken" in one


@pytest.mark.parametrize("choice", [{}, {"look": ["linen"], "aspect": ["7:7"]}])
def test_what_makes_no_image_is_promised_nothing(
    browser: Client, mine: Photo, choice: dict[str, list[str]]
) -> None:
    part = browser.get(f"/studio/photos/{mine.pk}/promise", choice)
    assert part.content.decode().strip() == ""


def test_images_whose_credits_are_still_to_be_bought_say_no_promise_of_theirs(
    browser: Client, mine: Photo
) -> None:
    """They begin by themselves after the payment, with that order's promise only."""
    many = {**LOOKS, "aspect": ["1:1", "4:5", "3:4", "9:16"], "variants": "4"}
    address = f"/studio/photos/{mine.pk}/promise"
    assert "promised-images" in browser.get(address, LOOKS).content.decode()
    with patch("jewelrymodel.web.customer.studio.generation_promise.ledger.balance") as balance:
        balance.return_value.available = 1
        assert "promised-images" not in browser.get(address, many).content.decode()


@pytest.mark.clause("5.3")
def test_a_generation_keeps_what_all_alike_are_promised(browser: Client, mine: Photo) -> None:
    first, second = (generate(browser, mine, key) for key in ("a" * 32, "b" * 32))
    assert generate(browser, mine, "a" * 32) == first
    kept = GenerationPromise.objects.get()
    assert set(TaskPromise.objects.values_list("task_id", flat=True)) == {first.pk, second.pk}
    lines = {one.situation: one for one in kept.promise.lines}
    assert lines[Situation.JOB_FAILED].credits == first.credits_held
    html = browser.get(f"/studio/tasks/{first.pk}").content.decode()
    assert "What we promised for these images" in html
    file = browser.get(f"/studio/tasks/{first.pk}/promise.json")
    signed = Signed(**json.loads(file.content))
    assert signed.is_authentic
    assert signed == kept.signed


def test_an_order_without_credits_promises_nothing(browser: Client, mine: Photo) -> None:
    many = {"look": ["linen", "marble"], "aspect": ["1:1", "4:5", "9:16"]}
    for n in range(8):
        browser.post(f"/studio/photos/{mine.pk}/generate", {**many, "key": f"{n}" * 32})
    assert TaskPromise.objects.count() == Task.objects.count() > 0


@pytest.mark.parametrize("problem", WAYS, ids=lambda one: type(one).__name__)
def test_a_text_that_cannot_be_read_keeps_nobody_from_generating(
    browser: Client,
    mine: Photo,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    problem: Exception,
) -> None:
    lose_texts(monkeypatch, problem)
    assert browser.get(f"/studio/photos/{mine.pk}").status_code == 200
    part = browser.get(f"/studio/photos/{mine.pk}/promise", LOOKS)
    assert (part.status_code, part.content.decode().strip()) == (200, "")
    task = generate(browser, mine, "a" * 32)
    assert task.credits_held > 0
    assert not GenerationPromise.objects.exists()
    assert "nothing is promised for generations" in caplog.text
    assert browser.get(f"/studio/tasks/{task.pk}").status_code == 200


def test_a_generation_without_one_hands_nothing_out(
    browser: Client, owner: Membership, mine: Photo
) -> None:
    task = world.order(mine, images=1)
    assert "What we promised" not in browser.get(f"/studio/tasks/{task.pk}").content.decode()
    assert browser.get(f"/studio/tasks/{task.pk}/promise.json").status_code == 404


def test_a_promise_costs_an_order_little(owner: Membership, mine: Photo) -> None:
    promised(mine, owner.account, "warm")
    with CaptureQueriesContext(connection) as alone:
        world.order(mine, key="alone", images=1)
    with CaptureQueriesContext(connection) as with_it:
        promised(mine, owner.account, "with it")
    assert len(with_it) - len(alone) <= MOST_STATEMENTS


def promised(photo: Photo, account: Account, key: str) -> Task:
    (task,) = operations.with_promises(
        lambda: [world.order(photo, key=key, images=1)], account=account, now=NOW
    )
    return task


def broken(task: Task, hands: Hands) -> Task:
    """Made, and the automatic check finds the image blank."""
    work(task, hands)
    Asset.objects.filter(item__task=task).update(fidelity={"passed": False})
    return task


def asked(task: Task) -> RequestFacts:
    subject = Subject(SubjectKind.TASK, task.pk)
    at = NOW + timedelta(days=6)
    return RequestFacts(task.account_id, "failed_task", subject, at, 3)


@pytest.mark.clause("3.4", "5.3")
def test_free_credits_come_back_as_promised_under_a_worse_edition(
    owner: Membership, mine: Photo, generator: str, hands: Hands
) -> None:
    task = broken(promised(mine, owner.account, "promised"), hands)
    publish("2026-11-25", *BROKEN_IMAGES_ARE_BORNE)
    decision = remedies.decide_by_machine(
        request=asked(task), actor=Actor.system("test"), now=asked(task).requested_at
    )
    made = from_json(decision.body)
    assert made.credits == task.credits_held
    assert "3.4" in made.cites
    assert made.promised[0].sha256 == queries.task_promise(task_id=task.pk).sha256


def test_without_a_promise_the_worse_edition_gives_nothing(
    owner: Membership, mine: Photo, generator: str, hands: Hands
) -> None:
    task = broken(world.order(mine, images=1), hands)
    publish("2026-11-25", *BROKEN_IMAGES_ARE_BORNE)
    found = remedies.assess(request=asked(task), now=asked(task).requested_at)
    assert found.decision.remedies == ()


@pytest.mark.parametrize("table", ["task_promise", "generation_promise"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_changes_none(
    owner: Membership, mine: Photo, table: str, statement: str
) -> None:
    promised(mine, owner.account, "kept")
    column = {"task_promise": "promise_id", "generation_promise": "made_at"}[table]
    with (
        pytest.raises(IntegrityError, match="never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(f"promises_{table}", column, column))


def test_the_database_promises_nothing_for_what_has_begun(owner: Membership, mine: Photo) -> None:
    promised(mine, owner.account, "kept")
    begun = world.order(mine, key="begun", images=1)
    Task.objects.filter(pk=begun.pk).update(status="running")
    promise = GenerationPromise.objects.get()
    with pytest.raises(IntegrityError, match="has begun"), transaction.atomic():
        TaskPromise.objects.create(task=begun, promise=promise)
