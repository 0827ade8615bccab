"""Cases: which are merged or were closed without a word, and their further grounds."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.support.categories import Category
from jewelrymodel.support.statuses import (
    QUEUED,
    UNANSWERED,
    CaseState,
    Channel,
    ClosingVerdict,
)


class Case(models.Model):
    """One request for review, or one broken promise that we found ourselves.

    ``category`` and the subject are what was picked; facts are looked up when it is assessed. A
    machine's case is keyed by (check_name, check_subject) and exists once.
    """

    id = models.CharField(primary_key=True, max_length=32)
    number = models.PositiveBigIntegerField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, db_index=False)
    email = models.EmailField(max_length=254)
    identity_level = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel)
    category = models.CharField(max_length=32, choices=Category)
    subject_kind = models.CharField(max_length=10, choices=SubjectKind)
    subject_id = models.CharField(max_length=32, blank=True)
    verified_records = models.JSONField(default=list)
    state = models.CharField(max_length=24, choices=CaseState, default=CaseState.OPEN)
    thread_key = models.CharField(max_length=40, unique=True)
    check_name = models.CharField(max_length=40, blank=True)
    check_subject = models.CharField(max_length=80, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision_id = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    calendar = models.CharField(max_length=40)
    paused_at = models.DateTimeField(null=True)
    extension_reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_cases", db_index=False
    )

    class Meta:
        db_table = "support_case"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["check_name", "check_subject"],
                condition=~Q(check_name=""),
                name="support_case_once_per_finding",
            ),
            models.CheckConstraint(
                condition=Q(identity_level__lte=3), name="support_case_identity_level"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("opened_at")), name="support_case_due_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(identity_level__gte=1),
                name="support_case_account_is_proven",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.UNPROVEN)
                | Q(
                    identity_level=0,
                    account__isnull=True,
                    paused_at__isnull=False,
                    decision_id="",
                    check_name="",
                ),
                name="support_case_unproven_waits",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.MERGED, merged_into__isnull=False, decision_id="")
                | ~Q(state=CaseState.MERGED) & Q(merged_into__isnull=True),
                name="support_case_merged_into_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-opened_at"], name="support_case_of_account"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=QUEUED),
                name="support_case_queue",
            ),
            models.Index(fields=["opened_at"], name="support_case_opened"),
            models.Index(
                fields=["email"],
                condition=Q(identity_level=0, state__in=UNANSWERED),
                name="support_case_unproven",
            ),
            models.Index(
                fields=["-opened_at", "-number"],
                condition=Q(state=CaseState.UNPROVEN),
                name="support_case_unproven_view",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="support_case_merged",
            ),
        ]

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"REQ-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for a substantive answer."""
        return self.state in UNANSWERED


class CaseMerge(models.Model):
    """That a case was merged into another one of the same customer; ended by a split.

    ``before`` is what the merge changed, of ``case`` (its state) and of ``into`` (state, deadline,
    subject and the like), so that a split can put back what nobody has changed since.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    into = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    merged_by = models.CharField(max_length=80)
    merged_at = models.DateTimeField()
    before = models.JSONField()
    split_by = models.CharField(max_length=80, blank=True)
    split_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "support_case_merge"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(split_at__isnull=True),
                name="support_merge_once",
            ),
            models.CheckConstraint(
                condition=Q(merged_by__startswith=USER_PREFIX)
                & (Q(split_at__isnull=True, split_by="") | Q(split_by__startswith=USER_PREFIX)),
                name="support_merge_by_a_person",
            ),
            models.CheckConstraint(condition=~Q(case=F("into")), name="support_merge_of_two_cases"),
        ]


class SilentClosing(models.Model):
    """A case that was closed without a word to its sender: by whom, and why.

    It ends when the case is open again: its sender wrote or proved who they are, or it was undone.
    *batch* names what was closed in one act; a case that was closed alone is a batch of its own.
    *verdict* is what a second person said of it, if one was asked.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="silent_closings", db_index=False
    )
    batch = models.CharField(max_length=32)
    closed_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField()
    reason = models.TextField()
    reopened_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.CharField(
        max_length=8, choices=ClosingVerdict, blank=True, default="", db_default=""
    )

    class Meta:
        db_table = "support_silent_closing"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(reopened_at__isnull=True),
                name="support_silent_once_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__startswith=USER_PREFIX) & ~Q(reason="") & ~Q(batch=""),
                name="support_silent_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | Q(reopened_at__gte=F("closed_at")),
                name="support_silent_reopened_after",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_by="", reviewed_at__isnull=True)
                | Q(
                    ~Q(reviewed_by=F("closed_by")),
                    verdict__in=ClosingVerdict.values,
                    reviewed_by__startswith=USER_PREFIX,
                    reviewed_at__isnull=False,
                ),
                name="support_silent_second_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case"], name="support_silent_of_case"),
            models.Index(fields=["closed_by", "-closed_at"], name="support_silent_of_person"),
            models.Index(fields=["batch"], name="support_silent_batch"),
            models.Index(fields=["closed_at"], name="support_silent_closed"),
        ]


class CaseGround(models.Model):
    """Another ground that a request has, with what it is about; decided together with the first.

    ``decision_id`` is what was decided about it last; empty until then.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="further_grounds")
    category = models.CharField(max_length=32, choices=Category)
    subject_kind = models.CharField(max_length=10, choices=SubjectKind)
    subject_id = models.CharField(max_length=32, blank=True)
    verified_records = models.JSONField(default=list)
    decision_id = models.CharField(max_length=32, blank=True)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "support_case_ground"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "category", "subject_kind", "subject_id"],
                name="support_ground_once",
            ),
            models.CheckConstraint(
                condition=Q(added_by__startswith=USER_PREFIX),
                name="support_ground_by_a_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["decision_id"],
                condition=~Q(decision_id=""),
                name="support_ground_decided",
            ),
        ]
