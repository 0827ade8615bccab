"""Attestations, each account's history in them, and what it holds; triggers (0002) keep all."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from jewelrymodel.accounts.models import Account
from jewelrymodel.attestation.record_kinds import RecordKind
from jewelrymodel.kernel.ids import MAX_LENGTH


class Attestation(models.Model):
    """One signed document: all credits of all accounts, after movement *movement_id*. Immutable.

    Numbers follow one another; each document names the digest of the one before.
    """

    number = models.PositiveIntegerField(primary_key=True)
    movement_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)

    class Meta:
        db_table = "attestation_attestation"


class AccountHistory(models.Model):
    """How an account's chain of records stood in an attestation; only where it grew. Immutable."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    attestation = models.ForeignKey(Attestation, models.PROTECT, related_name="+", db_index=False)
    count = models.PositiveIntegerField()
    head = models.BinaryField(max_length=32)
    available = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    suspended = models.PositiveIntegerField()

    class Meta:
        db_table = "attestation_account_history"
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["account", "attestation"], name="attestation_account_history_once"
            ),
            CheckConstraint(condition=Q(count__gt=0), name="attestation_account_history_count"),
        ]


class AttestedRecord(models.Model):
    """A decision or refund, and the attestation that it came into. Immutable.

    Movements are numbered, so that an attestation's last says which are in it; these aren't.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    attestation = models.ForeignKey(Attestation, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=RecordKind)
    record_id = models.CharField(max_length=MAX_LENGTH)

    class Meta:
        db_table = "attestation_record"
        constraints: ClassVar = [
            UniqueConstraint(fields=["kind", "record_id"], name="attestation_record_once"),
            CheckConstraint(
                condition=Q(kind__in=RecordKind.values), name="attestation_record_kind"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "attestation"], name="attestation_record_account")
        ]
