"""How far the file with somebody's data is, as the database keeps it."""

from django.db.models import TextChoices


class ExportState(TextChoices):
    """A file is prepared, is ready until it expires, or was never finished."""

    PREPARING = "preparing"
    READY = "ready"
    EXPIRED = "expired"
    FAILED = "failed"
