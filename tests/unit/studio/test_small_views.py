"""A person's picture is seen small as it is seen large, and without work on all of its pixels."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from jewelrymodel.studio import model_templates
from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.model_templates import View, load_template

SEEN: dict[str, Callable[[View], Floats]] = {
    "the picture": lambda view: view.picture(),
    "its parts": lambda view: view.part_mask((1, 2, 3)),
}


def small(template_id: str, edge_px: int, origin_px: tuple[float, float]) -> View:
    template = load_template(template_id)
    window_px = min(template.parts.shape[:2]) - max(origin_px)
    return View(template, floats(origin_px), edge_px / window_px, (edge_px, edge_px))


@pytest.mark.parametrize("seen", list(SEEN))
@pytest.mark.parametrize("origin_px", [(0.0, 0.0), (37.3, 101.8)])
@pytest.mark.parametrize("template_id", ["neck-light", "hand-tan-35", "ear-deep"])
def test_a_small_view_is_the_exact_one_and_blurs_a_quarter_of_its_pixels_at_most(
    template_id: str, origin_px: tuple[float, float], seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, blurred = small(template_id, 150, origin_px), []
    original = cv2.GaussianBlur

    def recorded(values: Any, size: Any, sigma: float) -> Any:
        blurred.append((values.shape[0] * values.shape[1], sigma))
        return original(values, size, sigma)

    monkeypatch.setattr(cv2, "GaussianBlur", recorded)
    quick = SEEN[seen](view)
    quickly, blurred = blurred[-1], []
    monkeypatch.setattr(model_templates, "_SMALL_SOFT_PX", np.inf)
    exact = SEEN[seen](view)
    slowly = blurred[-1]
    assert quickly[0] <= slowly[0] / 4
    assert quickly[1] < slowly[1]
    apart = np.abs(quick - exact)
    assert float(apart[2:-2, 2:-2].max()) < 5 / 255
    assert float(apart.max()) < 8 / 255  # where the picture ends, it is continued by other squares
    assert float(apart.mean()) < 0.5 / 255
