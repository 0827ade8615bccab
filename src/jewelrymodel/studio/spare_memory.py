"""Memory that was freed goes back to the machine."""

import ctypes
import functools
from collections.abc import Callable


@functools.cache
def _trim() -> Callable[[int], int] | None:
    """The C library's own call for it; only GNU's has one."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None


def give_back_spare_memory() -> None:
    """Hand what was freed back to the machine, where the C library can.

    It keeps freed memory for later by itself: after a network was loaded and after every pass that
    is hundreds of megabytes, on top of which the next peak comes.
    """
    trim = _trim()
    if trim is not None:
        trim(0)
