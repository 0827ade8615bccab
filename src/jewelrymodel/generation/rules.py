"""Pure decisions about outputs and outcomes."""

import re

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation.statuses import ItemState, TaskStatus
from jewelrymodel.studio import export
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.piece_kinds import Kind

FORMATS: dict[str, export.Format] = {"jpeg": "jpeg", "png": "png", "webp": "webp"}
SIZES: dict[str, tuple[int, int] | None] = {
    "full": None,
    **{re.sub(r"[^a-z0-9]+", "-", name): size for name, size in export.SIZES.items()},
}
"""What can be downloaded: width and height in pixels by a word for addresses."""

PLAIN_BACKGROUNDS = {  # what a hosted generator is asked for: colors at the top and at the bottom
    "plain-ivory": ("#f6f1e7", "#d8cdbb"),
    "plain-slate": ("#5b6470", "#343a43"),
    "plain-sage": ("#dfe5da", "#b4c0ad"),
}
PLAIN_LOOKS = {
    look_id: Look(look_id, look_id.replace("-", " ").capitalize(), frozenset(Kind), "scene")
    for look_id in PLAIN_BACKGROUNDS
}
BLANK_SPREAD = 4.0  # gray levels between the 1st and 99th percentile


def is_blank(image: NDArray[np.uint8]) -> bool:
    """Whether *image* (HxWx3) shows practically one tone: a failure, never a taste (5.2)."""
    low, high = np.percentile(image, (1, 99), axis=(0, 1))
    return bool((high - low).max() < BLANK_SPREAD)


def outcome(states: list[str], *, canceled: bool) -> TaskStatus:
    """Return the final status of a task from its images' states (edges 2 and 12).

    One durable image makes a success, partial if need be; without any, the customer's own cancel
    is no failure.
    """
    if ItemState.DELIVERED in states:
        return TaskStatus.SUCCEEDED
    return TaskStatus.CANCELED if canceled else TaskStatus.FAILED
