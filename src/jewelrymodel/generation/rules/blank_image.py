"""When an image is blank, so that it failed."""

import numpy as np
from numpy.typing import NDArray

BLANK_SPREAD = 4.0  # gray levels between the percentiles below
PERCENTILES = (0.1, 99.9)  # a thin chain on white covers less than a hundredth of the picture


def is_blank(image: NDArray[np.uint8]) -> bool:
    """Whether *image* (HxWxN) shows practically one tone: a failure, never a taste (5.2)."""
    low, high = np.percentile(image, PERCENTILES, axis=(0, 1))
    return bool((high - low).max() < BLANK_SPREAD)
