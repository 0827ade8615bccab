"""A metal's color is said where a photo is sure of it, and otherwise nothing is said."""

import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.metal_color import MetalColor, metal_color

PAPER, LAMP, VELVET = (243, 243, 242), (240, 226, 205), (18, 16, 22)
YELLOW, GRAY, PEARL = (205, 165, 80), (168, 169, 170), (236, 233, 226)
AMBER, YOLK, RUBY = (190, 90, 10), (235, 170, 0), (170, 20, 45)


def photo_of(
    metal: tuple[int, int, int],
    ground: tuple[int, int, int] = PAPER,
    stone: tuple[int, int, int] | None = None,
    *,
    gleams: bool = True,
    light: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> tuple[Bytes, Bytes]:
    """A cutout and its photo: a disc of metal from dark to bright, half of it a stone if any."""
    rows, columns = np.mgrid[:160, :160]
    disc = np.hypot(rows - 80, columns - 80) < 60
    shade = np.linspace(-0.1, 1.5, 160).clip(0.15) if gleams else np.ones(160)
    piece = np.clip(np.array(metal) * shade[None, :, None], 0, 255) * np.ones((160, 1, 1))
    if stone is not None:
        piece[:90] = stone
    rgb = np.where(disc[..., None], piece, np.array(ground)) * np.array(light)
    photo = np.clip(rgb, 0, 255).astype(np.uint8)
    photo[0, :4] = RUBY  # something colored, or the photo is in black and white
    photo[1:8] = np.where(np.arange(160)[None, :, None] < 120, RUBY, photo[1:8])
    return np.dstack([photo, (255 * disc).astype(np.uint8)]), photo


@pytest.mark.parametrize(
    ("seen", "color"),
    [
        (photo_of(YELLOW), MetalColor.GOLD),
        (photo_of(GRAY), MetalColor.SILVER),
        (photo_of(YELLOW, VELVET), MetalColor.GOLD),
        (photo_of(GRAY, VELVET), MetalColor.SILVER),
        (photo_of(GRAY, LAMP, light=(1.0, 0.9, 0.72)), None),  # silver in a lamp's light
        (photo_of(GRAY, light=(1.0, 0.985, 0.955)), MetalColor.SILVER),  # a cast that paper shows
        (photo_of(YELLOW, stone=RUBY), None),
        (photo_of(PEARL, gleams=False), None),
        (photo_of(AMBER), None),
        (photo_of(YOLK), None),
        (photo_of(RUBY), None),
    ],
)
def test_what_is_said_of_drawn_metal(seen: tuple[Bytes, Bytes], color: MetalColor | None) -> None:
    assert metal_color(*seen) is color


def test_a_photo_in_black_and_white_says_nothing() -> None:
    cutout, photo = photo_of(GRAY)
    gray = np.repeat(photo.mean(2, keepdims=True).astype(np.uint8), 3, 2)
    assert metal_color(cutout, photo) is MetalColor.SILVER
    assert metal_color(cutout, gray) is None


def test_a_piece_of_few_pixels_or_that_fills_the_photo_is_not_guessed_at() -> None:
    cutout, photo = photo_of(YELLOW)
    small = cutout.copy()
    small[..., 3][np.hypot(*np.mgrid[-80:80, -80:80]) > 6] = 0
    assert metal_color(small, photo) is None
    whole = cutout.copy()
    whole[..., 3] = np.maximum(whole[..., 3], 120)  # nothing of the ground is bare
    assert metal_color(whole, photo) is MetalColor.GOLD
