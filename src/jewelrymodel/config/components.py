"""Which processes make up the service, what each is given, and how each is stopped."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from jewelrymodel.infra.postgres import EmbeddedPostgres, Unprivileged, unprivileged

HEART = "HEARTBEAT_FILE"
"""The variable that tells a part which file to touch as long as it works."""


@dataclass(frozen=True)
class Component:
    """One supervised process group; *port* is where it is reached, if anywhere.

    It touches the file *heart* as long as it works; one that stops doing so is ended.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    stop_signal: int = signal.SIGTERM
    orphaned_signal: int = signal.SIGKILL
    grace_s: float = 5
    stops_last: bool = False
    identity: Unprivileged | None = None
    heart: Path | None = None


def cluster() -> EmbeddedPostgres:
    """Return the embedded database of this installation."""
    return EmbeddedPostgres(settings.DATABASE_HOME / "pg", settings.POSTGRES_SOCKET_DIR)


def database() -> Component:
    """The embedded PostgreSQL; orphaned, it still shuts down cleanly (SIGINT is its fast stop)."""
    quiet = "--log_min_messages=fatal"  # what a query got wrong is its asker's to report
    return Component(
        "postgres",
        (*cluster().command(), quiet),
        stop_signal=signal.SIGINT,
        orphaned_signal=signal.SIGINT,
        grace_s=15,
        stops_last=True,
        identity=unprivileged(),
    )


def stand_ins() -> list[Component]:
    """What the demo puts in the place of the outside world: processor, generator, mail."""
    if not settings.DEMO:
        return []
    generator_env = {"GENERATOR_DB": str(settings.DATA_DIR / "generator.sqlite3")}
    return [
        Component("sandbox", _server("sandbox"), _sandbox_env(), settings.SANDBOX_PORT),
        Component("generator", _server("generator"), generator_env, settings.GENERATOR_PORT),
        Component("mail", _ours("mail"), port=settings.SMTP_PORT),
    ]


def service() -> list[Component]:
    """What serves: the pages, the work behind them, and how mail comes in."""
    heart = settings.DATA_DIR / "worker.heart"
    parts = [
        Component("web", _ours("web"), port=settings.PORT),
        Component("worker", _ours("worker"), {HEART: str(heart)}, grace_s=8, heart=heart),
    ]
    if settings.MAIL_IN_MAILBOX:
        parts.append(Component("mailbox", _ours("mail", "fetch")))
    if settings.MAIL_IN_LISTENER:
        parts.append(Component("listener", _ours("mail", "listen")))
    return parts


def ports() -> dict[str, int]:
    """Return the ports that we need, by the setting that moves each."""
    wanted = {"PORT": settings.PORT}
    if settings.DEMO:
        wanted |= {
            "SANDBOX_PORT": settings.SANDBOX_PORT,
            "GENERATOR_PORT": settings.GENERATOR_PORT,
            "SMTP_PORT": settings.SMTP_PORT,
        }
    return wanted


def _ours(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "jewelrymodel.config.cli", *arguments)


def _server(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "jewelrymodel.config.server", name)


def _sandbox_env() -> dict[str, str]:
    return {
        "SANDBOX_DB": str(settings.DATA_DIR / "sandbox.sqlite3"),
        "SANDBOX_WEBHOOK_URL": f"http://{settings.HOST}:{settings.PORT}/hooks/stripe",
        "SANDBOX_WEBHOOK_SECRET": settings.STRIPE_WEBHOOK_SECRET,
        "SANDBOX_PUBLIC_URL": f"http://localhost:{settings.SANDBOX_PORT}",
    }
