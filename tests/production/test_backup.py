"""Backup and restore by the document's own words; and what happens when a part was left out."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from jewelrymodel.infra.postgres import binaries
from tests.support import prepared_database
from tests.support.outside import PASSWORD, open_account, run
from tests.support.service import COMMAND, Service, free_ports
from tests.support.shop import SECRET

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
SOCKET = os.environ["JEWELRYMODEL_TEST_SOCKET_DIR"]
EMAIL = "ida@kept.example"
WELL = "studio 200\nphoto True\n"
REAL = {
    "DEMO": "0",
    "STRIPE_SECRET_KEY": "sk_test_sandbox_real",
    "STRIPE_WEBHOOK_SECRET": SECRET,
    "BRAND": "Ring Studio",
    "LEGAL_ENTITY": "Ring Studio GmbH",
    "LEGAL_ADDRESS": "1 Ring Road",
    "SUPPORT_EMAIL": "help@rings.shop",
    "EMAIL_HOST": "127.0.0.1",
    "MAIL_IN_LISTEN": "lmtp:127.0.0.1:8024",
}
TEXT = """+++
edition = 2026-01-02
effective_from = 2026-01-02
reason = "The first"
+++

# Our text

## Part {#part}

We make rings.
"""
_FILL = """
from pathlib import Path
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from jewelrymodel.accounts.models import User
from jewelrymodel.generation import operations
from jewelrymodel.infra import clock
ida = User.objects.get(email={email!r})
TOTP.activate(ida, generate_totp_secret())
operations.upload(account_id=ida.memberships.get().account_id, file_name='ring.jpg',
    data=Path({photo!r}).read_bytes(), now=clock.now())
"""
_READ = """
from allauth.mfa.models import Authenticator
from django.test import Client
from jewelrymodel.accounts.models import User
from jewelrymodel.generation.models import Photo
from jewelrymodel.infra import storage
ida = User.objects.get(email={email!r})
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
secret = decrypt(ida.authenticator_set.get().data['secret'])
client = Client(headers={{'Host': 'localhost'}})
client.post('/account/login/', {{'login': {email!r}, 'password': {password!r}}})
for counter in auth.yield_hotp_counters_from_time():  # each works once, also after a restore
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    client.post('/account/2fa/authenticate/', {{'code': code}})
print('studio', client.get('/studio').status_code)
print('photo', len(storage.get(Photo.objects.get().original_key)) > 10_000)
"""


def blocks() -> list[str]:
    """What the document says to type: back up and restore one machine, then with DATABASE_URL."""
    text = (ROOT / "docs/operations.md").read_text()
    found = BLOCK.findall(text)
    assert len(found) == 4
    return found


def typed(block: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Type *block* into a shell that stops where a line fails; PostgreSQL's tools are at hand."""
    tools = {"PATH": f"{binaries()}:{settings['PATH']}"}
    return subprocess.run(
        ["bash", "-euc", block],
        env=settings | tools,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def fill(service: Service) -> None:
    """Have an operator and the texts there, and somebody with a second factor and a photo."""
    run(service, "staff", "add", "olga@rings.shop", "--role", "operator")
    text = service.data_dir.with_name("2026-01-02.md")
    text.write_text(TEXT)
    for document in ("terms", "privacy", "imprint"):
        run(service, "legal", "publish", "--yes", document, str(text))
    open_account(service, EMAIL, given=1)
    photo = str(ROOT / "tests/photos/render_ring.jpg")
    run(service, "manage", "shell", "-c", _FILL.format(email=EMAIL, photo=photo))


def read(service: Service) -> str:
    """Sign in with the second factor, and open the photo."""
    code = _READ.format(email=EMAIL, password=PASSWORD)
    return run(service, "manage", "shell", "--no-imports", "-v", "0", "-c", code)


@pytest.fixture(scope="module", params=["one machine", "DATABASE_URL"])
def where(request: pytest.FixtureRequest) -> str:
    """Which database the service has: its own, or one that the operator keeps."""
    return str(request.param)


@pytest.fixture(scope="module")
def backup(where: str, folder: Path, mail_port: int) -> Iterator[Path]:
    """What the document's block makes of a service with somebody in it."""
    data_dir = folder / f"{where[:3]}-first"
    data_dir.mkdir()
    if where == "one machine":
        prepared_database.unpack(data_dir / "pg")
    with installed(where, data_dir, mail_port=mail_port, like="jewelrymodel") as first:
        run(first, "prepare")
        fill(first)
        assert WELL in read(first)
        kept = folder / f"{where[:3]}-backup"
        block = blocks()[0 if where == "one machine" else 2]
        done = typed(block, first.env | {"BACKUP": str(kept)})
        assert done.returncode == 0, done.stderr
        yield kept


@pytest.fixture
def fresh(where: str, folder: Path, mail_port: int) -> Iterator[Service]:
    """A new machine: an empty folder and an empty database. Its mail server is the same."""
    with installed(where, folder / f"{where[:3]}-second", mail_port=mail_port) as second:
        yield second
        shutil.rmtree(second.data_dir, ignore_errors=True)


@contextmanager
def installed(
    where: str, data_dir: Path, *, mail_port: int, like: str = "template1"
) -> Iterator[Service]:
    """A service that doesn't run, so that its commands start what they need."""
    settings = REAL | {"EMAIL_PORT": str(mail_port)}
    name = f"kept_{data_dir.name.replace('-', '_')}".lower()
    if where == "DATABASE_URL":
        settings["DATABASE_URL"] = f"postgresql:///{name}?host={SOCKET}&user=jewelrymodel"
        database(f"create database {name} template {like}")
    nobody = subprocess.Popen(["true"])
    nobody.wait()
    log = data_dir.with_suffix(".log")
    yield Service(data_dir, free_ports(), nobody, log, settings)
    if where == "DATABASE_URL":
        database(f"drop database {name} with (force)")


def database(statement: str) -> None:
    """Run *statement* on the cluster of the tests."""
    place = f"postgresql:///postgres?host={SOCKET}&user=jewelrymodel"
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))


def restored(where: str, kept: Path, fresh: Service) -> subprocess.CompletedProcess[str]:
    """Type what the document says about coming back."""
    block = blocks()[1 if where == "one machine" else 3]
    return typed(block, fresh.env | {"BACKUP": str(kept)})


def test_everything_comes_back(where: str, backup: Path, fresh: Service) -> None:
    done = restored(where, backup, fresh)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok  second factors: SECRET_KEY opens 1 of them" in done.stdout
    assert "Nothing is wrong." in done.stdout
    assert WELL in read(fresh)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("secrets", "1 of 1 second factors can't be opened: put back the SECRET_KEY"),
        ("files", "none of the files that this database names is there"),
    ],
)
def test_what_was_left_out_is_named(
    where: str, backup: Path, fresh: Service, part: str, words: str
) -> None:
    holed = backup.with_name("holed")
    shutil.copytree(backup, holed, ignore=lambda _folder, names: {part} & set(names))
    shutil.copystat(backup, holed)
    if where == "one machine":  # the database's files are its user's
        subprocess.run(
            ["cp", "-a", "--no-target-directory", backup / "pg", holed / "pg"], check=True
        )
    try:
        done = restored(where, holed, fresh)
    finally:
        shutil.rmtree(holed)
    assert done.returncode != 0
    assert f"jewelrymodel: {words}" in done.stderr


def test_a_database_that_was_left_out_is_not_made_up(backup: Path, fresh: Service) -> None:
    fresh.data_dir.mkdir()
    fresh.data_dir.chmod(0o711)
    for part in ("files", "secrets"):
        shutil.copytree(backup / part, fresh.data_dir / part)
    done = subprocess.run(
        [COMMAND, "prepare"], env=fresh.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "has files, and the database" in done.stderr
    assert "put the database back" in done.stderr
