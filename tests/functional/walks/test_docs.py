"""What the documents tell a reader to type works."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.service import Service

ROOT = Path(__file__).resolve().parents[3]
FENCE = re.compile(r"^```(?:console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
OF_A_MACHINE = ("git clone", "cd ", "apt-get", "sudo")
STAY = ("up", "web", "worker", "mail", "sandbox")
ASK_A_PROVIDER = ("contract-check", "payments")
TIMEOUT_S = 120


def documents() -> list[Path]:
    """The documents that people follow."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands() -> Iterator[str]:
    """Each command in them once, without the prompt."""
    seen = dict.fromkeys(
        line.removeprefix("$ ").strip()
        for document in documents()
        for block in FENCE.findall(document.read_text())
        for line in block.splitlines()
        if line.startswith("$ ") or (line.strip() and "$ " not in block)
    )
    return (line for line in seen if not line.startswith(("#", *OF_A_MACHINE)))


@pytest.mark.parametrize("command", list(commands()))
def test_a_command_of_the_documents_works(service: Service, command: str) -> None:
    done = subprocess.run(
        ["sh", "-c", runnable(command).replace("localhost:8000", f"localhost:{service.port}")],
        cwd=ROOT,
        env=service.env,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def runnable(command: str) -> str:
    """What stays, would start us again, or calls an outside service by the operator's key, is only
    asked whether it exists.
    """
    words = shlex.split(command)
    if words[0] == "make":
        return f"{command} --dry-run"
    if words[0] == "jewelrymodel" and words[1] in STAY + ASK_A_PROVIDER:
        return f"jewelrymodel {words[1]} --help"
    return command


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_links_to_what_is_there(document: Path) -> None:
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []
