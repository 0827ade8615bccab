"""Somebody gets everything that we have about them, once a day, and nobody else does."""

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.operations import NotTheOwner
from jewelrymodel.accounts.roles import Role
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.models import Asset
from jewelrymodel.infra import storage
from jewelrymodel.infra.models import PendingEmail
from jewelrymodel.privacy import operations
from jewelrymodel.privacy.account_records import EXPORTED
from jewelrymodel.privacy.models import DataExport
from jewelrymodel.privacy.operations import exports
from jewelrymodel.privacy.statuses import ExportState
from tests.support import generation as world
from tests.support.shop import now
from tests.support.threads import at_once

DAY = timedelta(days=1)


def ask(account: Account, user: User) -> DataExport:
    return operations.request_export(account_id=account.pk, user_id=user.pk, now=now())


def prepare(row: DataExport) -> DataExport:
    operations.prepare_export(export_id=row.pk, now=now(), machine_now=now())
    row.refresh_from_db()
    return row


def opened(row: DataExport) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(storage.get(row.key)))


def records(archive: zipfile.ZipFile, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(archive.read(f"data/{name}.json"))
    return rows


def test_it_holds_their_records_and_their_files_and_says_what_is_what(
    asset: Asset, account: Account, user: User
) -> None:
    other = world.approved_photo(world.seller("other"))
    row = prepare(ask(account, user))
    archive, photo = opened(row), asset.item.task.photo
    assert archive.testzip() is None
    assert archive.read(f"images/{asset.pk}.png") == storage.get(asset.image_key)
    assert archive.read(f"photos/{photo.pk}.png") == storage.get(photo.original_key)
    assert f"cutouts/{photo.pk}.png" in archive.namelist()
    assert {f"data/{kind.file}.json" for kind in EXPORTED} <= set(archive.namelist())
    assert [one["id"] for one in records(archive, "images")] == [asset.pk]
    assert [one["email"] for one in records(archive, "person")] == [user.email]
    assert "password" not in records(archive, "person")[0]
    readme = archive.read("README.txt").decode()
    assert all(f"data/{kind.file}.json" in readme for kind in EXPORTED)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert other.pk.encode() not in everything
    assert (row.sha256, row.size_bytes) == (
        hashlib.sha256(storage.get(row.key)).hexdigest(),
        len(storage.get(row.key)),
    )


def test_who_asked_is_told_once_in_their_language(account: Account, user: User) -> None:
    user.language = "de"
    user.save()
    row = prepare(ask(account, user))
    prepare(row)
    email = PendingEmail.objects.get()
    assert (email.recipient, email.language) == (user.email, "de")
    assert "/settings/data" in email.text
    assert storage.sign(row.key).split(":")[0] not in email.text


def test_a_file_that_is_gone_is_named_and_keeps_nothing_back(
    asset: Asset, account: Account, user: User
) -> None:
    storage.delete(asset.image_key)
    row = prepare(ask(account, user))
    assert row.missing_files == 1
    assert f"images/{asset.pk}.png" in opened(row).read("README.txt").decode()


def test_one_at_a_time_and_one_a_day(account: Account, user: User) -> None:
    row = ask(account, user)
    with pytest.raises(operations.ExportUnderWay):
        ask(account, user)
    prepare(row)
    with pytest.raises(operations.TooSoon) as refused:
        ask(account, user)
    assert refused.value.again_at == row.created_at + DAY
    DataExport.objects.update(created_at=row.created_at - DAY)
    assert ask(account, user).state == ExportState.PREPARING


def test_asked_for_twice_at_once_it_is_prepared_once(account: Account, user: User) -> None:
    def ask_and_see() -> object:
        try:
            return ask(account, user).pk
        except operations.ExportUnderWay:
            return None

    answers = at_once(ask_and_see, 3)
    assert len([one for one in answers if one]) == DataExport.objects.count() == 1


def test_prepared_by_two_at_once_there_is_one_file_and_one_email(
    asset: Asset, account: Account, user: User
) -> None:
    row = ask(account, user)
    at_once(lambda: operations.prepare_export(export_id=row.pk, now=now(), machine_now=now()), 2)
    row.refresh_from_db()
    assert row.state == ExportState.READY
    assert opened(row).testzip() is None
    assert PendingEmail.objects.count() == 1


class Killed(BaseException):
    """The worker is gone."""


def killed(*_given: object, **_named: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    "place",
    [
        (exports, "write_archive"),
        (exports, "_measure"),
        (storage, "put_file"),
        (exports, "_finish"),
        (exports.email_queue, "send_later"),
    ],
    ids=lambda place: place[1],
)
def test_killed_anywhere_it_is_taken_up_again(
    place: tuple[object, str],
    asset: Asset,
    account: Account,
    user: User,
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = ask(account, user)
    with monkeypatch.context() as patched:
        patched.setattr(*place, killed)
        with pytest.raises(Killed):
            operations.prepare_export(export_id=row.pk, now=now(), machine_now=now())
    row.refresh_from_db()
    assert row.state == ExportState.PREPARING
    prepare(row)
    assert row.state == ExportState.READY
    assert [one.name for one in files.glob("data_exports/**/*.zip")] == [exports.file_name(row)]
    assert PendingEmail.objects.count() == 1


def test_its_time_ends_and_the_file_goes(account: Account, user: User, files: Path) -> None:
    row = prepare(ask(account, user))
    assert row.expires_at is not None
    assert operations.drop_expired(now=row.expires_at - DAY) == 0
    assert operations.drop_expired(now=row.expires_at) == 1
    assert operations.drop_expired(now=row.expires_at) == 0
    row.refresh_from_db()
    assert row.state == ExportState.EXPIRED
    assert [*files.glob("data_exports/**/*.zip")] == []
    with pytest.raises(operations.NotReady):
        operations.note_download(account_id=account.pk, user_id=user.pk, now=row.expires_at)


def test_what_never_gets_ready_is_given_up(account: Account, user: User) -> None:
    row = ask(account, user)
    assert operations.drop_expired(now=row.created_at + DAY) == 0
    assert operations.drop_expired(now=row.created_at + 2 * DAY) == 1
    assert ask(account, user).pk != row.pk


def member(account: Account, role: Role) -> User:
    added = User.objects.create_user("helper@shop.example", "a-long-enough-one", date_joined=now())
    Membership.objects.create(account=account, user=added, role=role, joined_at=now())
    return added


def test_only_an_owner_asks_for_it(account: Account, user: User) -> None:
    helper = member(account, Role.MEMBER)
    with pytest.raises(NotTheOwner):
        ask(account, helper)
    browser = Client()
    browser.force_login(helper)
    assert browser.post("/settings/data/ask").status_code == 403
    assert not DataExport.objects.exists()


def fetch(client: Client, address: str) -> tuple[int, bytes]:
    with contextlib.closing(client.get(address)) as answer:
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, content


def test_its_owner_fetches_it_and_that_is_noted(
    client: Client, account: Account, user: User
) -> None:
    assert client.post("/settings/data/ask")["Location"] == "/settings/data"
    row = prepare(DataExport.objects.get())
    assert "/settings/data/download" in client.get("/settings/data").content.decode()
    status, content = fetch(client, client.get("/settings/data/download")["Location"])
    assert (status, hashlib.sha256(content).hexdigest()) == (200, row.sha256)
    noted = AuditEntry.objects.filter(account_id=account.pk, subject=f"export:{row.pk}")
    assert {one.action for one in noted} == {"data.export_requested", "data.export_downloaded"}


def stranger(account: Account) -> Client:
    browser = Client()
    browser.force_login(world.seller("other").memberships.get().user)
    return browser


def colleague(account: Account) -> Client:
    browser = Client()
    browser.force_login(member(account, Role.OWNER))
    return browser


@pytest.mark.parametrize("somebody", [stranger, colleague])
def test_an_address_is_good_for_who_got_it_and_expires(
    somebody: Callable[[Account], Client],
    client: Client,
    account: Account,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = prepare(ask(account, user))
    address = client.get("/settings/data/download")["Location"]
    assert somebody(account).get(address).status_code == 404
    assert client.get(f"{address}x").status_code == 404
    assert fetch(client, address)[0] == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now().timestamp() + 901)
    assert client.get(address).status_code == 404
    assert row.key in storage.unsign(storage.sign(row.key))


def test_who_signed_in_long_ago_is_asked_for_the_password(account: Account, user: User) -> None:
    prepare(ask(account, user))
    browser = Client()
    browser.force_login(user)
    assert browser.get("/settings/data/download")["Location"].startswith("/account/reauth")
    assert not AuditEntry.objects.filter(action="data.export_downloaded").exists()


def test_without_a_file_the_page_says_so(client: Client) -> None:
    assert client.get("/settings/data/download")["Location"] == "/settings/data"
    assert client.get("/settings/data/file")["Location"] == "/settings/data"
    assert client.get("/settings/data/file?key=forged").status_code == 404


def test_its_address_opens_no_other_door(client: Client, account: Account, user: User) -> None:
    """Images are read whole, and by everybody of the account: this file is neither."""
    prepare(ask(account, user))
    token = parse_qs(urlsplit(client.get("/settings/data/download")["Location"]).query)["key"][0]
    assert client.get(f"/library/files/{token}").status_code == 404
    image = storage.sign(f"{account.pk}:{user.pk}:exports/{account.pk}/of/image.png")
    storage.put(f"exports/{account.pk}/of/image.png", b"image")
    assert client.get("/settings/data/file", {"key": image}).status_code == 404
