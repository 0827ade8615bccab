from typing import ClassVar

from django.db import models


class ClockOffset(models.Model):
    """The demo's time travel: one row, seconds ahead of the machine's clock."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    offset_s = models.BigIntegerField(default=0)

    class Meta:
        db_table = "infra_clock_offset"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="infra_clock_offset_one_row"),
            models.CheckConstraint(
                condition=models.Q(offset_s__gte=0), name="infra_clock_offset_forward"
            ),
        ]


class InboxMessage(models.Model):
    """A verified message from outside, stored once; its task re-fetches the object it is about.

    Each has its own attempts and its own next one, so that none waits behind another. One that
    failed too often is parked: only a person brings it back.
    """

    id = models.CharField(primary_key=True, max_length=32)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=255)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(default="", blank=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "infra_inbox_message"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="infra_inbox_once"),
            models.CheckConstraint(
                condition=models.Q(processed_at__isnull=True) | models.Q(parked_at__isnull=True),
                name="infra_inbox_processed_or_parked",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["source", "next_attempt_at"],
                name="infra_inbox_due",
                condition=models.Q(processed_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(
                fields=["source", "parked_at"],
                name="infra_inbox_parked",
                condition=models.Q(parked_at__isnull=False),
            ),
        ]


class MailMessage(models.Model):
    """A mail that reached us, as it came over the wire; in the demo, also those that we send.

    ``envelope_from`` is empty for the null return path, that of reports and of programs.
    ``source`` is where it was read (a mailbox, its number there), ``fingerprint`` the hash of what
    was handed over: fetched or handed over again, it is the same mail. Of one that is too large
    only the headers are kept; ``left_out_bytes`` is its whole size then, else 0.
    """

    id = models.CharField(primary_key=True, max_length=32)
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.JSONField()
    subject = models.TextField(blank=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=500, null=True)
    fingerprint = models.CharField(max_length=64, null=True)
    left_out_bytes = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "infra_mail_message"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(envelope_from__startswith="<"),
                name="infra_mail_envelope_is_bare",
            ),
            models.UniqueConstraint(fields=["source"], name="infra_mail_once_per_source"),
            models.UniqueConstraint(fields=["fingerprint"], name="infra_mail_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["-received_at"], name="infra_mail_newest")]


class MailboxState(models.Model):
    """How reading one mailbox goes: when it was last read whole, and since when it can't be."""

    name = models.CharField(primary_key=True, max_length=400)
    read_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "infra_mailbox_state"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(failing_since__isnull=True, problem="")
                | models.Q(failing_since__isnull=False) & ~models.Q(problem=""),
                name="infra_mailbox_problem_has_a_name",
            ),
        ]


class OutgoingMailState(models.Model):
    """How the mail server *name* takes what we send: when it last took one, and since when not.

    ``problem`` are its words; empty as soon as it takes another.
    """

    name = models.CharField(primary_key=True, max_length=300)
    accepted_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        db_table = "infra_outgoing_mail_state"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(failed_at__isnull=True, problem="")
                | models.Q(failed_at__isnull=False) & ~models.Q(problem=""),
                name="infra_outgoing_problem_has_words",
            ),
        ]


class HousekeepingRun(models.Model):
    """The last time that a task removed what is kept no longer, and how much that was."""

    task = models.CharField(primary_key=True, max_length=80)
    ended_at = models.DateTimeField()
    removed = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()

    class Meta:
        db_table = "infra_housekeeping_run"


class RateWindow(models.Model):
    """How often one actor did one thing in one window of time; rows are short-lived."""

    key = models.CharField(primary_key=True, max_length=200)
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "infra_rate_window"
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="infra_rate_expired")]


class PendingEmail(models.Model):
    """An email of ours that the mail server hasn't taken yet; deleted once it has."""

    id = models.CharField(primary_key=True, max_length=32)
    recipient = models.EmailField(max_length=254)
    subject = models.TextField()
    text = models.TextField()
    language = models.CharField(max_length=2)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "infra_pending_email"
        indexes: ClassVar = [models.Index(fields=["created_at"], name="infra_pending_email_oldest")]
