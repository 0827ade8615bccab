#!/bin/sh
# Finding: OpenCV's Lab of sRGB floats has 512 steps of L; that of linear floats is exact.
#
# One would guess:  32-bit floats in and out of COLOR_RGB2LAB are worked out in 32-bit floats, so
#                   that both roads, by way of linear light or not, give the same Lab.
# Seen:             a ramp of 100,001 grays gives 513 values of L, a and b move in steps of 1/64,
#                   and colors are off by 0.15 on average and by 0.7 at worst (CIE76); grays get a
#                   chroma. Made linear first and converted with COLOR_LRGB2LAB the same colors are
#                   right to 0.04, the ramp keeps all its values, and it takes no longer.
#                   COLOR_RGB2LUV and COLOR_RGB2XYZ of sRGB floats have no such steps.
# Version:          opencv-python-headless 5.0.0.93, NumPy 2.4.6, Python 3.11.
# Whom it hurts:    whoever compares metals or enamels by small distances of color, or takes
#                   slopes of Lab along a soft gradient: they see plateaus and jumps of 0.2.
# Source:           OpenCV's page "Color conversions" gives formulas for 32-bit floats and names no
#                   table; pull request 8967 of opencv/opencv brought the interpolated one.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  opencv-python-headless==5.0.0.93 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import cv2
import numpy as np

TO_XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)


def linear(rgb):
    """IEC 61966-2-1."""
    values = rgb.astype(np.float64)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def by_formula(rgb):
    """CIE 15, white D65, in double precision."""
    share = linear(rgb) @ TO_XYZ.T / [0.950456, 1, 1.088754]
    root = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


colors = np.random.default_rng(1).random((500, 500, 3)).astype(np.float32)
ramp = np.repeat(np.linspace(0, 1, 100_001, dtype=np.float32)[None, :, None], 3, 2)
seen = []
for name, code, light in (
    ("sRGB floats", cv2.COLOR_RGB2LAB, lambda rgb: rgb),
    ("linear floats", cv2.COLOR_LRGB2LAB, lambda rgb: linear(rgb).astype(np.float32)),
):
    apart = np.linalg.norm(cv2.cvtColor(light(colors), code) - by_formula(colors), axis=-1)
    steps = len(np.unique(cv2.cvtColor(light(ramp), code)[0, :, 0]))
    print(f"{name}: off by {apart.mean():.4f} on average, {apart.max():.2f} at worst;", end=" ")
    print(f"{steps} values of L along the ramp")
    seen.append((apart.mean(), apart.max(), steps))
(mean, worst, steps), (right_mean, right_worst, right_steps) = seen
is_so = 0.1 < mean < 0.2 and 0.5 < worst < 1 and steps == 513
is_so = is_so and right_mean < 0.001 and right_worst < 0.04 and right_steps > 90_000
sys.exit(0 if is_so else 1)
PYTHON
echo "As found."
