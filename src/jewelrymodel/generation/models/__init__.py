"""What a seller has: pieces and their photos, batches, the generations ordered of them, images."""

from jewelrymodel.generation.models.asset import UNKNOWN, Asset
from jewelrymodel.generation.models.attempt import Attempt
from jewelrymodel.generation.models.batch import Batch
from jewelrymodel.generation.models.lease import Leased
from jewelrymodel.generation.models.own_model import OwnModel, OwnModelAgreement
from jewelrymodel.generation.models.photo import Photo
from jewelrymodel.generation.models.piece import Collection, CollectionEntry, Piece
from jewelrymodel.generation.models.provider_choice import ProviderChoice
from jewelrymodel.generation.models.saved_scene import SavedScene
from jewelrymodel.generation.models.selection import Selection
from jewelrymodel.generation.models.task import Task, TaskItem

__all__ = [
    "UNKNOWN",
    "Asset",
    "Attempt",
    "Batch",
    "Collection",
    "CollectionEntry",
    "Leased",
    "OwnModel",
    "OwnModelAgreement",
    "Photo",
    "Piece",
    "ProviderChoice",
    "SavedScene",
    "Selection",
    "Task",
    "TaskItem",
]
