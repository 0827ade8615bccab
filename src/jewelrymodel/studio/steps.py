"""The steps of the studio's work, for whoever shows how far it is."""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """What is being done now. The values are stored with photos and generations."""

    READING_PHOTO = "reading_photo"
    FINDING_PIECE = "finding_piece"
    CUTTING_OUT = "cutting_out"
    APPLYING_CORRECTIONS = "applying_corrections"
    CLEANING_EDGE = "cleaning_edge"
    CHOOSING_VIEW = "choosing_view"
    SETTING_SCENE = "setting_scene"
    PLACING_PIECE = "placing_piece"
    LAYING_CHAIN = "laying_chain"
    LIGHTING_PIECE = "lighting_piece"
    CHECKING = "checking"


OnStep = Callable[[Step], None]


def silent(_step: Step) -> None:
    """An `on_step` for callers that show no progress."""
