"""The example configurations of docs/proxies, run as they stand but for names, ports and keys."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope

from tests.support.service import wait_for

NGINX, CADDY, PLAIN, MAIL = 1, 2, 3, 4
"""Which port above the service's each has."""
ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".venv/proxies"  # tools/setup.py puts Debian's packages there
PLACES = f"{UNPACKED}/usr/sbin:{UNPACKED}/usr/bin:/usr/sbin:{os.environ['PATH']}"


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, as files, and the authority that clients trust."""

    chain: Path
    key: Path
    authority: Path


def program(name: str) -> str:
    """The path of a proxy; skips where the machine has none: it isn't ours to install."""
    found = shutil.which(name, path=PLACES)
    if found is None:
        pytest.skip(f"{name} isn't here: make setup unpacks it where apt-get can")
    return found


@contextmanager
def nginx(
    folder: Path, certificate: Certificate, *, to: int, tls: int, plain: int
) -> Iterator[None]:
    """nginx on docs/proxies/nginx.conf."""
    example = changed(
        (ROOT / "docs/proxies/nginx.conf").read_text(),
        {
            "[::]:80": f"[::1]:{plain}",
            "[::]:443": f"[::1]:{tls}",
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ": f"listen 127.0.0.1:{tls} ",
            "https://shop.example": f"https://localhost:{tls}",
            "server_name shop.example": "server_name localhost",
            "/etc/letsencrypt/live/shop.example/fullchain.pem": str(certificate.chain),
            "/etc/letsencrypt/live/shop.example/privkey.pem": str(certificate.key),
            "127.0.0.1:8000": f"127.0.0.1:{to}",
        },
    )
    here = folder / "nginx"
    here.mkdir()
    (here / "site.conf").write_text(example)
    temporary = "".join(
        f"{kind}_temp_path {here}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = here / "nginx.conf"
    main.write_text(
        f"daemon off; pid {here}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} include {here}/site.conf; }}\n"
    )
    command = [program("nginx"), "-p", str(here), "-c", str(main)]
    with standing(command, tls, {}):
        yield


@contextmanager
def caddy(
    folder: Path, certificate: Certificate, *, to: int, tls: int, plain: int
) -> Iterator[None]:
    """Caddy on docs/proxies/Caddyfile."""
    example = changed(
        (ROOT / "docs/proxies/Caddyfile").read_text(),
        {
            "http://shop.example {\n": f"http://localhost:{plain} {{\n\tbind 127.0.0.1\n",
            "https://shop.example{uri}": f"https://localhost:{tls}{{uri}}",
            "\nshop.example {\n": f"\nhttps://localhost:{tls} {{\n"
            f"\tbind 127.0.0.1\n\ttls {certificate.chain} {certificate.key}\n",
            "127.0.0.1:8000": f"127.0.0.1:{to}",
        },
    )
    here = folder / "caddy"
    here.mkdir()
    file = here / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + example)
    command = [program("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]
    with standing(command, tls, {"HOME": str(here), "XDG_DATA_HOME": str(here)}):
        yield


def changed(text: str, changes: dict[str, str]) -> str:
    """*text* with each change made; all of them must be there to make."""
    for old, new in changes.items():
        assert old in text, f"the example no longer says {old!r}"
        text = text.replace(old, new)
    return text


@contextmanager
def standing(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run *command* until the block ends, once it listens on *port*."""
    from jewelrymodel.config.child_processes import answers

    log = tempfile.TemporaryFile()  # noqa: SIM115  closed below
    process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)
    try:
        wait_for(
            lambda: answers("127.0.0.1", port) or process.poll() is not None,
            timeout_s=20,
            what=f"{command[0]} doesn't listen",
        )
        log.seek(0)
        assert process.poll() is None, log.read().decode()
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


@dataclass
class Mailbox:
    """The mails that the service has sent, as they came over SMTP; *forward* gets each as well."""

    mails: list[str] = field(default_factory=list)
    forward: Callable[[bytes, list[str]], None] = lambda _raw, _to: None

    async def handle_DATA(  # noqa: N802  the library calls it by this name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        raw = bytes(envelope.original_content or b"")
        self.mails.append(raw.decode())
        await asyncio.to_thread(self.forward, raw, [str(one) for one in envelope.rcpt_tos])
        return "250 Kept"
