from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

M = TypeVar("M", bound=models.Model)


class Live(models.Manager[M]):
    """What its seller still has: neither it nor anything that it belongs to is deleted.

    *owners* are the ways to these, as lookups: ``piece`` for a photo.
    """

    def __init__(self, *owners: str) -> None:
        super().__init__()
        self.owners = owners

    def get_queryset(self) -> QuerySet[M]:
        """Return the rows that aren't deleted."""
        paths = ["deleted_at", *(f"{owner}__deleted_at" for owner in self.owners)]
        return super().get_queryset().filter(**{f"{path}__isnull": True for path in paths})
