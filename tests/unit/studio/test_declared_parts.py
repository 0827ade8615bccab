"""What a look hides, leaves out or lays anew is outlined where it is, in millimeters."""

import numpy as np
import pytest

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.declared_parts import DeclaredKind, declared_parts
from jewelrymodel.studio.placement import Layer, similarity

SIZE = (100, 80)
UNIT = similarity(1.0, (0, 0), (0, 0))


def cutout() -> np.ndarray:
    """A square of 40 x 40 pixels, 10 from the corner."""
    rgba = np.full((80, 100, 4), 200, np.uint8)
    rgba[..., 3] = 0
    rgba[10:50, 10:50, 3] = 255
    return rgba


def test_a_part_that_a_finger_hides_is_outlined_with_its_size() -> None:
    visible = floats(np.ones((80, 100)))
    visible[:30] = 0
    (part,) = declared_parts(cutout(), Declaration(UNIT, visible=visible, px_per_mm=4), SIZE)
    assert part.kind is DeclaredKind.HIDDEN
    assert part.area_mm2 == pytest.approx(20 * 40 / 16, rel=0.05)
    xs, ys = np.array(part.outlines[0]).reshape(-1, 2).T
    assert (xs.min(), xs.max()) == pytest.approx((10, 49), abs=1)
    assert (ys.min(), ys.max()) == pytest.approx((10, 29), abs=1)


def test_what_is_left_out_counts_also_where_it_lies_outside_the_picture() -> None:
    left_out = floats(np.zeros((80, 100)))
    left_out[:30] = 1
    away = similarity(0.5, (0, 0), (0, -40))
    declared = Declaration(away, left_out=left_out, px_per_mm=2)
    (part,) = declared_parts(cutout(), declared, SIZE)
    assert part.kind is DeclaredKind.LEFT_OUT
    assert part.area_mm2 == pytest.approx(20 * 40 / 16, rel=0.05)
    assert part.outlines == ()


def test_a_chain_laid_anew_is_one_band_with_its_opening() -> None:
    cover = floats(np.zeros((80, 100)))
    cover[20:60, 20:80] = 1
    cover[30:50, 30:70] = 0
    cover[::5] = 0  # links, a fifth of a millimeter apart
    laid = Layer(floats(np.zeros((80, 100, 3))), cover)
    (part,) = declared_parts(cutout(), Declaration(UNIT, laid=laid, px_per_mm=5), SIZE)
    assert part.kind is DeclaredKind.LAID
    assert len(part.outlines) == 2
    assert part.stored["outlines"][0] == list(part.outlines[0])


@pytest.mark.parametrize("px_per_mm", [None, 4])
def test_nothing_is_said_where_nothing_was_done_or_no_size_is_known(px_per_mm: float) -> None:
    hidden = None if px_per_mm else floats(np.zeros((80, 100)))
    assert not declared_parts(
        cutout(), Declaration(UNIT, visible=hidden, px_per_mm=px_per_mm), SIZE
    )
