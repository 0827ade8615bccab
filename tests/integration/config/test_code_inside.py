"""Code that tests run with a service's settings ends as a process of its own would."""

import json
import os
from pathlib import Path

import pytest

from tests.support.inside import _Inside


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> _Inside:
    """Such a process, beside no service."""
    home: Path = tmp_path_factory.mktemp("inside")
    env = {name: os.environ[name] for name in ("PATH", "DJANGO_SETTINGS_MODULE")}
    env |= {"DATA_DIR": str(home), "DEMO": "1"}
    return _Inside(json.dumps(env))


def test_what_it_prints_is_returned(inside: _Inside) -> None:
    assert inside.run("print(6 * 7)") == "42\n"
    assert inside.run("import sys; sys.exit()") == ""
    assert inside.run("import sys; sys.exit(0)") == ""


def test_words_on_leaving_are_a_failure_that_says_them(inside: _Inside) -> None:
    with pytest.raises(AssertionError, match="no such order"):
        inside.run("import sys; sys.exit('no such order')")
    with pytest.raises(AssertionError, match="as it was"):
        inside.run("import sys; print('as it was'); sys.exit(2)")


def test_what_hangs_is_ended_and_holds_nobody_else_up(inside: _Inside) -> None:
    with pytest.raises(AssertionError, match="took too long"):
        inside.run("import threading; threading.Event().wait()", limit_s=1)
    assert inside.run("print('next')") == "next\n"
