"""A person is asked by email, agrees or not, and revokes: each link once, each end for good."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.models import OwnModel, OwnModelAgreement, TaskItem
from jewelrymodel.generation.operations import own_model_answer, own_model_end, own_model_request
from jewelrymodel.generation.operations.own_model_answer import agreement_text
from jewelrymodel.generation.operations.own_model_request import question_token
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.rules import own_model_terms
from jewelrymodel.generation.statuses import OwnModelStatus
from jewelrymodel.infra import clock, storage
from tests.support import generation as world
from tests.support import own_models as people
from tests.support.account_emails import letters, link_in

pytestmark = pytest.mark.django_db
NOW = world.NOW
TEXT_SHA256 = "82d33fbb4a2e55483ecab5f4197a40f349b8445769d47d2192ab7ff7e6a7a6ec"


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def person() -> Client:
    """Somebody with a browser and no account."""
    return Client()


def question_link() -> str:
    return next(link_in(one) for one in reversed(letters()) if "/model-agreement/" in one.body)


def revocation_link() -> str:
    body = next(one.body for one in reversed(letters()) if "/model-revocation/" in one.body)
    line = next(line for line in body.splitlines() if "/model-revocation/" in line)
    return str(line).removeprefix("http://localhost:8000")


def text_of(person: Client, link: str) -> str:
    """What names the text on the page that they read; empty where the page asks nothing."""
    read = re.search(r'name="text" value="(\w+)"', person.get(link).content.decode())
    return read[1] if read else ""


def say_yes(person: Client, link: str, **fields: object) -> int:
    ticked = {"answer": "agree", "adult": "on", "agreed": "on", "place": ["shop", "social"]}
    return person.post(link, {"text": text_of(person, link), **ticked, **fields}).status_code


def files_of(model: OwnModel) -> list[str]:
    try:
        return default_storage.listdir(own_models.own_model_folder(model))[1]
    except FileNotFoundError:
        return []


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read this day."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_person_agrees_by_the_link_in_their_mailbox(account: Account, person: Client) -> None:
    model = people.asked(account)
    link = question_link()
    page = person.get(link)
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert model.email not in page.content.decode()
    assert person.get(f"{link}/photo")["Content-Type"] == "image/webp"
    assert OwnModel.objects.get().status == OwnModelStatus.ASKED  # looking answers nothing
    assert say_yes(person, link) == 200
    model.refresh_from_db()
    assert model.status == OwnModelStatus.AGREED
    assert model.agreement.places == ["shop", "social"]
    assert model.agreement.generator == ""
    assert own_model_answer.is_genuine(model.agreement)
    named = json.loads(model.agreement.record)
    assert named["photo_sha256"] == model.sha256
    assert named["text_sha256"] == hashlib.sha256(model.agreement.text.encode()).hexdigest()
    assert AuditEntry.objects.filter(action="own_model.agreed").count() == 1
    copy = next(one for one in letters() if one.to == [model.email] and "revoca" in one.body)
    assert model.agreement.record in copy.body
    assert any(one.to == ["ringmaker@shop.example"] for one in letters())


def test_who_read_another_text_is_asked_to_read_it_again(account: Account, person: Client) -> None:
    model = people.asked(account)
    link = question_link()
    read = text_of(person, link)
    Account.objects.filter(pk=account.pk).update(name="Somebody else")
    assert say_yes(person, link, text=read) == 422
    assert not OwnModelAgreement.objects.exists()
    assert say_yes(person, link) == 200
    model.refresh_from_db()
    assert "Somebody else" in model.agreement.text


def test_a_record_that_somebody_changed_is_not_genuine(account: Account) -> None:
    agreement = people.agreed(account).agreement
    agreement.record = agreement.record.replace("shop", "ads!")
    assert not own_model_answer.is_genuine(agreement)
    agreement.refresh_from_db()
    agreement.text += " And more."
    assert not own_model_answer.is_genuine(agreement)


@pytest.mark.parametrize(
    "fields", [{"adult": ""}, {"agreed": ""}, {"place": []}, {"place": ["ads"]}], ids=str
)
def test_less_than_a_whole_answer_agrees_to_nothing(
    account: Account, person: Client, fields: dict[str, object]
) -> None:
    model = people.asked(account)
    link = question_link()
    sent = {"answer": "agree", "adult": "on", "agreed": "on", "place": ["shop"], **fields}
    answer = person.post(link, {name: value for name, value in sent.items() if value})
    assert answer.status_code == 422
    model.refresh_from_db()
    assert model.status == OwnModelStatus.ASKED
    assert not OwnModelAgreement.objects.exists()


def test_a_link_answers_once(account: Account, person: Client) -> None:
    people.asked(account)
    link = question_link()
    assert say_yes(person, link) == 200
    assert person.post(link, {"answer": "decline"}).status_code == 200
    assert OwnModel.objects.get().status == OwnModelStatus.AGREED
    assert person.get(f"{link}/photo").status_code == 404


def test_a_newer_link_takes_the_place_of_the_former(account: Account, person: Client) -> None:
    model = people.asked(account)
    former = question_link()
    user_id = account.memberships.get().user_id
    own_model_request.ask_again(
        account_id=account.id, model_id=model.id, user_id=user_id, now=NOW, machine_now=NOW
    )
    assert say_yes(person, former) == 200
    assert OwnModel.objects.get().status == OwnModelStatus.ASKED
    assert say_yes(person, question_link()) == 200
    assert OwnModel.objects.get().status == OwnModelStatus.AGREED


def test_a_forged_link_is_not_there(account: Account, person: Client) -> None:
    people.asked(account)
    link = question_link()
    for address in (link[:-2], "/model-agreement/x", "/model-revocation/x", f"{link}x/photo"):
        assert person.get(address).status_code == 404
    token = link.rsplit("/", 1)[-1]
    assert person.get(f"/model-revocation/{token}").status_code == 404


def test_who_says_no_has_their_photo_erased(account: Account, person: Client) -> None:
    model = people.asked(account)
    assert files_of(model)
    assert person.post(question_link(), {"answer": "decline"}).status_code == 200
    model.refresh_from_db()
    assert model.status == OwnModelStatus.DECLINED
    assert model.photo_erased_at == NOW
    assert not files_of(model)


def test_who_does_not_answer_has_their_photo_erased(account: Account) -> None:
    model = people.asked(account)
    late = NOW + own_model_terms.ANSWER_WITHIN
    assert own_model_end.end_what_is_over(now=late - timedelta(minutes=1), machine_now=late) == 0
    assert files_of(model)
    assert not own_model_answer.question_of(token=question_token(model), now=late).is_open
    assert own_model_end.end_what_is_over(now=late, machine_now=late) == 0
    model.refresh_from_db()
    assert (model.status, model.photo_erased_at) == (OwnModelStatus.LAPSED, late)
    assert not files_of(model)


def test_a_person_revokes_without_an_account(account: Account, person: Client) -> None:
    model = people.agreed(account)
    link = revocation_link()
    assert person.get(link).status_code == 200
    assert OwnModel.objects.get().status == OwnModelStatus.AGREED
    assert person.post(link).status_code == 200
    assert person.post(link).status_code == 200
    model.refresh_from_db()
    assert model.status == OwnModelStatus.REVOKED
    assert model.photo_erased_at == model.images_stopped_at == NOW
    assert not files_of(model)
    assert AuditEntry.objects.filter(action="own_model.revoked").count() == 1
    told = [one for one in letters() if one.to == ["ringmaker@shop.example"]]
    assert len(told) == 2  # that they agreed, and that they don't any more


def test_the_erasure_of_a_killed_worker_is_taken_up(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = people.agreed(account)
    token = revocation_link().rsplit("/", 1)[-1]
    own_model_answer.revoke(token=token, now=NOW, machine_now=NOW)
    deleted = []

    def killed(folder: str, **_names: object) -> int:
        deleted.append(folder)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete_under", killed)
        with pytest.raises(KeyboardInterrupt):
            own_model_end.erase_own_model(model_id=model.id, now=NOW)
    model.refresh_from_db()
    assert deleted
    assert model.photo_erased_at is None
    later = NOW + timedelta(minutes=5)
    own_model_end.end_what_is_over(now=later, machine_now=later)
    own_model_end.end_what_is_over(now=later + timedelta(days=1), machine_now=later)
    model.refresh_from_db()
    assert model.photo_erased_at == model.images_stopped_at == later
    assert not files_of(model)


def test_the_end_of_the_term_ends_it_as_well(account: Account) -> None:
    model = people.agreed(account)
    last = NOW.replace(year=2027, hour=23)
    own_model_end.end_what_is_over(now=last, machine_now=last)
    model.refresh_from_db()
    assert model.status == OwnModelStatus.AGREED
    after = last + timedelta(hours=2)
    own_model_end.end_what_is_over(now=after, machine_now=after)
    model.refresh_from_db()
    assert (model.status, model.photo_erased_at) == (OwnModelStatus.EXPIRED, after)
    assert not files_of(model)


def test_a_seller_takes_a_request_back(account: Account, person: Client) -> None:
    model = people.asked(account)
    link = question_link()
    user_id = account.memberships.get().user_id
    own_model_request.remove_model(
        account_id=account.id, model_id=model.id, user_id=user_id, now=NOW
    )
    own_model_end.erase_own_model(model_id=model.id, now=NOW)
    assert say_yes(person, link) == 200
    model.refresh_from_db()
    assert model.status == OwnModelStatus.WITHDRAWN
    assert not files_of(model)
    with pytest.raises(own_model_request.NothingToEnd):
        own_model_request.remove_model(
            account_id=account.id, model_id=model.id, user_id=user_id, now=NOW
        )


def test_a_model_whom_the_seller_removed_can_still_revoke(account: Account, person: Client) -> None:
    model = people.agreed(account)
    user_id = account.memberships.get().user_id
    own_model_request.remove_model(
        account_id=account.id, model_id=model.id, user_id=user_id, now=NOW
    )
    own_model_end.erase_own_model(model_id=model.id, now=NOW)
    model.refresh_from_db()
    assert model.images_stopped_at is None
    assert person.post(revocation_link()).status_code == 200
    model.refresh_from_db()
    assert (model.status, model.images_stopped_at) == (OwnModelStatus.REVOKED, NOW)


def test_a_closed_account_asks_nobody_any_more(account: Account) -> None:
    waiting, bound = people.asked(account), people.agreed(account)
    own_model_end.end_account_models(account_id=account.id, now=NOW)
    waiting.refresh_from_db()
    bound.refresh_from_db()
    assert (waiting.status, bound.status) == (OwnModelStatus.WITHDRAWN, OwnModelStatus.REMOVED)
    assert not files_of(waiting)
    assert not files_of(bound)


def test_nobody_agrees_to_a_closed_account_until_it_is_kept(
    account: Account, person: Client
) -> None:
    people.asked(account)
    link = question_link()
    accounts.close(account=account, now=NOW)
    assert say_yes(person, link) == 200
    assert person.get(f"{link}/photo").status_code == 404
    assert OwnModel.objects.get().status == OwnModelStatus.ASKED
    accounts.reopen(account=account)
    assert say_yes(person, link) == 200
    assert OwnModel.objects.get().status == OwnModelStatus.AGREED


def test_an_erased_account_is_neither_named_nor_written_to(
    account: Account, person: Client
) -> None:
    people.agreed(account)
    link = revocation_link()
    accounts.close(account=account, now=NOW)
    own_model_end.end_account_models(account_id=account.id, now=NOW)
    accounts.erase(account=account, now=NOW)
    answer = person.post(link)
    assert answer.status_code == 200
    assert "closed.invalid" not in answer.content.decode()
    assert OwnModel.objects.get().status == OwnModelStatus.REVOKED
    assert not [one.to for one in letters() if one.to[0].endswith("closed.invalid")]


def test_an_account_asks_only_so_many(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_model_request, "MAX_OWN_MODELS", 1)
    people.asked(account)
    with pytest.raises(own_model_request.TooManyModels):
        people.asked(account)


def test_nobody_is_written_to_more_than_three_times_a_day(account: Account) -> None:
    model, seller = people.asked(account), Client()
    seller.force_login(account.memberships.get().user)
    sent = [seller.post(f"/models/{model.id}/ask-again").status_code for _time in range(4)]
    assert sent == [302, 302, 302, 422]
    model.refresh_from_db()
    assert model.round == 4


def test_the_text_of_an_edition_stays(account: Account, settings: Settings) -> None:
    """Another text is another edition: change EDITION, then the digest here."""
    settings.HOSTED_GENERATOR_URL = ""
    with translation.override("en"):
        text = agreement_text(people.asked(account))
    digest = hashlib.sha256(text.encode()).hexdigest()
    pinned = {"2026-11-29": TEXT_SHA256}
    assert pinned[own_model_terms.EDITION] == digest


# What the database refuses -----------------------------------------------------------------------


def refused(change: str, *values: object) -> str:
    with (
        pytest.raises(IntegrityError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change, values)
    return str(caught.value)


def test_nobody_agrees_without_a_signed_record(account: Account) -> None:
    model = people.asked(account)
    change = "UPDATE generation_own_model SET status = 'agreed', agreed_at = now() WHERE id = %s"
    assert "nobody has signed" in refused(change, model.id)


def test_an_end_is_an_end(account: Account) -> None:
    model = people.agreed(account)
    own_model_end.end_account_models(account_id=account.id, now=NOW)
    change = "UPDATE generation_own_model SET status = 'agreed', ended_at = NULL WHERE id = %s"
    assert "does not go from removed to agreed" in refused(change, model.id)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE generation_own_model SET sha256 = 'other' WHERE id = %s",
        "UPDATE generation_own_model SET until_on = '2099-01-01' WHERE id = %s",
    ],
)
def test_what_was_agreed_stays(account: Account, change: str) -> None:
    assert "stays as it is" in refused(change, people.agreed(account).id)


@pytest.mark.parametrize("change", ["UPDATE {} SET text = ''", "DELETE FROM {}"])
def test_a_record_stays(account: Account, change: str) -> None:
    people.agreed(account)
    assert "is a record" in refused(change.format("generation_own_model_agreement"))


def test_no_image_is_ordered_with_who_has_not_agreed(account: Account) -> None:
    model, photo = people.asked(account), world.approve(world.approved_photo(account))
    task = world.order(photo, generator=world.GeneratorName.EMBEDDED)
    change = "UPDATE generation_task_item SET own_model_id = %s, look_id = %s WHERE task_id = %s"
    assert "has not agreed" in refused(change, model.id, model.id, task.id)
    other = people.agreed(world.seller("other"))
    assert "has not agreed" in refused(change, other.id, other.id, task.id)
    mine = people.agreed(account)
    assert "generation_item_own_model_is_the_look" in refused(change, mine.id, "marble", task.id)
    TaskItem.objects.filter(task=task).update(own_model=mine, look_id=mine.id)
