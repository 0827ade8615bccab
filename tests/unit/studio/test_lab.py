"""Colors as CIE Lab, beside its own formula."""

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, lab

TO_XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
WHITE = np.array([0.950456, 1, 1.088754])  # D65


def by_formula(rgb: Floats) -> Floats:
    """CIE 15 from sRGB floats (IEC 61966-2-1), in double precision."""
    values = rgb.astype(np.float64)
    light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    of_white = light @ TO_XYZ.T / WHITE
    root = np.where(of_white > 0.008856, np.cbrt(of_white), 7.787 * of_white + 16 / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return floats(np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1))


def all_kinds() -> Bytes:
    """Every color of a grid, and every gray."""
    steps = np.arange(0, 256, 15, np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 3)
    grays = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, 1)
    return np.concatenate([grid, grays])[None]


def test_bytes_and_floats_are_the_formulas() -> None:
    colors = all_kinds()
    wanted = by_formula(floats(colors) / 255)
    for given in (colors, floats(colors) / 255):
        apart = np.linalg.norm(lab(given) - wanted, axis=-1)
        assert apart.max() < 0.04


def test_a_ramp_has_no_steps() -> None:
    ramp = np.repeat(np.linspace(0.2, 0.8, 5000, dtype=np.float32)[None, :, None], 3, 2)
    assert (np.diff(lab(ramp)[0, :, 0]) > 0).mean() > 0.99


def test_what_is_beyond_the_range_counts_as_its_end() -> None:
    beyond = floats([[[1.2, 1.1, 1.5], [-0.1, -0.2, 0.0]]])
    assert np.allclose(lab(beyond), lab(np.clip(beyond, 0, 1)))
