from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from jewelrymodel.accounts.models import Account


class SavedScene(models.Model):
    """A scene that a seller described and keeps under a name, for a brand or a season.

    *scene* is as ``DescribedScene.stored`` has it.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="saved_scenes")
    name = models.CharField(max_length=60)
    scene = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "generation_saved_scene"
        constraints: ClassVar = [
            models.UniqueConstraint(
                "account", Lower("name"), name="generation_saved_scene_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="generation_saved_scene_is_named"),
        ]
