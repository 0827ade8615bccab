"""What the architecture tests look at: the files that belong to the repository, and its layers."""

import ast
import configparser
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "jewelrymodel"


@cache
def files() -> tuple[Path, ...]:
    """Every file of the working tree that isn't ignored."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.check_output(listing, cwd=ROOT, text=True).splitlines()
    return tuple(path for path in (ROOT / name for name in sorted(set(names))) if path.is_file())


def python_files() -> Iterator[Path]:
    """Every Python file written by hand; migrations are made by a command."""
    return (path for path in files() if path.suffix == ".py" and "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in the file at *path*."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def ranks() -> dict[str, int]:
    """Each room's rank, the highest first; siblings share one."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:layers"]["layers"].split("\n")
    rows = [line for line in lines if line.strip()]
    return {room.strip(): rank for rank, row in enumerate(rows) for room in row.split("|")}
