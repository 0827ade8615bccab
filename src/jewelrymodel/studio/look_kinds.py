"""What kinds of looks there are, for whoever needs no more of them than that."""

from enum import StrEnum


class LookKind(StrEnum):
    """Who or what a piece is shown with, in the order in which looks are offered: alone first."""

    PACKSHOT = "packshot"
    MODEL = "model"
    SCENE = "scene"
