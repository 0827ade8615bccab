"""Reading the environment: every setting an operator can change, with its type and its default."""

import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from jewelrymodel.infra.postgres import EmbeddedPostgres
from jewelrymodel.studio.matting_choice import AUTO, NotDescribed, active_weights, is_choice

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
OWNER_VARIABLE = "DATABASE_OWNER_URL"
"""Only what migrates is told it: to whatever serves, one role is both."""
_SYSTEM_DATA_DIR = Path("/var/lib/jewelrymodel")


class BadSetting(Exception):
    """A setting in the environment can't be used as it is."""


def text(name: str, default: str = "") -> str:
    """Return the setting *name*, or *default*."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    """Return the yes/no setting *name*; raises BadSetting for any other word."""
    word = os.environ.get(name)
    if word is None:
        return default
    if word.strip().lower() in _TRUE | _FALSE:
        return word.strip().lower() in _TRUE
    raise BadSetting(f"{name} is {word!r}; set it to 1 or 0, or leave it out")


def number(name: str, default: int) -> int:
    """Return the whole-number setting *name*; raises BadSetting."""
    word = text(name)
    try:
        return int(word) if word else default
    except ValueError:
        raise BadSetting(f"{name} is {word!r}; set it to a whole number") from None


def choice(name: str, options: Collection[str]) -> str:
    """Return the setting *name*, one of *options*, or nothing; raises BadSetting."""
    word = text(name)
    if word and word not in options:
        raise BadSetting(f"{name} is {word!r}; set it to {' or '.join(options)}, or leave it out")
    return word


def data_dir() -> Path:
    """Return where everything durable lives: DATA_DIR, or a place fit for who we run as."""
    given = text("DATA_DIR")
    if given:
        return Path(given).expanduser().resolve()
    if os.geteuid() == 0:
        return _SYSTEM_DATA_DIR
    base = text("XDG_DATA_HOME") or str(Path.home() / ".local/share")
    return Path(base) / "jewelrymodel"


def database_home(directory: Path) -> Path:
    """Return where the embedded database lives: the data *directory*, if its user can get there.

    Root's service runs its database as another user, whom a private folder keeps out. Then the
    database goes under the system's folder, and a note in *directory* says where.
    """
    if os.geteuid() != 0:
        return directory
    directory.mkdir(parents=True, exist_ok=True)
    if all(folder.stat().st_mode & 0o001 for folder in (directory, *directory.parents)):
        return directory
    note = directory / "database-home"
    if not note.exists():
        note.write_text(str(_SYSTEM_DATA_DIR / "databases" / secrets.token_hex(6)))
    return Path(note.read_text())


def secret(name: str, directory: Path) -> str:
    """Return the secret *name* from the environment, else the one kept in *directory* (made once).

    The file is readable by its owner only. Two processes that start together agree on one secret.
    Raises BadSetting where it can't be kept there.
    """
    given = text(name)
    if given:
        return given
    try:
        return _kept_secret(directory / "secrets" / name.lower())
    except OSError as problem:
        mend = "make the folder, and give it to the user that serves"
        raise BadSetting(f"DATA_DIR={directory} can't be used: {problem}; {mend}") from problem


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_when_written(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


def given_secret(name: str, directory: Path) -> str:
    """Return the secret *name* from the environment, else the one kept in *directory*, else "".

    One that another party has to know can't be made up here.
    """
    path = directory / "secrets" / name.lower()
    return text(name) or (path.read_text().strip() if path.exists() else "")


def _read_when_written(path: Path) -> str:
    content = path.read_text()
    if not content:
        raise BadSetting(f"{path} is empty; remove it and start again")
    return content


def database(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL address *url*; raises BadSetting, naming *name*.

    Statements are prepared (``infra.prepared``) unless PREPARED_STATEMENTS=0 says that a pooler is
    in between which gives each transaction another connection and knows none of them.
    """
    threshold = 5 if flag("PREPARED_STATEMENTS", default=True) else None
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except Exception as error:
        raise BadSetting(f"{name} can't be read: {error}") from None
    return {
        "ENGINE": "jewelrymodel.infra.postgresql",
        "NAME": parts.pop("dbname", "jewelrymodel"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {**parts, "prepare_threshold": threshold},
    }


def database_roles(socket_dir: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings of the database for whoever serves, and for whoever owns its tables.

    Our own embedded PostgreSQL, behind a socket that only its user can reach, has a role for each;
    another has them where DATABASE_OWNER_URL names the second. Raises BadSetting.
    """
    service, owner = text("DATABASE_URL"), text(OWNER_VARIABLE)
    if owner and not service:
        raise BadSetting("DATABASE_OWNER_URL is set and DATABASE_URL isn't; set both, or neither")
    if not service:
        cluster = EmbeddedPostgres(Path(), Path(socket_dir))
        service, owner = cluster.url, cluster.owner_url
    serves, owns = database(service), database(owner or service, OWNER_VARIABLE)
    for name, one in (("DATABASE_URL", serves), (OWNER_VARIABLE, owns)):
        if owner and not one["USER"]:
            raise BadSetting(f"{name} names no user, so nobody can be given rights; name one")
    return serves, owns


def models_dir() -> Path:
    """Return where the matting weights that set-up fetched are kept: MODELS_DIR, or the cache."""
    cache = text("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(text("MODELS_DIR") or f"{cache}/jewelrymodel/models").expanduser()


def terms_dir() -> Path:
    """Return where the policy's editions are: TERMS_DIR, or those that we ship."""
    return Path(text("TERMS_DIR") or Path(__file__).parents[1] / "terms")


def matting_model() -> str:
    """Return which cutout model MATTING_MODEL asks for; raises BadSetting."""
    choice = text("MATTING_MODEL", AUTO)
    if is_choice(choice):
        return choice
    raise BadSetting(
        f"MATTING_MODEL is {choice!r}; set it to auto, isnet, u2netp "
        "or the whole path of an ONNX file"
    )


def uncleared_model(folder: Path, choice: str) -> str | None:
    """Return the name of the cutout model that would serve where nobody cleared its weights for
    commercial use; None where they are cleared, or nothing would serve.
    """
    try:
        weights = active_weights(folder, choice)
    except NotDescribed:
        return None
    return weights.name if weights and not weights.is_cleared else None


def hosts(public_url: str, host: str) -> list[str]:
    """Return the host names that we answer to: the public one, what we listen on, loopback."""
    public = urlsplit(public_url).hostname or "localhost"
    return sorted({public, host, "localhost", "127.0.0.1", "[::1]"} - {"0.0.0.0"})  # noqa: S104  taken out, not bound


def form_targets(sandbox_port: int, *, demo: bool) -> list[str]:
    """Return where a form of ours may lead besides to us: the processor's payment page."""
    if demo:
        return [f"http://{name}:{sandbox_port}" for name in ("localhost", "127.0.0.1")]
    return ["https://checkout.stripe.com"]
