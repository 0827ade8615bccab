"""The guides for operators: each command of ours in them, in their order, on a service as there."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from jewelrymodel.infra.postgres import DATABASE
from tests.support import prepared_database
from tests.support.dovecot import Dovecot, read_from
from tests.support.outside import SUPPORT
from tests.support.own_postgres import own_postgres, owners
from tests.support.proxies import Certificate, Mailbox
from tests.support.service import COMMAND, Service, free_ports, health_at, start, wait_for
from tests.support.shop import SECRET, Sandbox
from tests.support.tree import ROOT

DOCS = ROOT / "docs"
GUIDES = (DOCS / "one_machine.md", DOCS / "several_machines.md")
FENCE = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
SETTINGS = re.compile(r"^([A-Z_]+)=", re.MULTILINE)
BY_THE_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
PASSPHRASE = "a passphrase of the operator's"
OPEN = ("jewelrymodel check --deploy", "jewelrymodel doctor")
"""These end with 1 while something is open, as here: an address that nobody reads."""


def commands(guide: Path) -> list[str]:
    """The lines of a guide that run a command of ours, in their order."""
    started = {"systemctl start jewelrymodel-backup": "jewelrymodel backup create /srv/backups"}
    return [
        started.get(line, line)
        for line in lines_of(guide)
        if line in started or re.match(r"(?:[A-Z_]+=\S+ )?jewelrymodel ", line)
    ]


@pytest.fixture
def one_machine(
    folder: Path,
    running: Sandbox,
    mail_port: int,
    inbox: Dovecot | None,
    certificate: Certificate,
) -> Iterator[Service]:
    """The service of the guide: real, with the embedded database, all in one process tree."""
    place = folder / "one_machine"
    place.mkdir()
    place.chmod(0o711)
    (place / "data").mkdir()
    prepared_database.unpack(place / "data" / "pg")
    (place / "passphrase").write_text(PASSPHRASE)
    port = free_ports(1)
    settings = {
        "DEMO": "0",
        "PUBLIC_URL": f"https://localhost:{port + 1}",
        "TRUSTED_PROXY": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "STRIPE_API_BASE": running.url,
        "STRIPE_SECRET_KEY": "sk_test_sandbox_real",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "BACKUP_PASSPHRASE_FILE": str(place / "passphrase"),
        **read_from(inbox, certificate),
    }
    one = start(place / "data", port=port, settings=settings)
    one.wait_until_ready()
    yield one
    one.stop()
    shutil.rmtree(place)


def test_every_command_of_one_machine_works_in_its_order(
    one_machine: Service, inbox: Dovecot | None, mailbox: Mailbox
) -> None:
    place = one_machine.data_dir.parent
    (place / "drill").mkdir(mode=0o711)
    own = {
        "support@shop.example": SUPPORT,
        "/srv/backups": f"{place}/backups",
        "/var/lib/jewelrymodel-drill": f"{place}/drill",
    }
    told = commands(GUIDES[0])
    assert len(told) > 10
    for command in told:
        if inbox is None and command.startswith("jewelrymodel mail"):
            continue  # the machine has no Dovecot, so nobody reads mail
        done = run(one_machine, changed(command, own))
        assert done.returncode in ((0, 1) if command in OPEN else (0,)), (
            f"{command}\n{done.stdout}{done.stderr}"
        )
        assert "Traceback" not in done.stderr, done.stderr


def test_every_command_of_several_machines_is_one_of_ours(one_machine: Service) -> None:
    for command in commands(GUIDES[1]):
        assert run(one_machine, f"{command} --help").returncode == 0, command


def lines_of(guide: Path) -> list[str]:
    """Every line that is typed, in order."""
    return [line for block in FENCE.findall(guide.read_text()) for line in block.splitlines()]


def test_a_new_version_changes_no_file_of_a_running_service_and_copies_anew() -> None:
    text = GUIDES[0].read_text()
    (block,) = FENCE.findall(text.partition("## A new version\n")[2].partition("\n## ")[0])
    typed = block.splitlines()
    stopped = next(n for n, line in enumerate(typed) if line.startswith("systemctl stop"))
    assert "jewelrymodel-all" in typed[stopped]
    assert stopped < typed.index("git pull")
    before = lines_of(GUIDES[0])[: -len(typed)]
    copies = [line for line in before if re.search(r"^(?:cp|install) .*\bdocs/", line)]
    assert len(copies) == 2
    again = [*copies, "systemctl daemon-reload"]
    assert [line for line in typed if line in again] == again
    assert typed.index("git pull") < typed.index(copies[0])
    assert typed[-1] == typed[stopped].replace(" stop ", " start ")


def test_the_service_of_one_machine_is_ended_for_good_before_others_are_enabled() -> None:
    typed = lines_of(GUIDES[1])
    ended = [n for n, line in enumerate(typed) if line.startswith("systemctl disable --now ")]
    assert len(ended) == 1
    assert "jewelrymodel-all" in typed[ended[0]].split()
    assert all(n > ended[0] for n, line in enumerate(typed) if "systemctl enable" in line)
    assert typed.index("systemctl start jewelrymodel-backup") > ended[0]


def test_the_data_of_one_machine_move_into_a_database_of_ones_own(one_machine: Service) -> None:
    """By the commands of the guide: a backup of the service that was ended, under its keys."""
    place, port = one_machine.data_dir.parent, free_ports(1)
    made = run(
        one_machine, "jewelrymodel staff add moved@shop.example --role operator --name Moved"
    )
    assert made.returncode == 0, made.stderr
    one_machine.stop()
    kept = run(one_machine, changed(commands(GUIDES[1])[0], {"/srv/backups": f"{place}/backups"}))
    assert kept.returncode == 0, kept.stderr
    (place / "own").mkdir(mode=0o711)
    (place / "moved").mkdir(mode=0o711)
    keys = one_machine.data_dir / "secrets"
    with own_postgres(place / "own", port=port) as url:
        with psycopg.connect(owners(url), autocommit=True) as connection:
            connection.execute("CREATE DATABASE moved TEMPLATE template0 ENCODING 'UTF8'")
        url = url.removesuffix(DATABASE) + "moved"
        one_machine.settings |= {
            "DATA_DIR": str(place / "moved"),
            "DATABASE_URL": url,
            "SECRET_KEY": (keys / "secret_key").read_text(),
            "SIGNING_KEY": (keys / "signing_key").read_text(),
        }
        owner = f"DATABASE_OWNER_URL={owners(url)}"
        told = changed(commands(GUIDES[1])[1], {"/srv/backups": f"{place}/backups"})
        for command in (told, "jewelrymodel prepare"):
            done = run(one_machine, f"export {owner}; {command}")
            assert done.returncode == 0, done.stderr
        with psycopg.connect(url) as connection:
            query = "SELECT count(*) FROM accounts_user WHERE email = 'moved@shop.example'"
            assert connection.execute(query).fetchone() == (1,)


def test_the_mail_whose_sender_is_checked_is_in_the_guide() -> None:
    assert "\nMAIL_IN_RESULTS_OF=" in GUIDES[0].read_text()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_settings_of_a_guide_are_in_the_table(guide: Path) -> None:
    blocks = re.findall(r"^```ini\n(.*?)^```", guide.read_text(), re.MULTILINE | re.DOTALL)
    named = {name for block in blocks for name in SETTINGS.findall(block)}
    table = (DOCS / "operations.md").read_text()
    assert len(named) > 5
    assert [name for name in named if f"`{name}`" not in table] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_files_of_a_guide_are_in_the_tree(guide: Path) -> None:
    lines = "\n".join(FENCE.findall(guide.read_text()))
    for path in re.findall(r"\b(?:docs|src)/[\w/.-]+", lines):
        assert (ROOT / path).exists(), path
    units = {path.name for path in (DOCS / "systemd").iterdir()}
    named = re.findall(r"\bjewelrymodel-\S+", "\n".join(re.findall(r"^systemctl.*", lines, re.M)))
    assert named
    assert [unit for unit in named if not {unit, f"{unit}.service"} & units] == []


def test_the_command_of_root_has_the_services_user_and_settings(tmp_path: Path) -> None:
    """As systemd reads the file: with what stands in quotes, and what stands before it."""
    settings, programs = tmp_path / "env", tmp_path / "programs"
    settings.write_text("BRAND='Rings & Sons'\nDEMO=0\nEMAIL_PASSWORD='a$b c'\n")
    programs.mkdir()
    as_user = programs / "runuser"
    as_user.write_text('#!/bin/sh\necho "$@"\nenv\n')
    as_user.chmod(0o755)
    done = subprocess.run(
        [DOCS / "bin/jewelrymodel", "doctor", "--some thing"],
        env={"PATH": f"{programs}:{os.environ['PATH']}", "JEWELRYMODEL_SETTINGS": str(settings)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout.splitlines()
    assert said[0] == "-u jewelrymodel -- /opt/jewelrymodel/bin/jewelrymodel doctor --some thing"
    assert {"BRAND=Rings & Sons", "DEMO=0", "EMAIL_PASSWORD=a$b c"} <= set(said)
    assert "DATA_DIR=/var/lib/jewelrymodel" in said


def test_another_machine_serves_with_what_the_guide_says_is_the_same(
    service: Service, tmp_path: Path
) -> None:
    """The same settings, keys and files, a folder of its own; the owner's password isn't there."""
    other = {name: told for name, told in service.env.items() if name != "DATABASE_OWNER_URL"}
    keys = service.data_dir / "secrets"
    port = free_ports(1)
    other |= {name.upper(): (keys / name).read_text() for name in ("secret_key", "signing_key")}
    other |= {"DATA_DIR": str(tmp_path), "PORT": str(port)}
    (tmp_path / "files").symlink_to(service.data_dir / "files")
    prepared = subprocess.run([COMMAND, "prepare"], env=other, capture_output=True, check=False)
    assert prepared.returncode == 0, prepared.stderr
    assert not (tmp_path / "secrets" / "secret_key").exists()
    with (tmp_path / "log").open("wb") as log:
        web = subprocess.Popen([COMMAND, "web"], env=other, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: health_at(url), timeout_s=90, what=(tmp_path / "log").read_text)
        page = httpx.get(f"{url}/pricing", headers=BY_THE_PROXY)
        style = re.search(r'href="(/static/[^"]+\.css)"', page.text)
        assert style, page.text[:500]
        assert httpx.get(f"{url}{style[1]}", headers=BY_THE_PROXY).status_code == 200
    finally:
        web.terminate()
        web.wait(timeout=60)


def changed(command: str, own: dict[str, str]) -> str:
    """The command with our places in place of the guide's."""
    for told, ours in own.items():
        command = command.replace(told, ours)
    return command


def run(service: Service, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a guide with the service's settings; a DATA_DIR of its own counts."""
    return subprocess.run(
        ["sh", "-c", command],
        env={**service.env, "PATH": f"{COMMAND.parent}:{service.env['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
