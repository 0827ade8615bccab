"""What was written in a case, what a colleague types there, and what became of each mail.

An entry is never changed (0002).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from jewelrymodel.support.models.cases import Case
from jewelrymodel.support.statuses import (
    EntryKind,
    MailOutcome,
)


class CaseEntry(models.Model):
    """One line of a case's timeline; an internal one is never shown to the customer.

    ``mail_id`` names the mail that it was read from, which is kept as it came. It stays where it
    was written; ``moved_to`` is the case that it was split off into, which shows it instead.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind)
    internal = models.BooleanField(default=False)
    author = models.CharField(max_length=80)
    text = models.TextField()
    mail_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()
    mail_due = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)
    moved_to = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="moved_entries", db_index=False
    )

    class Meta:
        db_table = "support_case_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mail_id"],
                condition=~Q(mail_id=""),
                name="support_entry_once_per_mail",
            ),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | Q(kind=EntryKind.MESSAGE_IN, internal=False),
                name="support_entry_messages_are_moved",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="support_entry_of_case"),
            models.Index(
                fields=["created_at"],
                condition=Q(mail_due=True, mailed_at__isnull=True),
                name="support_entry_to_mail",
            ),
            models.Index(
                fields=["moved_to"],
                condition=Q(moved_to__isnull=False),
                name="support_entry_moved",
            ),
        ]


class Attachment(models.Model):
    """A picture that came with a message: pixels only, decoded under limits and written anew."""

    id = models.CharField(primary_key=True, max_length=32)
    entry = models.ForeignKey(CaseEntry, on_delete=models.PROTECT, related_name="pictures")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()

    class Meta:
        db_table = "support_attachment"


class CaseVisit(models.Model):
    """A case that a colleague has open, or had: when they were there last, and what they typed and
    didn't send, by the form's name.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    drafts = models.JSONField(default=dict)

    class Meta:
        db_table = "support_case_visit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], name="support_visit_of_a_colleague"),
        ]
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="support_visit_seen")]


class InboundEmail(models.Model):
    """What became of one email to support; the message itself is kept as it came.

    *is_authenticated*: our mail server said that its sender's domain vouches for it (DMARC).
    *text* is what it says where it has no case: to be searched.
    """

    mail_id = models.CharField(primary_key=True, max_length=32)
    message_id = models.CharField(max_length=255, null=True, unique=True)
    sender = models.CharField(max_length=320)
    subject = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=MailOutcome)
    reason = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True)
    received_at = models.DateTimeField()
    is_authenticated = models.BooleanField(default=False, db_default=False)
    text = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "support_inbound_email"
