"""How long a cutout takes here, from the last ones that were made."""

from math import ceil
from statistics import median

from jewelrymodel.generation.models import Photo

LOOKED_AT = 30  # photos, the newest ones; a correction asks no network and isn't among the measured
FEWEST = 3


def usual_cutting_s() -> int | None:
    """Return the median of the last cutouts in whole seconds; None where too few were measured."""
    newest = Photo.objects.order_by("-pk").values_list("cutting_s", flat=True)[:LOOKED_AT]
    measured = [one for one in newest if one is not None]
    return ceil(median(measured)) if len(measured) >= FEWEST else None
