"""Cases, their timelines, and what became of each mail. An entry is never changed (0002)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Asset
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.support.categories import Category, DamageKind
from jewelrymodel.support.statuses import (
    QUEUED,
    UNANSWERED,
    UNDO_TIME,
    CaseState,
    Channel,
    ConfirmationState,
    ConfirmedAct,
    DamageVerdict,
    EntryKind,
    MailOutcome,
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
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-opened_at"], name="support_case_of_account"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=QUEUED),
                name="support_case_queue",
            ),
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
        ]

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"REQ-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for a substantive answer."""
        return self.state in UNANSWERED


class CaseEntry(models.Model):
    """One line of a case's timeline; an internal one is never shown to the customer.

    ``mail_id`` names the mail that it was read from, which is kept as it came.
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

    class Meta:
        db_table = "support_case_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mail_id"],
                condition=~Q(mail_id=""),
                name="support_entry_once_per_mail",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="support_entry_of_case"),
            models.Index(
                fields=["created_at"],
                condition=Q(mail_due=True, mailed_at__isnull=True),
                name="support_entry_to_mail",
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


class SilentClosing(models.Model):
    """A case that was closed without a word to its sender: by whom, and why.

    It ends when the case is open again: its sender wrote or proved who they are, or it was undone.
    *batch* names what was closed in one act; a case that was closed alone is a batch of its own.
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
        ]
        indexes: ClassVar = [
            models.Index(fields=["case"], name="support_silent_of_case"),
            models.Index(fields=["closed_by", "-closed_at"], name="support_silent_of_person"),
            models.Index(fields=["batch"], name="support_silent_batch"),
        ]


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

    class Meta:
        db_table = "support_inbound_email"


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
