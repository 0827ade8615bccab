"""Reads of the scenes that a seller keeps under a name."""

from django.db.models import QuerySet
from django.db.models.functions import Lower

from jewelrymodel.generation.models import SavedScene


def saved_scenes(*, account_id: str) -> QuerySet[SavedScene]:
    """Return the account's kept scenes, by name."""
    return SavedScene.objects.filter(account_id=account_id).order_by(Lower("name"))
