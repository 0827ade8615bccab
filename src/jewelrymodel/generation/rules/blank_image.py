"""When an image is blank, so that it failed."""

import numpy as np
from numpy.typing import NDArray

BLANK_SPREAD = 4.0  # gray levels between the 1st and 99th percentile


def is_blank(image: NDArray[np.uint8]) -> bool:
    """Whether *image* (HxWx3) shows practically one tone: a failure, never a taste (5.2)."""
    low, high = np.percentile(image, (1, 99), axis=(0, 1))
    return bool((high - low).max() < BLANK_SPREAD)
