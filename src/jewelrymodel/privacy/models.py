from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.privacy.statuses import ExportState


class DataExport(models.Model):
    """A file with everything of an account, asked for by one of its owners.

    *key* is where the file is stored while it is ready. *missing_files* says how many files the
    records name that weren't there; *sha256* and *size_bytes* are the file's.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.PREPARING)
    key = models.CharField(max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    missing_files = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "privacy_data_export"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state=ExportState.PREPARING),
                name="privacy_export_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="privacy_export_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY)
                | Q(ready_at__isnull=False, expires_at__isnull=False, size_bytes__isnull=False)
                & ~Q(key=""),
                name="privacy_export_ready_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="privacy_export_newest"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state=ExportState.READY),
                name="privacy_export_ready",
            ),
        ]


class AccountClosing(models.Model):
    """That an account was closed by one of its owners: undone until *due_at*, or carried out.

    *credits* are the unused ones that were named when it was closed; *canceled* the subscriptions
    that it canceled.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    credits = models.PositiveIntegerField()
    canceled = models.JSONField(default=list)
    closed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "privacy_account_closing"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(undone_at=None), name="privacy_closing_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(erased_at__isnull=True),
                name="privacy_closing_undone_or_erased",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=models.F("closed_at")), name="privacy_closing_due_later"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(undone_at=None, erased_at=None),
                name="privacy_closing_due",
            ),
        ]
