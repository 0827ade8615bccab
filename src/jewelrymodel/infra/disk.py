"""How much room there is where files and the embedded database lie; said before it is used up."""

import shutil
from pathlib import Path

from django.conf import settings


def free_bytes() -> int:
    """Return the room on the fullest disk that we write to.

    By the nearest folder that is there: of a place that isn't made yet, its parent's.
    """
    places = {settings.DATA_DIR, settings.MEDIA_ROOT}
    if settings.EMBEDDED_DATABASE:
        places.add(settings.DATABASE_HOME)
    return min(shutil.disk_usage(_existing(place)).free for place in places)


def is_low() -> bool:
    """Return whether a person has to make room: twice the reserve is left, or less."""
    return free_bytes() < 2 * _reserve_bytes()


def takes_uploads() -> bool:
    """Return whether there is room for what customers send, beside the reserve.

    The reserve is for what was begun: images that were paid for, mails, books.
    """
    return free_bytes() >= _reserve_bytes()


def _reserve_bytes() -> int:
    return int(settings.DISK_RESERVE_MB) * 1_000_000


def _existing(place: Path) -> Path:
    return next(one for one in (place, *place.parents) if one.exists())
