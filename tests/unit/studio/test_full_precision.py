"""Weights in half precision are written out in full: the same network for less time and memory."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from jewelrymodel.studio.full_precision import in_full_precision
from jewelrymodel.studio.matting_choice import active_weights
from jewelrymodel.studio.matting_weights import ISNET, ISNET_HALF, U2NETP, default_models_dir

FACTORS = np.array([0.1, 1.7, -3.0], np.float16)
FLOAT, HALF = 1, 10


def message(*fields: tuple[int, int | bytes | str]) -> bytes:
    """Fields of a protocol buffer, all of them short."""
    written = b""
    for number, value in fields:
        high = b"\1" if number > 15 else b""  # the key's second byte: seven bits are in the first
        if isinstance(value, int):
            written += bytes([number << 3 & 255]) + high + bytes([value])
        else:
            content = value.encode() if isinstance(value, str) else value
            written += bytes([number << 3 | 2, len(content)]) + content
    return written


def node(operator: str, taken: Sequence[str], given: str, *attributes: bytes) -> bytes:
    return message(
        *((1, one) for one in taken), (2, given), (4, operator), *((5, one) for one in attributes)
    )


def value(name: str, kind: int) -> bytes:
    shape = message((1, message((1, 3))))
    return message((1, name), (2, message((1, message((1, kind), (2, shape))))))


def halves() -> bytes:
    """A network that multiplies in half precision, with a side output and a type in between."""
    to = {kind: message((1, "to"), (3, kind), (20, 2)) for kind in (FLOAT, HALF)}
    graph = message(
        (1, node("Cast", ["given"], "half", to[HALF])),
        (1, node("Mul", ["half", "factors"], "product")),
        (1, node("Cast", ["product"], "answer", to[FLOAT])),
        (1, node("Neg", ["answer"], "side")),
        (2, "network"),
        (5, message((1, 3), (2, HALF), (8, "factors"), (9, FACTORS.tobytes()))),
        (11, value("given", FLOAT)),
        (12, value("answer", FLOAT)),
        (12, value("side", FLOAT)),
        (13, value("half", HALF)),
    )
    assert len(graph) > 127  # a length of two bytes
    size = bytes([len(graph) & 127 | 128, len(graph) >> 7])
    return message((1, 8), (8, message((2, 15)))) + bytes([7 << 3 | 2]) + size + graph


def answers(network: bytes, given: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    return list(session.run(None, {"given": given}))


def test_the_network_is_the_same_without_rounding_and_without_side_outputs() -> None:
    given = np.array([0.333333, 2.000001, 1.5], np.float32)
    exact = given * FACTORS.astype(np.float32)
    before, after = answers(halves(), given), answers(in_full_precision(halves()), given)
    assert len(before) == 2
    assert len(after) == 1
    assert np.array_equal(after[0], exact)
    assert np.allclose(before[0], exact, rtol=2e-3)
    assert FACTORS.tobytes() not in in_full_precision(halves())


def test_what_is_in_full_already_keeps_its_weights() -> None:
    network = U2NETP.path(default_models_dir()).read_bytes()
    written = in_full_precision(network)
    assert 0.9 * len(network) < len(written) < len(network)
    assert in_full_precision(written) == written


@pytest.mark.parametrize("broken", [b"\x3a", b"\x3a\x05ab", b"\x38\x05", b"\x3b", halves()[:-3]])
def test_anything_else_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="no ONNX network"):
        in_full_precision(broken)


def test_an_installation_from_before_is_served_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ISNET_HALF.file_name).touch()
    assert active_weights(tmp_path) is ISNET_HALF
    (tmp_path / ISNET.file_name).touch()
    assert active_weights(tmp_path) is ISNET
