"""Set-up fetches weights once, trusts only their hash, and goes on without them."""

import hashlib
import importlib.util
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from jewelrymodel.studio.full_precision import in_full_precision
from jewelrymodel.studio.matting import MattingUnavailable, active_weights, load_matting
from jewelrymodel.studio.matting_weights import U2NETP, default_models_dir
from jewelrymodel.studio.people_networks import HANDS, PALMS

_TOOL = Path(__file__).parents[3] / "tools" / "fetch_models.py"
_SPEC = importlib.util.spec_from_file_location("fetch_models", _TOOL)
assert _SPEC is not None
assert _SPEC.loader is not None
tool = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tool)

CONTENT = b"weights"
KNOWN = replace(U2NETP, sha256=hashlib.sha256(CONTENT).hexdigest())


def delivers(content: bytes) -> object:
    def fetch(folder: Path) -> Path:
        arrived = folder / "arrived"
        arrived.write_bytes(content)
        return arrived

    return fetch


def test_fetches_once_and_is_silent_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tool.ensure(KNOWN, tmp_path / "models", delivers(CONTENT))
    assert "Fetching" in capsys.readouterr().out
    assert tool.ensure(KNOWN, tmp_path / "models", delivers(b"never asked"))
    assert capsys.readouterr().out == ""
    assert [p.name for p in (tmp_path / "models").iterdir()] == [KNOWN.file_name]


def test_refuses_other_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not tool.ensure(KNOWN, tmp_path, delivers(b"something else"))
    assert "isn't the file" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_writes_the_large_model_from_what_was_fetched_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_folder: Path) -> Path:
        raise AssertionError("nothing has to be fetched")

    there = U2NETP.path(default_models_dir()).read_bytes()
    written = in_full_precision(there)
    half = replace(U2NETP, file_name="half.onnx")
    full = replace(half, file_name="full.onnx", sha256=hashlib.sha256(written).hexdigest())
    monkeypatch.setattr(tool, "ISNET", full)
    monkeypatch.setattr(tool, "ISNET_HALF", half)
    monkeypatch.setattr(tool, "fetch_isnet", never)
    half.path(tmp_path).write_bytes(there)
    assert tool.ensure(full, tmp_path, lambda folder: tool.full_isnet(folder, tmp_path))
    assert full.is_intact(tmp_path)
    assert half.is_intact(tmp_path)


def test_trusts_no_large_model_but_the_known_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "fetch_isnet", delivers(b"something else"))
    with pytest.raises(tool.FetchFailed, match="isn't the file"):
        tool.full_isnet(tmp_path, tmp_path)


def test_goes_on_without_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_command: list[str]) -> None:
        raise tool.FetchFailed("no network\n")

    monkeypatch.setenv("MODELS_DIR", str(tmp_path))
    monkeypatch.setattr(tool, "run", fails)
    assert tool.main() == 1
    assert "none could be fetched" in capsys.readouterr().out
    assert active_weights(tmp_path) is None


@pytest.mark.parametrize("lacking", [None, "small", "large", "people"])
def test_says_by_its_status_whether_a_file_still_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str | None
) -> None:
    of = {tool.U2NETP: "small", tool.ISNET: "large", PALMS: "people"}
    monkeypatch.setenv("MODELS_DIR", str(tmp_path))
    monkeypatch.setattr(tool, "ensure", lambda one, *_: lacking is None or of.get(one) != lacking)
    assert tool.main() == (0 if lacking is None else 1)


def test_a_changed_file_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / U2NETP.file_name).write_bytes(b"changed")
    with pytest.raises(MattingUnavailable, match="damaged"):
        load_matting(tmp_path)


def test_models_dir_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELS_DIR", "/somewhere")
    assert default_models_dir() == Path("/somewhere")
    monkeypatch.delenv("MODELS_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert default_models_dir() == Path("/cache/jewelrymodel/models")


def test_a_wheel_with_two_networks_is_fetched_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def download(source: object, folder: Path) -> None:
        asked.append(source)
        folder.mkdir()
        with zipfile.ZipFile(folder / "mediapipe.whl", "w") as wheel:
            for name in (PALMS.name, HANDS.name):
                wheel.writestr(tool.IN_WHEELS[name][1], name)

    monkeypatch.setattr(tool, "download", download)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in (PALMS.name, HANDS.name):
        assert tool.reader(name, wheels)(tmp_path).read_text("utf-8") == name
    assert asked == [tool.MEDIAPIPE]


def test_a_wheel_that_did_not_come_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_command: list[str]) -> None:
        raise tool.FetchFailed("no network")

    monkeypatch.setattr(tool, "run", fails)
    for _ in range(2):
        with pytest.raises(tool.FetchFailed):
            tool.from_wheel(PALMS.name, tmp_path, tmp_path / "wheels")
        assert not (tmp_path / "wheels" / "mediapipe").exists()
