"""The first outline lies round the piece, and where there is none nothing is drawn."""

from pathlib import Path

import numpy as np
from PIL import Image

from jewelrymodel.studio.first_outline import EDGE_PX, first_outline
from jewelrymodel.studio.matting_weights import default_models_dir


def test_it_lies_round_the_piece() -> None:
    rgb = np.asarray(Image.open("tests/photos/render_ring.jpg").convert("RGB"))
    outline = first_outline(rgb, default_models_dir())
    assert outline is not None
    assert max(outline.shape[:2]) == min(EDGE_PX, max(rgb.shape[:2]))
    line = outline[..., 3] > 0
    assert 0.001 < line.mean() < 0.1
    rows, columns = np.flatnonzero(line.any(1)), np.flatnonzero(line.any(0))
    assert rows[0] > 5
    assert rows[-1] < outline.shape[0] - 5
    assert np.ptp(columns) > 0.2 * outline.shape[1]


def test_of_nothing_nothing_is_drawn() -> None:
    assert first_outline(np.full((400, 400, 3), 255, np.uint8), default_models_dir()) is None


def test_without_the_small_network_there_is_none(tmp_path: Path) -> None:
    assert first_outline(np.zeros((400, 400, 3), np.uint8), tmp_path) is None
