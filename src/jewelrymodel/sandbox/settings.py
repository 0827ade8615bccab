"""What one sandbox needs to know when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class SandboxSettings:
    """Where the sandbox keeps its file, whom it tells, and how browsers reach it.

    `webhook_url` may be empty: then only endpoints made over the API are told.
    """

    db_path: Path
    webhook_url: str = ""
    webhook_secret: str = "whsec_sandbox"  # noqa: S105 - a published default of a toy processor
    public_url: str = "http://127.0.0.1:8310"
    secret_key_prefix: str = "sk_test_sandbox"  # noqa: S105 - what every test key starts with

    @property
    def host(self) -> str:
        """The host name under which browsers reach this sandbox."""
        return urlsplit(self.public_url).hostname or "127.0.0.1"


def from_environment(environ: Mapping[str, str]) -> SandboxSettings:
    """Settings from `SANDBOX_*`; raises `KeyError` when `SANDBOX_DB` is missing."""
    defaults = SandboxSettings(db_path=Path(environ["SANDBOX_DB"]))
    return SandboxSettings(
        db_path=defaults.db_path,
        webhook_url=environ.get("SANDBOX_WEBHOOK_URL", defaults.webhook_url),
        webhook_secret=environ.get("SANDBOX_WEBHOOK_SECRET", defaults.webhook_secret),
        public_url=environ.get("SANDBOX_PUBLIC_URL", defaults.public_url).rstrip("/"),
    )
