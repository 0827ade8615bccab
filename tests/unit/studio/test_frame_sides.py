"""A piece that touches the photo's frame was cut by it, and the cutout says on which sides."""

import pytest

from jewelrymodel.studio.frame_sides import Side
from tests.support import pieces


@pytest.mark.parametrize(
    ("window", "sides"),
    [
        ((slice(0, 500), slice(0, 500)), set()),
        ((slice(0, 500), slice(120, 500)), {Side.LEFT}),
        ((slice(0, 300), slice(0, 380)), {Side.RIGHT, Side.BOTTOM}),
        ((slice(150, 500), slice(0, 500)), {Side.TOP}),
    ],
)
def test_a_cutout_knows_the_sides_that_cut_it(
    window: tuple[slice, slice], sides: set[Side]
) -> None:
    ring = pieces.ring(500)
    photo = pieces.of(ring.rgba[window][..., 3], ring.rgba[window][..., :3], ring.kind)
    assert photo.cut_at_frame == sides
