"""What is attested beside the movements of credits, as the database keeps it."""

from django.db.models import TextChoices


class RecordKind(TextChoices):
    """A decision of ours, or money that we meant to give back."""

    DECISION = "decision"
    REFUND = "refund"
