"""The formats and sizes in which an image can be downloaded."""

from jewelrymodel.studio import export
from jewelrymodel.studio.composition import ASPECTS

FORMATS: dict[str, export.Format] = {"jpeg": "jpeg", "png": "png", "webp": "webp"}

SIZES: dict[str, int | None] = {"full": None, "2000": 2000, "1600": 1600, "1080": 1080}
"""What can be downloaded: the shorter edge in pixels by a word for addresses."""


def fitted_size(aspect: str, shorter_px: int) -> tuple[int, int]:
    """Return width and height of a whole image of this format whose shorter edge is as asked:
    nothing is cut off, and nothing is added beside it.
    """
    wide, high = ASPECTS[aspect]
    shorter = min(wide, high)
    return round(shorter_px * wide / shorter), round(shorter_px * high / shorter)
