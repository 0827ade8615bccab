"""Write docs/states: what happens to orders, charges, subscriptions, refunds and disputes.

``python tools/money_states.py`` runs the tests that drive every event in every state at the sandbox
and keeps what they see: four minutes of a processor. ``refunds``, or ``refunds-pending`` for one of
its states, writes that anew and leaves the rest of its page.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST = "tests/integration/payments/test_money_states.py"
SEES = "test_what_the_page_says_is_so"


def main(wanted: list[str]) -> int:
    """Return 0 once the pages are written, else what the tests returned."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", TEST, "-q", "-n", "0", "-p", "no:randomly"]
        command += ["-k", SEES]
        env = os.environ | {"WRITE_MONEY_STATES": folder, "MONEY_STATES": "\n".join(wanted)}
        done = subprocess.run(command, cwd=ROOT, env=env, check=False)
        if done.returncode:
            return done.returncode
        _write(Path(folder))
    return 0


def _write(folder: Path) -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")
    import django

    django.setup()
    from tests.support.money_states.page import FOLDER, THINGS, page_of, sections, written

    FOLDER.mkdir(exist_ok=True)
    for thing in THINGS:
        seen = {state: folder / f"{thing.name}-{state}" for state in thing.states}
        new = {state: file.read_text("utf-8") for state, file in seen.items() if file.exists()}
        page_of(thing).write_text(written(thing, sections(thing) | new), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
