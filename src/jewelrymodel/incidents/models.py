"""Outages as staff record them. What was once opened is corrected or withdrawn, never deleted."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.kernel.ids import MAX_LENGTH


class ProposalState(models.TextChoices):
    """What a person made of a proposal; only a person opens an incident."""

    OPEN = "open", "waiting for a decision"
    DISMISSED = "dismissed", "dismissed"
    TAKEN = "taken", "opened as an incident"


class Incident(models.Model):
    """A feature that was down, or is: from when to when, and what customers are told.

    One opened by mistake is withdrawn: it counts for nothing, and its row stays as it was
    (migration 0002 refuses to change it then, and to delete any).
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    feature = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "incidents_incident"
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="incidents_incident_runs",
            ),
            CheckConstraint(
                condition=~Q(feature="") & ~Q(title=""), name="incidents_incident_named"
            ),
            UniqueConstraint(
                fields=["feature"],
                condition=Q(ended_at__isnull=True, withdrawn_at__isnull=True),
                name="incidents_incident_one_open_per_feature",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-started_at"], name="incidents_incident_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        """Whether the feature is down now, as far as we know."""
        return self.ended_at is None and self.withdrawn_at is None


class IncidentProposal(models.Model):
    """That something fails far more often than usual, with the numbers of that moment: a person
    opens an incident or dismisses it with a reason. Customers see nothing of it.

    *provider* is who makes images. One is open for a feature and provider at a time; its numbers
    are those of the newest look at which it was still unusual.
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    feature = models.CharField(max_length=40)
    provider = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    attempts = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    usual_attempts = models.PositiveIntegerField()
    usual_failures = models.PositiveIntegerField()
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ProposalState, default=ProposalState.OPEN)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, null=True, related_name="proposal"
    )

    class Meta:
        db_table = "incidents_proposal"
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["feature", "provider"],
                condition=Q(state=ProposalState.OPEN),
                name="incidents_proposal_one_open",
            ),
            CheckConstraint(
                condition=Q(state=ProposalState.OPEN, decided_by="", decided_at__isnull=True)
                | Q(
                    state__in=(ProposalState.DISMISSED, ProposalState.TAKEN),
                    decided_by__startswith=USER_PREFIX,
                    decided_at__isnull=False,
                )
                & ~Q(reason=""),
                name="incidents_proposal_decided_by_a_person",
            ),
            CheckConstraint(
                condition=Q(state=ProposalState.TAKEN, incident__isnull=False)
                | ~Q(state=ProposalState.TAKEN) & Q(incident__isnull=True),
                name="incidents_proposal_taken_names_its_incident",
            ),
            CheckConstraint(
                condition=Q(failures__lte=F("attempts"), ends_at__gt=F("starts_at")),
                name="incidents_proposal_counts",
            ),
        ]
