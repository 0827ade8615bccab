"""Python's search for reference cycles: not while a process loads, nor later among what it loaded.

Half a million objects come with the modules and stay. Searched again and again while they come,
they take a tenth of what a process needs to start; searched later, each whole search takes as long.
"""

import gc


def pause() -> None:
    """Search for none until ``resume``."""
    gc.disable()


def resume() -> None:
    """Search again, among what comes from now on."""
    gc.freeze()
    gc.enable()
