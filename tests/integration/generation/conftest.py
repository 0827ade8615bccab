"""Every test here keeps its files apart."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _files_apart(files: Path) -> None:
    """Nothing that a test stores is seen by another."""
