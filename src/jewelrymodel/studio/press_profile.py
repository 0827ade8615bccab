"""CMYK without a profile, as a press would have printed it.

Ink isn't the complement of light: taken as such, a printed emerald glows like neon. Where a file
doesn't say which press it was made for, the press profile that the libvips library brings along is
nearer.
"""

import numpy as np
from PIL import Image


def as_printed(image: Image.Image) -> Image.Image:
    """A CMYK picture as sRGB, paper as white."""
    import pyvips  # costs memory and a moment, and few photos need it

    inks = pyvips.Image.new_from_memory(image.tobytes(), *image.size, 4, "uchar")
    seen = inks.copy(interpretation="cmyk").icc_transform(
        "srgb", input_profile="cmyk", intent="relative", black_point_compensation=True
    )
    height, width = image.height, image.width
    return Image.fromarray(
        np.frombuffer(seen.write_to_memory(), np.uint8).reshape(height, width, 3)
    )
