"""Whose certificate signs what sellers download: an operator's own, or nobody's."""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.environment_variables import BadSetting

INSTALL = ".venv/bin/pip install --no-deps --require-hashes -r requirements/credentials.txt"
_PRIVATE = b"PRIVATE KEY-----"
_MOST_BYTES = 100_000


def signatory_files(*, demo: bool) -> dict[str, str]:
    """Return the paths of the `certificate` and of its `key` and the `time_stamp_url` (empty: none)
    of who signs; nothing where no certificate is set. Raises BadSetting for what is unsafe.
    """
    paths = {name: env.text(f"C2PA_{name.upper()}") for name in ("certificate", "key")}
    time_stamp_url = env.text("C2PA_TSA_URL")
    if not any(paths.values()):
        if time_stamp_url:
            raise BadSetting("C2PA_TSA_URL is set, and C2PA_CERTIFICATE isn't; set both or none")
        return {}
    if not all(paths.values()):
        raise BadSetting("C2PA_CERTIFICATE and C2PA_KEY belong together; set both or none")
    if not find_spec("c2pa"):
        raise BadSetting(f"C2PA_CERTIFICATE is set, and what signs isn't installed: {INSTALL}")
    if _PRIVATE in _content("C2PA_CERTIFICATE", paths["certificate"]):
        raise BadSetting("C2PA_CERTIFICATE holds a private key; it goes into every file")
    if _PRIVATE not in _content("C2PA_KEY", paths["key"]):
        raise BadSetting("C2PA_KEY holds no private key in PEM")
    if Path(paths["key"]).stat().st_mode & 0o077:
        raise BadSetting(f"others can read C2PA_KEY: chmod 600 {paths['key']}")
    if time_stamp_url:
        _require_authority(time_stamp_url, demo=demo)
    return {**paths, "time_stamp_url": time_stamp_url}


def _content(name: str, path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(_MOST_BYTES)
    except OSError as problem:
        raise BadSetting(f"{name} is {path}: {os.strerror(problem.errno or 0)}") from None
    if b"-----BEGIN" not in content:
        raise BadSetting(f"{name} is {path}, which isn't a PEM file")
    return content


def _require_authority(url: str, *, demo: bool) -> None:
    """What a time-stamp authority answers is signed, so plain http is as good as https."""
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise BadSetting(f"C2PA_TSA_URL is {url!r}; set it to an authority's address")
    if demo:
        raise BadSetting("the demo reaches nobody; set DEMO=0, or leave C2PA_TSA_URL out")
