"""The service as an operator runs it for real: DEMO=0, behind a proxy that speaks TLS."""

import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import proxies
from tests.support.authority import serving
from tests.support.cloned_database import committing_db, django_db_setup, template_db
from tests.support.dovecot import Dovecot, dovecot, is_here, read_from
from tests.support.outside import SUPPORT
from tests.support.own_postgres import own_postgres, owners
from tests.support.proxied import Browser
from tests.support.proxies import CADDY, MAIL, NGINX, PLAIN, Certificate, Mailbox
from tests.support.service import COMMAND, Service, free_ports, start
from tests.support.shop import SECRET, Sandbox
from tests.support.shop_fixtures import letter_box, running

DATABASE = 5
"""Which port above the service's the operator's database has."""
__all__ = ["committing_db", "django_db_setup", "letter_box", "running", "template_db"]


@pytest.fixture(scope="session")
def certificate(folder: Path) -> Certificate:
    """A server's certificate for localhost, by an authority that is all that clients trust."""
    authority, own = serving(x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")))
    kept = Certificate(folder / "fullchain.pem", folder / "privkey.pem", folder / "authority.pem")
    kept.chain.write_bytes(own.certificate.public_bytes(Encoding.PEM))
    kept.key.write_bytes(own.key_pem())
    kept.authority.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    return kept


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder with a short name, which the database's user may pass through."""
    root = Path(tempfile.mkdtemp(prefix="jm-real-"))
    root.chmod(0o711)
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def ports() -> int:
    """The service's port, and five more above it."""
    return free_ports(6)


@pytest.fixture(scope="session")
def database(folder: Path, ports: int) -> Iterator[str]:
    """The DATABASE_URL of the operator's own PostgreSQL: by TCP, with a password."""
    place = folder / "database"
    place.mkdir()
    place.chmod(0o711)
    with own_postgres(place, port=ports + DATABASE) as url:
        yield url


@pytest.fixture(scope="session")
def mailbox(ports: int) -> Iterator[Mailbox]:
    """The operator's mail server."""
    kept = Mailbox()
    server = Controller(kept, hostname="127.0.0.1", port=ports + MAIL)
    server.start()
    yield kept
    server.stop()


@pytest.fixture(scope="session")
def mail_port(ports: int, mailbox: Mailbox) -> int:
    """Where the operator's mail server listens."""
    return ports + MAIL


@pytest.fixture(scope="session")
def inbox(folder: Path, certificate: Certificate, mailbox: Mailbox) -> Iterator[Dovecot | None]:
    """Support's mailbox, with all mail to support; None where the machine has no Dovecot."""
    if not is_here():
        yield None
        return
    place = folder / "dovecot"
    place.mkdir()
    place.chmod(0o711)
    plain = free_ports(2)

    def forward(raw: bytes, to: list[str]) -> None:
        if SUPPORT in to:
            server.deliver(raw)

    with dovecot(place, plain=plain, tls=plain + 1, certificate=certificate) as server:
        mailbox.forward = forward
        yield server


@pytest.fixture(scope="session")
def service(
    folder: Path,
    ports: int,
    mail_port: int,
    running: Sandbox,
    inbox: Dovecot | None,
    certificate: Certificate,
    database: str,
) -> Iterator[Service]:
    """``jewelrymodel up`` with the settings of real service, and a worker more as on another
    machine; the processor's is its sandbox.
    """
    settings = {
        "DEMO": "0",
        "DATABASE_URL": database,
        "DATABASE_OWNER_URL": owners(database),
        "WEB_PROCESSES": "2",
        "PUBLIC_URL": f"https://localhost:{ports + NGINX}",
        "TRUSTED_PROXY": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "STRIPE_API_BASE": running.url,
        "STRIPE_SECRET_KEY": "sk_test_sandbox_real",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        **read_from(inbox, certificate),
    }
    (folder / "data").mkdir()
    one = start(folder / "data", port=ports, settings=settings)
    one.wait_until_ready()
    elsewhere = {name: told for name, told in one.env.items() if name != "DATABASE_OWNER_URL"}
    with (folder / "second-worker.log").open("wb") as log:
        worker = subprocess.Popen([COMMAND, "worker"], env=elsewhere, stdout=log, stderr=log)
    yield one
    worker.terminate()
    assert worker.wait(timeout=60) == 0
    if one.process.poll() is None:
        one.stop()


@pytest.fixture(scope="session", params=["nginx", "caddy"])
def browse(
    request: pytest.FixtureRequest,
    service: Service,
    folder: Path,
    certificate: Certificate,
) -> Iterator[Browser]:
    """Give what makes a browser on the machine with an address of its own (in 127/8)."""
    if request.param == "nginx":
        tls = service.port + NGINX
        proxy = proxies.nginx(
            folder, certificate, to=service.port, tls=tls, plain=service.port + PLAIN
        )
    else:
        tls = service.port + CADDY
        proxy = proxies.caddy(
            folder, certificate, to=service.port, tls=tls, plain=service.port + PLAIN
        )
    trust = ssl.create_default_context(cafile=str(certificate.authority))
    offset = 0 if request.param == "nginx" else 100  # limits of one proxy's clients bind no other's

    def browser(last: str) -> httpx.Client:
        line = httpx.HTTPTransport(verify=trust, local_address=f"127.0.0.{int(last) + offset}")
        one = httpx.Client(base_url=f"https://localhost:{tls}", transport=line, timeout=60)
        return open_ones.enter_context(one)

    with proxy, ExitStack() as open_ones:
        yield browser
