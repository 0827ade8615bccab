"""Decisions, stored whole, and the remedies that they owe; triggers (0002) keep both."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.policy.decision import Outcome, RemedyKind
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.remedies.statuses import LIVE, RemedyState

_OUTCOMES = [(one.value, one.value) for one in Outcome]
_KINDS = [(one.value, one.value) for one in RemedyKind]
_MONEY = (RemedyKind.PARTIAL_REFUND.value, RemedyKind.FULL_REFUND.value)
_CREDITS = (RemedyKind.RESTORED_CREDITS.value, RemedyKind.REPLACEMENT_CREDITS.value)


class DecisionRecord(models.Model):
    """One decision: what was decided, by whom, from which facts, under which edition. Immutable.

    *body* is the whole decision as the calculus gave it; ``denied`` and ``reason`` are a person's.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    category = models.CharField(max_length=32)
    subject_kind = models.CharField(max_length=10, choices=SubjectKind)
    subject_id = models.CharField(max_length=32)
    charge_id = models.CharField(max_length=32, blank=True)
    revokes_credits = models.BooleanField()
    outcome = models.CharField(max_length=10, choices=_OUTCOMES)
    denied = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "remedies_decision"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(denied=False) | Q(decided_by__startswith=USER_PREFIX),
                name="remedies_decision_only_a_person_denies",
            ),
            models.CheckConstraint(
                condition=Q(denied=False) | ~Q(reason=""),
                name="remedies_decision_denial_has_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-decided_at"], name="remedies_decision_account"),
            models.Index(fields=["-decided_at"], name="remedies_decision_newest"),
        ]


class RemedyRow(models.Model):
    """One remedy of a decision, and how far it is; once only for one thing and category."""

    id = models.CharField(primary_key=True, max_length=32)
    decision = models.ForeignKey(DecisionRecord, on_delete=models.PROTECT, related_name="remedies")
    once_key = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, choices=_KINDS)
    credits = models.PositiveIntegerField(default=0)
    amount_minor = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=16, choices=RemedyState)
    refund_id = models.CharField(max_length=32, blank=True)
    second_approver = models.CharField(max_length=80, blank=True)
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "remedies_remedy"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["once_key"],
                condition=Q(state__in=LIVE),
                name="remedies_remedy_once",
            ),
            models.CheckConstraint(
                condition=Q(state=RemedyState.DONE, done_at__isnull=False)
                | ~Q(state=RemedyState.DONE) & Q(done_at__isnull=True),
                name="remedies_remedy_done_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_MONEY, amount_minor__gt=0, credits=0) & ~Q(currency="")
                | Q(kind__in=_CREDITS, credits__gt=0, amount_minor=0)
                | ~Q(kind__in=(*_MONEY, *_CREDITS)) & Q(credits=0, amount_minor=0),
                name="remedies_remedy_gives",
            ),
            models.CheckConstraint(
                condition=~Q(failure__startswith="sent back: "),
                name="remedies_remedy_rejection_is_a_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=RemedyState.REJECTED) | ~Q(second_approver=""),
                name="remedies_remedy_rejection_names_who",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RemedyState.values), name="remedies_remedy_known_state"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="remedies_remedy_state")]
