"""Set this machine up for `make run` (app) or `make test` (dev): quick when nothing changed.

Only the standard library is used: this runs on the machine's Python before anything is installed.
Each step leaves a stamp that holds the hash of what it was made from, so a step runs again exactly
when its cause changed, or when something is left to be done.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
NEEDED = (3, 11)
MODELS = "cutout models"
QUICK_BROWSER = "chromium-headless-shell"
BROWSERS = (QUICK_BROWSER, "chromium", "chromium-browser", "google-chrome")
PROXIES = ("nginx", "caddy")
MAIL_SERVER = "dovecot-imapd"
UNIT_CHECKER = "systemd"
NO_BROWSER = (
    f"Chromium is missing, the browser tests will fail: apt-get install {QUICK_BROWSER} (as root)"
)


class SetupFailed(Exception):
    """A step of the set-up can't be done; the message says how to mend it."""


def main(profile: str) -> int:
    """Run every step of *profile* ("app" or "dev"); 0 when all is ready, else 1."""
    try:
        with open(__file__) as lock:  # two of us at once would write into one another
            fcntl.flock(lock, fcntl.LOCK_EX)
            set_up(profile)
    except SetupFailed as problem:
        print(f"Set-up stopped: {problem}", file=sys.stderr)
        return 1
    return 0


def set_up(profile: str) -> None:
    """Make the environment, install what is pinned, fetch the weights, find a browser."""
    if sys.version_info < NEEDED:
        raise SetupFailed("Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …")
    pins = ROOT / "requirements"
    requirements = pins / f"{profile}.txt"
    fetch = ROOT / "tools" / "fetch_models.py"
    step("virtual environment", lambda: f"{ROOT} {sys.version}", make_environment)
    step("installer", lambda: digest(pins / "setup.txt"), install_the_installer)
    step(f"packages ({profile})", lambda: digest(requirements), lambda: install(requirements))
    step("jewelrymodel itself", lambda: digest(ROOT / "pyproject.toml"), install_ourselves)
    step("languages", catalogs, lambda: run(PYTHON, ROOT / "tools" / "messages.py", "compile"))
    studio = ROOT / "src" / "jewelrymodel" / "studio"
    writing, people = studio / "full_precision.py", studio / "people_networks.py"
    step(
        MODELS,
        lambda: digest(fetch) + digest(writing) + digest(people) + models_present(),
        lambda: show(PYTHON, fetch),
    )
    if profile == "dev" and not shutil.which(QUICK_BROWSER):
        set_up_browser()
    if profile == "dev" and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        step("proxies", lambda: " ".join(PROXIES), unpack_proxies)
    if profile == "dev" and not shutil.which("dovecot") and may_install_servers():
        step("mail server", lambda: MAIL_SERVER, lambda: install_server(MAIL_SERVER))
    if profile == "dev" and not shutil.which("systemd-analyze") and may_install_servers():
        step("unit checker", lambda: UNIT_CHECKER, lambda: install_server(UNIT_CHECKER))


def step(name: str, key: Callable[[], str], work: Callable[[], bool | None]) -> None:
    """Do *work* unless its stamp says that it was done for what *key* returns now.

    What returns False leaves something to be done: set-up goes on, and tries again next time.
    """
    stamp = STAMPS / name.replace(" ", "-")
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == (key() or None):
        return
    print(f"setting up: {name} …", flush=True)
    started = time.monotonic()
    if work() is False:
        print(f"setting up: {name} not complete; the next set-up tries again", flush=True)
        return
    print(f"setting up: {name} done in {time.monotonic() - started:.1f} s", flush=True)
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key())


def make_environment() -> None:
    """Make .venv anew; whatever was there belonged to another place or another Python."""
    shutil.rmtree(VENV, ignore_errors=True)
    mend = "venv is missing: apt-get install python3-venv (as root), then try again"
    run(sys.executable, "-m", "venv", VENV, otherwise=mend)


def install_the_installer() -> None:
    """Install uv and setuptools, pinned by hash, with pip."""
    pip_install(ROOT / "requirements" / "setup.txt")


def install(requirements: Path) -> None:
    """Install what is pinned: with uv, which is quick; with pip where uv can't reach an index.

    Compiled here once: where the environment forbids writing bytecode, each of the service's
    processes would compile all of it again, for some seconds, at every start.
    """
    uv = [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--no-config"]
    try:
        options = ("--quiet", "--no-deps", "--require-hashes", "--compile-bytecode")
        run(*uv, *options, "-r", requirements)
    except SetupFailed:
        pip_install(requirements)


def pip_install(requirements: Path) -> None:
    """Install *requirements* with pip, its hashes checked."""
    mend = f"packages can't be installed; is the network there? (pip install -r {requirements})"
    options = ["--quiet", "--no-deps", "--require-hashes", "--disable-pip-version-check"]
    run(PYTHON, "-m", "pip", "install", *options, "-r", requirements, otherwise=mend)


def install_ourselves() -> None:
    """Link this working tree into the environment; nothing is fetched for it."""
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    run(PYTHON, "-m", "pip", "install", *options, "-e", ROOT)
    run(PYTHON, "-m", "compileall", "-q", ROOT / "src")


def catalogs() -> str:
    """Return what the compiled catalogs are made from, and how many there are."""
    folder = ROOT / "src" / "jewelrymodel" / "locale"
    made = len(list(folder.glob("*/LC_MESSAGES/*.mo")))
    return "".join(digest(one) for one in sorted(folder.glob("*/LC_MESSAGES/*.po"))) + str(made)


def models_present() -> str:
    """Return the names and sizes of the weights that are there, so that a lost one is fetched."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(os.environ.get("MODELS_DIR") or f"{cache}/jewelrymodel/models")
    there = [file for kind in ("onnx", "tflite") for file in folder.glob(f"*.{kind}")]
    return str(sorted((file.name, file.stat().st_size) for file in there))


def set_up_browser() -> None:
    """Have Debian's Chromium without a window where we may install; else use what is there."""
    another = any(map(shutil.which, BROWSERS))  # then what can't be had is tried only once
    if os.geteuid() == 0 and shutil.which("apt-get"):
        step("Chromium", lambda: QUICK_BROWSER if another else "", install_browser)
    if not any(map(shutil.which, BROWSERS)):
        print(NO_BROWSER, file=sys.stderr)


def install_browser() -> None:
    """Install the headless shell; its failure is only said: another Chromium may be there."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    try:
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-q", "-y", "--no-install-recommends", QUICK_BROWSER)
    except SetupFailed as problem:
        print(f"{QUICK_BROWSER} can't be installed: {problem}", file=sys.stderr)


def unpack_proxies() -> None:
    """Unpack Debian's nginx and Caddy into .venv/proxies, for the tests that stand behind them.

    Unpacked, not installed: nothing of them is started here. What can't be had is tried only once;
    its tests are then skipped, and say so.
    """
    folder = VENV / "proxies"
    folder.mkdir(exist_ok=True)
    for name in PROXIES:
        try:
            run("apt-get", "download", "-q", name, folder=folder)
            for package in folder.glob(f"{name}_*.deb"):
                run("dpkg-deb", "-x", package, folder)
                package.unlink()
        except SetupFailed as problem:
            print(f"{name} can't be had for its tests: {problem}", file=sys.stderr)


def may_install_servers() -> bool:
    """Return whether we may install one here, and nothing would start it."""
    is_ours = os.geteuid() == 0 and shutil.which("apt-get")
    return bool(is_ours) and not Path("/run/systemd/system").exists()


def install_server(package: str) -> None:
    """Install a package of Debian's for the tests that need it; failure is only said.

    Installed, not unpacked: it looks for its parts in fixed places. Nothing starts it but a test.
    What can't be had is tried only once; its tests are then skipped, and say so.
    """
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    os.environ["RUNLEVEL"] = "1"  # in which nothing is started by being installed
    try:
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-q", "-y", "--no-install-recommends", package)
    except SetupFailed as problem:
        print(f"{package} can't be had for its tests: {problem}", file=sys.stderr)


def show(*command: str | Path) -> bool:
    """Run *command* with its words on the screen; whether it did all. Its failure isn't ours."""
    return subprocess.run(list(map(str, command)), cwd=ROOT, check=False).returncode == 0


def run(*command: str | Path, otherwise: str = "", folder: Path = ROOT) -> None:
    """Run *command* in silence; raises SetupFailed with *otherwise* and what it said last."""
    words = list(map(str, command))
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise SetupFailed(f"{otherwise or ' '.join(words) + ' failed'}\n{said}")


def digest(path: Path) -> str:
    """Return the SHA-256 of the file at *path*."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    if "--again" in sys.argv:
        for name in (MODELS, "Chromium", "proxies", "mail server"):
            (STAMPS / name.replace(" ", "-")).unlink(missing_ok=True)
    sys.exit(main("dev" if "dev" in sys.argv else "app"))
