"""The audit record. Actor and account are plain ids with a label: no foreign keys, so it outlives
what it speaks of. Triggers (migration 0002) refuse every change to a row, and TRUNCATE."""

from typing import ClassVar

from django.db import models

from jewelrymodel.audit.statuses import SecurityEventKind
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


class SecurityEvent(models.Model):
    """Sign-ins, failed ones and refusals: those of one hour, person and network in one row.

    It goes after SECURITY_EVENTS_KEPT_DAYS. Of an address that nobody has, nothing is kept: only
    that somebody of that network tried. Of a network the /24 or /48, never the address.
    """

    kind = models.CharField(max_length=20, choices=SecurityEventKind)
    user_id = models.BigIntegerField(default=0)  # 0: nobody whom we know
    network = models.CharField(max_length=50)
    about = models.CharField(max_length=80, blank=True)
    hour_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "audit_security_event"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hour_at", "kind", "user_id", "network", "about"],
                name="audit_security_event_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=SecurityEventKind.values),
                name="audit_security_event_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user_id", "-id"], name="audit_security_of_person"),
            models.Index(fields=["kind", "-id"], name="audit_security_of_kind"),
        ]
