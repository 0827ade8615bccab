"""The formats and sizes in which an image can be downloaded."""

import re

from jewelrymodel.studio import export

FORMATS: dict[str, export.Format] = {"jpeg": "jpeg", "png": "png", "webp": "webp"}

SIZES: dict[str, tuple[int, int] | None] = {
    "full": None,
    **{re.sub(r"[^a-z0-9]+", "-", name): size for name, size in export.SIZES.items()},
}
"""What can be downloaded: width and height in pixels by a word for addresses."""
