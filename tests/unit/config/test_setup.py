"""Set-up goes on without a model that can't be fetched, and tries again next time."""

import importlib.util
import sys
from pathlib import Path

import pytest

_TOOL = Path(__file__).parents[3] / "tools" / "setup.py"
_SPEC = importlib.util.spec_from_file_location("setup_of_this_tree", _TOOL)
assert _SPEC is not None
assert _SPEC.loader is not None
tool = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tool)


@pytest.fixture
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the stamps; the environment is there."""
    monkeypatch.setattr(tool, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(tool, "PYTHON", Path(sys.executable))
    return tmp_path / "stamps"


def exits(status: int) -> bool:
    """What set-up makes of a fetch that ends so."""
    return bool(tool.show(sys.executable, "-c", f"raise SystemExit({status})"))


def test_what_did_not_come_is_tried_again_and_what_came_is_not(
    stamps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statuses, asked = [1, 1, 0], []

    def work() -> bool:
        asked.append(statuses.pop(0))
        return exits(asked[-1])

    for _ in range(4):
        tool.step("cutout models", lambda: "the same files", work)
    assert asked == [1, 1, 0]
    assert capsys.readouterr().out.count("tries again") == 2
    assert (stamps / "cutout-models").read_text() == "the same files"


def test_a_step_that_answers_nothing_is_done(stamps: Path) -> None:
    tool.step("languages", lambda: "key", lambda: None)
    assert (stamps / "languages").exists()


def test_a_model_that_was_lost_changes_what_its_stamp_is_held_against(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_DIR", str(tmp_path))
    one = tmp_path / "one.onnx"
    one.write_bytes(b"weights")
    before = tool.models_present()
    one.unlink()
    assert tool.models_present() != before
