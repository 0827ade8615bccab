"""The scripts that make our pictures of people, which stand outside the package."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "tools" / "templates"


def template_tool(monkeypatch: pytest.MonkeyPatch, name: str) -> ModuleType:
    """One script as a module, freshly loaded with those that it uses; forgotten after the test."""
    monkeypatch.syspath_prepend(str(FOLDER))
    for script in FOLDER.glob("*.py"):
        monkeypatch.delitem(sys.modules, script.stem, raising=False)
    return importlib.import_module(name)
