"""What a seller has: pieces with their photos, the generations ordered of them, the images."""

from jewelrymodel.generation.models.asset import UNKNOWN, Asset
from jewelrymodel.generation.models.lease import Leased
from jewelrymodel.generation.models.photo import Photo
from jewelrymodel.generation.models.piece import Collection, CollectionEntry, Piece
from jewelrymodel.generation.models.selection import Selection
from jewelrymodel.generation.models.task import Task, TaskItem

__all__ = [
    "UNKNOWN",
    "Asset",
    "Collection",
    "CollectionEntry",
    "Leased",
    "Photo",
    "Piece",
    "Selection",
    "Task",
    "TaskItem",
]
