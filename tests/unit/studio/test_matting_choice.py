"""Any ONNX network may cut out, once what it needs and its license stand beside it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from jewelrymodel.studio.cutout import cut_out
from jewelrymodel.studio.matting import Matting, MattingUnavailable, load_matting
from jewelrymodel.studio.matting_choice import (
    NotDescribed,
    active_weights,
    described_weights,
    is_choice,
)
from jewelrymodel.studio.matting_weights import U2NETP, default_models_dir
from jewelrymodel.studio.messages import MattingProblem

DESCRIPTION: dict[str, Any] = {
    "name": "atelier-1",
    "sha256": U2NETP.sha256,
    "input_edge_px": 320,
    "mean": [123.675, 116.28, 103.53],
    "std": [58.395, 57.12, 57.375],
    "output": "stretched",
    "license": "Ours: trained on our own renders.",
    "commercial_use": True,
}


def own_network(folder: Path, **changed: object) -> Path:
    """The small network's file by another name, with a description of its own beside it."""
    network = folder / "atelier.onnx"
    shutil.copyfile(U2NETP.path(default_models_dir()), network)
    network.with_suffix(".json").write_text(json.dumps(DESCRIPTION | changed), "utf-8")
    return network


def test_a_network_of_ones_own_cuts_out_as_the_same_weights_do(tmp_path: Path) -> None:
    own = load_matting(tmp_path, str(own_network(tmp_path)))
    assert (own.name, own.license_note) == ("atelier-1", DESCRIPTION["license"])
    rgb = np.asarray(Image.open("tests/photos/render_ring.jpg").convert("RGB"))
    known = load_matting(default_models_dir(), "u2netp")
    assert np.array_equal(own.alpha(rgb), known.alpha(rgb))
    assert cut_out(rgb, own).notes == ()  # the remark on the small model is for the small model


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "isnet"),
        ("name", "Capital"),
        ("name", "x" * 21),
        ("sha256", "abc"),
        ("input_edge_px", 100),
        ("input_edge_px", 4096),
        ("input_edge_px", True),
        ("mean", [1, 2]),
        ("mean", [1, 2, "3"]),
        ("mean", [-1, 2, 3]),
        ("std", [0, 1, 1]),
        ("std", None),
        ("output", "mask"),
        ("license", " "),
        ("license", 7),
        ("commercial_use", "yes"),
    ],
)
def test_a_description_that_lacks_something_names_it(
    field: str, value: object, tmp_path: Path
) -> None:
    network = own_network(tmp_path, **{field: value})
    with pytest.raises(NotDescribed, match=rf"atelier\.json: {field} is"):
        described_weights(network)
    with pytest.raises(MattingUnavailable, match=MattingProblem.NOT_DESCRIBED):
        load_matting(tmp_path, str(network))


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_description_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    network = own_network(tmp_path)
    network.with_suffix(".json").write_text(text, "utf-8")
    with pytest.raises(NotDescribed, match=r"atelier\.json"):
        described_weights(network)


def test_a_network_without_a_description_or_a_file_serves_nothing(tmp_path: Path) -> None:
    network = own_network(tmp_path)
    network.unlink()
    assert active_weights(tmp_path, str(network)) is None
    with pytest.raises(MattingUnavailable, match=MattingProblem.MISSING):
        load_matting(tmp_path, str(network))
    network.with_suffix(".json").unlink()
    with pytest.raises(NotDescribed):
        active_weights(tmp_path, str(network))


def test_other_bytes_than_described_are_not_loaded(tmp_path: Path) -> None:
    network = own_network(tmp_path, sha256="0" * 64)
    with pytest.raises(MattingUnavailable, match=MattingProblem.DAMAGED):
        load_matting(tmp_path, str(network))


def test_what_is_no_network_or_of_another_size_is_not_loaded(tmp_path: Path) -> None:
    other_size = own_network(tmp_path, input_edge_px=512)
    with pytest.raises(MattingUnavailable, match=MattingProblem.NOT_LOADABLE):
        load_matting(tmp_path, str(other_size))
    empty = tmp_path / "empty.onnx"
    empty.write_bytes(b"")
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    empty.with_suffix(".json").write_text(json.dumps(DESCRIPTION | {"sha256": nothing}), "utf-8")
    with pytest.raises(MattingUnavailable, match=MattingProblem.NOT_LOADABLE):
        load_matting(tmp_path, str(empty))


class Logits:
    """Stands for a network whose first output is logits: far below 0, at 0 and far above it."""

    def get_inputs(self) -> list["Logits"]:
        return [self]

    get_outputs = get_inputs
    name = "input"

    def run(self, _names: list[str], _batch: object) -> list[object]:
        return [np.array([[[[-1e4, 0.0], [0.0, 1e4]]]], np.float32)]


def test_logits_become_alpha() -> None:
    matting = Matting(replace(U2NETP, input_edge_px=2, output="logits"), Logits())
    alpha = matting.alpha(np.zeros((2, 2, 3), np.uint8))
    assert np.allclose(alpha, [[0, 0.5], [0.5, 1]])


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("auto", True),
        ("isnet", True),
        ("u2netp", True),
        ("/models/atelier.onnx", True),
        ("atelier.onnx", False),
        ("/models/atelier", False),
        ("", False),
    ],
)
def test_the_setting_names_a_model_or_a_whole_path(text: str, allowed: bool) -> None:
    assert is_choice(text) is allowed
