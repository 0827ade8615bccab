"""The audit record. Actor and account are plain ids with a label: no foreign keys, so it outlives
what it speaks of. Triggers (migration 0002) refuse every change to a row, and TRUNCATE."""

from typing import ClassVar

from django.db import models

from jewelrymodel.kernel.ids import MAX_LENGTH


class AuditEntry(models.Model):
    """Who did what to what and why. Immutable."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account_id = models.CharField(max_length=MAX_LENGTH, blank=True)
    actor = models.CharField(max_length=80)
    actor_label = models.CharField(max_length=320, blank=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    reason = models.TextField(blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "audit_entry"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(actor="") & ~models.Q(action="") & ~models.Q(subject=""),
                name="audit_entry_says_who_what",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-happened_at"], name="audit_entry_of_account"),
            models.Index(fields=["subject", "-happened_at"], name="audit_entry_of_subject"),
        ]
