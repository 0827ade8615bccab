"""The drill: a backup while sellers are at work, and back into an empty place, by the docs."""

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

from tests.support import prepared_database
from tests.support.outside import PASSWORD, run
from tests.support.service import COMMAND, Service, free_ports, start, wait_for
from tests.support.shop import SECRET, Sandbox

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
SOCKET = os.environ["JEWELRYMODEL_TEST_SOCKET_DIR"]
EMAIL = "ida@kept.example"
WELL = "studio 200\nphoto True\nbooks []\n"
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
from jewelrymodel.config import cli
for words in {commands!r}:
    options = cli.parser().parse_args(words)
    assert options.handler(options) == 0
from jewelrymodel.accounts import operations as accounts
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from jewelrymodel.accounts.models import User
from jewelrymodel.generation import operations
from jewelrymodel.infra import clock
accounts.register(email={email!r}, password={password!r}, account_name='Ida', now=clock.now())
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
from jewelrymodel.ledger import queries
print('books', queries.verify())
"""
_WORK = """
import itertools
from pathlib import Path
from jewelrymodel.accounts.models import User
from jewelrymodel.infra import clock, storage
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
account = User.objects.get(email={email!r}).memberships.get().account_id
for number in itertools.count():
    name = f'work{{number}}'
    ledger.grant(account_id=account, source=LotSource.PROMOTION, source_ref=name, paid_minor=0,
        quantity=1, currency='USD', expires_at=None, idempotency_key=name, now=clock.now())
    storage.put(f'requests/{{name}}', b'a file of ours')
    Path({told!r}).write_text(str(number))
    if Path({told!r} + '.stop').exists():
        break
"""


def blocks() -> list[str]:
    """What the document says to type: back up, then restore."""
    text = (ROOT / "docs/operations.md").read_text()
    found = [one for one in BLOCK.findall(text) if "$BACKUPS" in one]
    assert len(found) == 2
    return found


def typed(block: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Type *block* into a shell that stops where a line fails."""
    return subprocess.run(
        ["bash", "-euc", block],
        env=settings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def fill(service: Service) -> None:
    """Have an operator and the texts there, and somebody with a second factor and a photo."""
    text = service.data_dir.with_name("2026-01-02.md")
    text.write_text(TEXT)
    publish = ("legal", "publish", "--yes")
    commands = [
        ("staff", "add", "olga@rings.shop", "--role", "operator"),
        *((*publish, document, str(text)) for document in ("terms", "privacy", "imprint")),
    ]
    photo = str(ROOT / "tests/photos/render_ring.jpg")
    code = _FILL.format(commands=commands, email=EMAIL, password=PASSWORD, photo=photo)
    run(service, "manage", "shell", "-c", code)


def read(service: Service) -> str:
    """Sign in with the second factor, and open the photo."""
    code = _READ.format(email=EMAIL, password=PASSWORD)
    return run(service, "manage", "shell", "--no-imports", "-v", "0", "-c", code)


@pytest.fixture(scope="module", params=["one machine", "DATABASE_URL"])
def where(request: pytest.FixtureRequest) -> str:
    """Which database the service has: its own, or one that the operator keeps."""
    return str(request.param)


@pytest.fixture(scope="module")
def first(where: str, folder: Path, mail_port: int, running: Sandbox) -> Iterator[Service]:
    """A service with somebody in it; on one machine it runs, and its worker works."""
    data_dir = folder / f"{where[:3]}-first"
    data_dir.mkdir()
    if where == "one machine":
        prepared_database.unpack(data_dir / "pg")
    with installed(where, data_dir, mail_port=mail_port, like="jewelrymodel") as one:
        run(one, "prepare")
        fill(one)
        if where != "one machine":
            yield one
            return
        settings = {**one.settings, "STRIPE_API_BASE": running.url, "MATTING_MODEL": "u2netp"}
        settings.pop("MAIL_IN_LISTEN")  # a port that another test may have
        up = start(data_dir, port=one.port, settings=settings)
        up.wait_until_ready()
        yield up
        up.stop()


@pytest.fixture(scope="module")
def backups(folder: Path, where: str) -> Path:
    """Where backups go, with the passphrase's file beside."""
    kept = folder / f"{where[:3]}-backups"
    kept.with_name(f"{kept.name}.pass").write_text("six plain words of nobody\n")
    return kept


def told(service: Service, backups: Path) -> dict[str, str]:
    """The environment in which the document's words are typed."""
    file = backups.with_name(f"{backups.name}.pass")
    return service.env | {"BACKUPS": str(backups), "BACKUP_PASSPHRASE_FILE": str(file)}


@pytest.fixture(scope="module")
def backup(first: Service, backups: Path) -> Path:
    """What the document's block makes, while a seller is given credits and stores files."""
    with at_work(first, backups.with_name(f"{backups.name}.work")):
        done = typed(blocks()[0], told(first, backups))
    assert done.returncode == 0, done.stderr
    (made,) = backups.glob("*Z")
    return made


@contextmanager
def at_work(service: Service, note: Path) -> Iterator[None]:
    """Have the books move and files come until the block ends."""
    code = _WORK.format(email=EMAIL, told=str(note))
    command = [COMMAND, "manage", "shell", "-c", code]
    busy = subprocess.Popen(command, env=service.env, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: note.exists() or busy.poll() is not None, timeout_s=120, what="no work")
        yield
    finally:
        note.with_name(f"{note.name}.stop").touch()
        assert busy.wait(timeout=60) == 0


@pytest.fixture
def fresh(where: str, folder: Path, mail_port: int) -> Iterator[Service]:
    """A new machine: an empty folder and an empty database. Its mail server is the same."""
    with installed(where, folder / f"{where[:3]}-second", mail_port=mail_port) as second:
        second.data_dir.mkdir()
        second.data_dir.chmod(0o711)
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


def test_a_killed_backup_is_none(first: Service, backups: Path, where: str) -> None:
    """Killed where it has begun to write: it waits for a table that another holds."""
    if where != "DATABASE_URL":
        pytest.skip("one of both is enough")
    with psycopg.connect(first.settings["DATABASE_URL"]) as other:
        other.execute("lock table ledger_lot in access exclusive mode")
        command = [COMMAND, "backup", "create", str(backups)]
        busy = subprocess.Popen(command, env=told(first, backups), stderr=subprocess.DEVNULL)
        wait_for(lambda: list(backups.glob("*.partial")), timeout_s=120, what="nothing was begun")
        busy.kill()
        busy.wait()
    assert run(first, "backup", "list", str(backups)) == ""


def test_everything_comes_back(
    where: str, first: Service, backup: Path, backups: Path, fresh: Service
) -> None:
    done = typed(blocks()[1], told(fresh, backups))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok  second factors: SECRET_KEY opens 1 of them" in done.stdout
    assert "Nothing is wrong." in done.stdout
    assert WELL in read(fresh)
    kept = {one.relative_to(backup): one for one in (backup / "files").rglob("*") if one.is_file()}
    assert len(kept) > 3
    for name, path in kept.items():
        assert (fresh.data_dir / name).read_bytes() == path.read_bytes()
    assert not list(backups.glob("*.partial"))


def refusal(service: Service, backups: Path, backup: Path) -> str:
    """What is said where *backup* isn't brought back; the place stays as empty as it was."""
    command = [COMMAND, "restore", str(backup)]
    done = subprocess.run(
        command, env=told(service, backups), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert not (service.data_dir / "files").exists()
    assert not (service.data_dir / "secrets").exists()
    return done.stderr


@pytest.fixture
def spoilt(backup: Path) -> Iterator[Path]:
    """A copy of the backup to be spoilt."""
    copy = backup.with_name("spoilt")
    shutil.copytree(backup, copy)
    yield copy
    shutil.rmtree(copy)


@pytest.fixture
def once(where: str) -> None:
    """Of what is looked at before any database, one of both is enough."""
    if where == "DATABASE_URL":
        pytest.skip("looked at before any database")


@pytest.mark.usefixtures("once")
def test_one_that_was_changed_is_refused(backups: Path, spoilt: Path, fresh: Service) -> None:
    photo = next(one for one in (spoilt / "files" / "photos").rglob("*") if one.is_file())
    photo.write_bytes(photo.read_bytes()[:-1] + b"?")
    said = refusal(fresh, backups, spoilt)
    assert f"{photo.relative_to(spoilt)} of the backup is missing or was changed" in said


@pytest.mark.usefixtures("once")
def test_a_place_that_holds_something_is_refused(
    backups: Path, backup: Path, fresh: Service
) -> None:
    (fresh.data_dir / "terms").mkdir()
    (fresh.data_dir / "terms" / "2027-01-01.md").write_text("a draft")
    assert "terms isn't empty" in refusal(fresh, backups, backup)


@pytest.mark.usefixtures("once")
def test_a_database_that_was_left_out_is_not_made_up(backup: Path, fresh: Service) -> None:
    shutil.copytree(backup / "files", fresh.data_dir / "files")
    done = subprocess.run(
        [COMMAND, "prepare"], env=fresh.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "has files, and the database" in done.stderr
    assert "put the database back" in done.stderr
