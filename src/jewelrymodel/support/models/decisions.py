"""What people say of images, what they confirmed and may undo, and what each check found."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.generation.models import Asset
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.support.categories import DamageKind
from jewelrymodel.support.models.cases import Case
from jewelrymodel.support.statuses import (
    UNDO_TIME,
    ConfirmationState,
    ConfirmedAct,
    DamageVerdict,
)


class DamageReport(models.Model):
    """An image that a request calls visibly damaged: the customer's claim, then what a person saw.

    The mark is a place in the image, in thousandths of its width and height. *consented_at*: since
    when the seller lets us test our check with it; None without a consent, or after its end.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="damage_reports")
    image = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DamageKind)
    mark_x = models.PositiveSmallIntegerField(null=True)
    mark_y = models.PositiveSmallIntegerField(null=True)
    verdict = models.CharField(max_length=12, choices=DamageVerdict, default=DamageVerdict.OPEN)
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    consented_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "support_damage_report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "image"], name="support_damage_once"),
            models.CheckConstraint(
                condition=Q(mark_x__isnull=True, mark_y__isnull=True)
                | Q(mark_x__isnull=False, mark_y__isnull=False)
                & Q(mark_x__lte=1000, mark_y__lte=1000),
                name="support_damage_mark_is_in_the_image",
            ),
            models.CheckConstraint(
                condition=Q(verdict=DamageVerdict.OPEN, reviewed_by="", reviewed_at__isnull=True)
                | Q(
                    verdict__in=(DamageVerdict.CONFIRMED, DamageVerdict.NOT_FOUND),
                    reviewed_by__startswith=USER_PREFIX,
                    reviewed_at__isnull=False,
                ),
                name="support_damage_only_a_person_says",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DamageKind.values), name="support_damage_known_kind"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["consented_at"],
                condition=Q(consented_at__isnull=False),
                name="support_damage_consented",
            ),
        ]


class ConfirmedDecision(models.Model):
    """What an agent confirmed and may undo until ``due_at``; a worker then carries it out, once.

    ``details`` is what was confirmed: of a decision its ``signature`` and the remedies ``chosen``
    (null: as recommended), of a review of damage the images ``damaged``. A row that ended never
    changes again (0016). ``failure`` is the code of a refusal, with its parameters.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="confirmed_decisions", db_index=False
    )
    act = models.CharField(max_length=16, choices=ConfirmedAct)
    details = models.JSONField()
    reason = models.TextField(blank=True)
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=ConfirmationState, default=ConfirmationState.PENDING
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    decision_id = models.CharField(max_length=32, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    failure_params = models.JSONField(default=dict)

    class Meta:
        db_table = "support_confirmed_decision"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=ConfirmationState.PENDING),
                name="support_confirmed_one_pending",
            ),
            models.UniqueConstraint(
                fields=["decision_id"],
                condition=~Q(decision_id=""),
                name="support_confirmed_once_per_decision",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("confirmed_at") + UNDO_TIME),
                name="support_confirmed_can_be_undone",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__startswith=USER_PREFIX, act__in=ConfirmedAct.values),
                name="support_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ConfirmationState.PENDING,
                    ended_at__isnull=True,
                    decision_id="",
                    failure="",
                )
                | Q(
                    state=ConfirmationState.UNDONE,
                    ended_at__isnull=False,
                    ended_by__startswith=USER_PREFIX,
                    decision_id="",
                    failure="",
                )
                | Q(
                    Q(act=ConfirmedAct.REVIEW_DAMAGE) | ~Q(decision_id=""),
                    state=ConfirmationState.CARRIED_OUT,
                    ended_at__gte=F("due_at"),
                    failure="",
                )
                | Q(state=ConfirmationState.REFUSED, ended_at__isnull=False, decision_id="")
                & ~Q(failure=""),
                name="support_confirmed_one_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "-id"], name="support_confirmed_of_case"),
            models.Index(
                fields=["due_at"],
                condition=Q(state=ConfirmationState.PENDING),
                name="support_confirmed_pending",
            ),
        ]


class ReconcilerRun(models.Model):
    """The last run of one check: what it found broken, what it mended, what waits for a person."""

    check_name = models.CharField(primary_key=True, max_length=40)
    ran_at = models.DateTimeField()
    looked_at = models.PositiveIntegerField()
    found_ever = models.PositiveIntegerField(default=0)
    mended_ever = models.PositiveIntegerField(default=0)
    open_now = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "support_reconciler_run"
